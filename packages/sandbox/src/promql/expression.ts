import type { Matcher } from './series-source.ts'

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

/** The time that a selector looks at, where it is not the time of evaluation. */
export interface TimeShift {
  readonly offsetMs: number
  /** A fixed instant in milliseconds, or an end of the evaluated range. */
  readonly at?: number | 'start' | 'end'
}

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | VectorSelector
  | { readonly type: 'matrix'; readonly selector: VectorSelector; readonly rangeMs: number }
  | Subquery
  | { readonly type: 'unary'; readonly negative: boolean; readonly operand: Expression }
  | Binary
  | Aggregation
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }

export interface VectorSelector {
  readonly type: 'selector'
  readonly matchers: readonly Matcher[]
  readonly shift: TimeShift
}

export interface Subquery {
  readonly type: 'subquery'
  readonly operand: Expression
  readonly rangeMs: number
  /** Prometheus' default evaluation interval when none is written. */
  readonly stepMs: number
  readonly shift: TimeShift
}

export interface Binary {
  readonly type: 'binary'
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
  readonly returnsBool: boolean
  readonly matching: Matching
}

export interface Matching {
  readonly on: boolean
  readonly labels: readonly string[]
  readonly group?: 'left' | 'right'
  readonly include: readonly string[]
}

export interface Aggregation {
  readonly type: 'aggregation'
  readonly operator: string
  readonly operand: Expression
  readonly parameter?: Expression
  readonly without: boolean
  readonly labels: readonly string[]
}

export const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<='])
export const SET_OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless'])

/** What an expression gives. A call's is in the table of functions. */
export function typeOf(expression: Expression, typeOfCall: (name: string) => ValueType): ValueType {
  switch (expression.type) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'matrix':
    case 'subquery':
      return 'matrix'
    case 'unary':
      return typeOf(expression.operand, typeOfCall)
    case 'binary': {
      const both = [typeOf(expression.left, typeOfCall), typeOf(expression.right, typeOfCall)]
      return both.every((type) => type === 'scalar') ? 'scalar' : 'vector'
    }
    case 'call':
      return typeOfCall(expression.name)
    default:
      return 'vector'
  }
}
