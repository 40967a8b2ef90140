import type { Column } from './columns.ts'
import type { Expression } from './expression.ts'
import { PromqlError } from './promql-error.ts'
import type { SeriesSource } from './series-source.ts'

/** Where and for how long a query is evaluated. */
export interface Evaluation {
  readonly source: SeriesSource
  /** Evaluated instants, in milliseconds, in order. */
  readonly times: readonly number[]
  /** The first and the last instant of the whole query, for `@ start()` and `@ end()`. */
  readonly startMs: number
  readonly endMs: number
  /** When the answer is no longer wanted, by `performance.now()`. */
  readonly deadline: number
  /** Evaluates a part of the expression: {@link evaluate}, handed on so that functions need not import it. */
  readonly evaluate: (expression: Expression, evaluation: Evaluation) => Value
  /** Samples that may still be loaded. */
  readonly budget: { samples: number }
}

export type Value =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'vector'; readonly columns: readonly Column[] }
  | { readonly type: 'string'; readonly value: string }

export function vectorOf(value: Value): readonly Column[] {
  return value.type === 'vector' ? value.columns : []
}

/** @throws PromqlError once nobody waits for the answer any longer. */
export function checkDeadline({ deadline }: Evaluation): void {
  if (performance.now() > deadline) throw new PromqlError('timeout', 'query timed out in expression evaluation')
}
