import { NUMBER_OPERANDS, searchedTexts, STATES, TEXT_OPERANDS, type GraphItem } from './operands.ts'
import type { Expression } from './parse-expression.ts'
import type { Operator } from './tokens.ts'

/**
 * Whether an item is what an expression asks for. Undefined when that cannot be told: a node has no protocol, and of an
 * edge that no server reported nobody knows mutual TLS. What is undefined is neither found nor, under `not`, the rest.
 */
export function evaluateExpression(expression: Expression, item: GraphItem): boolean | undefined {
  switch (expression.kind) {
    case 'and':
      return all(expression.parts, item)
    case 'or':
      return not(
        all(
          expression.parts.map((part) => ({ kind: 'not', part }) as const),
          item,
        ),
      )
    case 'not':
      return not(evaluateExpression(expression.part, item))
    case 'state': {
      const read: (item: GraphItem) => boolean | undefined = STATES[expression.word]
      return read(item)
    }
    case 'number': {
      const read: (item: GraphItem) => number | undefined = NUMBER_OPERANDS[expression.operand].read
      const value = read(item)
      return value === undefined ? undefined : compare(value, expression.operator, expression.value)
    }
    case 'text': {
      const read: (item: GraphItem) => readonly string[] | undefined = TEXT_OPERANDS[expression.operand]
      const values = read(item)
      return values === undefined ? undefined : matches(values, expression.operator, expression.value)
    }
    case 'search': {
      const wanted = expression.value.toLowerCase()
      return searchedTexts(item).some((text) => text.toLowerCase().includes(wanted))
    }
  }
}

/** Whether an expression asks for a number that is only there when it was asked for. */
export function usesLatency(expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.parts.some(usesLatency)
    case 'not':
      return usesLatency(expression.part)
    default:
      return expression.kind === 'number' && expression.operand === 'latency'
  }
}

const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)

/** Kleene's rule: one that is false decides, else one that is undefined. */
function all(parts: readonly Expression[], item: GraphItem): boolean | undefined {
  let known = true
  for (const part of parts) {
    const value = evaluateExpression(part, item)
    if (value === false) return false
    if (value === undefined) known = false
  }
  return known ? true : undefined
}

function compare(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case '<':
      return value < bound
    case '<=':
      return value <= bound
    case '>':
      return value > bound
    case '>=':
      return value >= bound
    default:
      return (value === bound) === (operator === '=')
  }
}

/** Whatever the case; `*` stands for anything in `=` and `!=`. */
function matches(values: readonly string[], operator: Operator, wanted: string): boolean {
  const negated = operator.startsWith('!')
  const test = operator.endsWith('~')
    ? (text: string) => text.includes(wanted.toLowerCase())
    : glob(wanted.toLowerCase())
  return values.some((value) => test(value.toLowerCase())) !== negated
}

/** In one pass from left to right: a pattern of many stars must not take long. */
function glob(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return (text) => text === pattern
  return (text) => {
    if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
    let at = first.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= text.length - last.length
  }
}
