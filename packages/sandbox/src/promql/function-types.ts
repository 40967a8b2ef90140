import type { Expression, ValueType } from './expression.ts'
import { typeOf } from './expression.ts'
import { parseError } from './promql-error.ts'

interface Signature {
  readonly args: readonly ValueType[]
  /** How many of them may be left out at the end; -1: the last may be repeated. */
  readonly optional?: number
  readonly returns: ValueType
}

const V: Signature = { args: ['vector'], returns: 'vector' }
const M: Signature = { args: ['matrix'], returns: 'vector' }
const TIME: Signature = { args: ['vector'], optional: 1, returns: 'vector' }

/** The functions that are supported. Source: https://prometheus.io/docs/prometheus/latest/querying/functions/ */
const SIGNATURES: Readonly<Record<string, Signature>> = {
  ...Object.fromEntries(
    [
      'abs',
      'absent',
      'ceil',
      'exp',
      'floor',
      'ln',
      'log10',
      'log2',
      'sgn',
      'sort',
      'sort_desc',
      'sqrt',
      'timestamp',
    ].map((name) => [name, V]),
  ),
  ...Object.fromEntries(
    [
      'absent_over_time',
      'avg_over_time',
      'changes',
      'count_over_time',
      'delta',
      'deriv',
      'idelta',
      'increase',
      'irate',
      'last_over_time',
      'max_over_time',
      'min_over_time',
      'present_over_time',
      'rate',
      'resets',
      'stddev_over_time',
      'stdvar_over_time',
      'sum_over_time',
    ].map((name) => [name, M]),
  ),
  ...Object.fromEntries(
    ['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year'].map((name) => [
      name,
      TIME,
    ]),
  ),
  clamp: { args: ['vector', 'scalar', 'scalar'], returns: 'vector' },
  clamp_max: { args: ['vector', 'scalar'], returns: 'vector' },
  clamp_min: { args: ['vector', 'scalar'], returns: 'vector' },
  histogram_quantile: { args: ['scalar', 'vector'], returns: 'vector' },
  label_join: { args: ['vector', 'string', 'string', 'string'], optional: -1, returns: 'vector' },
  label_replace: { args: ['vector', 'string', 'string', 'string', 'string'], returns: 'vector' },
  pi: { args: [], returns: 'scalar' },
  quantile_over_time: { args: ['scalar', 'matrix'], returns: 'vector' },
  round: { args: ['vector', 'scalar'], optional: 1, returns: 'vector' },
  scalar: { args: ['vector'], returns: 'scalar' },
  time: { args: [], returns: 'scalar' },
  vector: { args: ['scalar'], returns: 'vector' },
}

export function isFunction(name: string): boolean {
  return Object.hasOwn(SIGNATURES, name)
}

export function returnTypeOf(name: string): ValueType {
  return SIGNATURES[name]?.returns ?? 'vector'
}

const NAMES: Readonly<Record<ValueType, string>> = {
  matrix: 'range vector',
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
}

/** @throws PromqlError for arguments that a function does not take. */
export function checkCall(name: string, args: readonly Expression[]): void {
  const signature = SIGNATURES[name]
  if (signature === undefined) return
  const most = signature.optional === -1 ? Infinity : signature.args.length
  const least = signature.args.length - (signature.optional === undefined ? 0 : 1)
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${most}` : args.length < least ? `at least ${least}` : `at most ${most}`
    throw parseError(`expected ${wanted} argument(s) in call to "${name}", got ${args.length}`)
  }
  for (const [index, arg] of args.entries()) {
    const wanted = signature.args[index] ?? signature.args.at(-1)
    const found = typeOf(arg, returnTypeOf)
    if (wanted !== undefined && found !== wanted) {
      throw parseError(`expected type ${NAMES[wanted]} in call to function "${name}", got ${NAMES[found]}`)
    }
  }
}
