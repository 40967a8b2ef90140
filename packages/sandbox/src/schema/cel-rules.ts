import { Environment } from '@marcbachmann/cel-js'
import { isRecord } from '../json.ts'
import type { Cause } from './invalid-error.ts'
import type { Schema, ValidationRule } from './schema.ts'

type Compiled = (variables: Record<string, unknown>) => unknown

const RULES = 'x-kubernetes-validations'
const MAX_AST_NODES = 10_000

/** `has(list[0].field)`, which the library does not read; of maps, as objects are here, `in` asks the same. */
const INDEXED_HAS = /\bhas\(([^()]*\[[^()]*\](?:\.\w+)*)\.(\w+)\)/g

/** CEL with what Kubernetes adds to it, as far as the definitions that we serve make use of it. */
const ENVIRONMENT = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: MAX_AST_NODES },
})
  .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
  .registerFunction('list.sum(): int', (numbers: readonly bigint[]) => numbers.reduce((sum, each) => sum + each, 0n))

const compiled = new Map<string, Compiled | undefined>()

/**
 * The CEL rules of one place of a schema that its value breaks. A rule of another dialect than ours is left to the real
 * server: see {@link canEvaluate}.
 *
 * @param old the value before; rules about transitions are asked only when there is one.
 */
export function checkRules(schema: Schema, value: unknown, old: unknown, path: string): Cause[] {
  const rules = schema[RULES]
  if (rules === undefined) return []
  const causes: Cause[] = []
  const variables: Record<string, unknown> = { self: celValue(value) }
  if (old !== undefined) variables['oldSelf'] = celValue(old)
  for (const rule of rules) {
    if (old === undefined && /\boldSelf\b/.test(rule.rule)) continue
    const program = compile(rule.rule)
    if (program === undefined || holds(program, variables)) continue
    causes.push(causeOf(rule, variables, value, path))
  }
  return causes
}

/** Whether a rule is in the part of CEL that is understood here. */
export function canEvaluate(rule: string): boolean {
  return compile(rule) !== undefined
}

function compile(rule: string): Compiled | undefined {
  if (!compiled.has(rule)) {
    let program: Compiled | undefined
    try {
      program = ENVIRONMENT.parse(rule.replaceAll(INDEXED_HAS, "('$2' in $1)"))
    } catch {
      program = undefined
    }
    compiled.set(rule, program)
  }
  return compiled.get(rule)
}

/** An error while evaluating (a field that is not there) breaks a rule, as in the real server. */
function holds(program: Compiled, variables: Record<string, unknown>): boolean {
  try {
    return program(variables) === true
  } catch {
    return false
  }
}

function causeOf(rule: ValidationRule, variables: Record<string, unknown>, value: unknown, path: string): Cause {
  const field = `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '')
  const detail = messageOf(rule, variables)
  const reason = rule.reason ?? 'FieldValueInvalid'
  if (reason === 'FieldValueRequired') return { field, reason, message: `Required value: ${detail}` }
  if (reason === 'FieldValueForbidden') return { field, reason, message: `Forbidden: ${detail}` }
  // Objects and lists are too long to be shown.
  const shown = typeof value === 'object' ? '' : `${JSON.stringify(value)}: `
  return { field: field === '' ? '<nil>' : field, reason, message: `Invalid value: ${shown}${detail}` }
}

function messageOf(rule: ValidationRule, variables: Record<string, unknown>): string {
  if (rule.messageExpression !== undefined) {
    try {
      const text = compile(rule.messageExpression)?.(variables)
      if (typeof text === 'string' && text !== '') return text
    } catch {
      // The plain message says it too.
    }
  }
  return rule.message ?? `failed rule: ${rule.rule}`
}

/** CEL's integers are BigInts; a number with a fraction is a double. */
function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(celValue)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, celValue(field)]))
}
