import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphEdge, GraphNode } from '../model.ts'
import { evaluateExpression, usesLatency } from './evaluate-expression.ts'
import { NUMBER_OPERANDS, STATES, TEXT_OPERANDS, type GraphItem, type StateWord, type TextOperand } from './operands.ts'
import { parseExpression, type Expression } from './parse-expression.ts'
import { ExpressionError } from './tokens.ts'

const NO_TRAFFIC = { requestRate: 0, bytesRate: 0 }
const cart: GraphNode = {
  id: 'workload:alpha/shop/cart-v1',
  type: 'workload',
  cluster: 'alpha',
  namespace: 'shop',
  name: 'cart-v1',
  app: 'cart',
  health: 'critical',
  injected: false,
  idle: false,
  inbound: { requestRate: 20, errorRate: 0.1, latencyMs: 250, bytesRate: 0 },
  outbound: NO_TRAFFIC,
}
const web: GraphNode = { ...cart, id: 'web', name: 'web', app: 'web', health: 'healthy', injected: true }
const call: GraphEdge = {
  id: 'web->cart',
  source: 'web',
  target: cart.id,
  protocol: 'http',
  host: 'cart.shop.svc.cluster.local',
  health: 'critical',
  requestRate: 20,
  errorRate: 0.1,
  latencyMs: 250,
  sentRate: 0,
  receivedRate: 0,
  mtlsShare: 0.5,
  codes: { '200': 17, '404': 1, '503': 2 },
  flags: { UH: 2 },
  reporter: 'source',
}
const node: GraphItem = { kind: 'node', node: cart, badges: ['fault'], changes: ['slower'] }
const edge: GraphItem = { kind: 'edge', edge: call, source: web, target: cart }

function ask(text: string, item: GraphItem): boolean | undefined {
  const expression = parseExpression(text)
  if (expression === undefined) throw new Error('nothing was asked')
  return evaluateExpression(expression, item)
}

function errorOf(text: string): Pick<ExpressionError, 'code' | 'position' | 'subject'> {
  try {
    parseExpression(text)
  } catch (error) {
    if (error instanceof ExpressionError) return { code: error.code, position: error.position, subject: error.subject }
    throw error
  }
  throw new Error(`${text} can be read`)
}

describe('expressions', () => {
  it.each([
    ['rps > 10 and error > 1%', true],
    ['rps > 10 and error > 20%', false],
    ['RPS >= 20', true],
    ['rps = 20 and rps != 21', true],
    ['name = cart*', true],
    ['name = CART-V1', true],
    ['name = cart', false],
    ['name ~ art', true],
    ['name !~ art', false],
    ['name = *r*-v*', true],
    ['ns = shop and cluster = alpha', true],
    ['latency > 200ms', true],
    ['latency > 0.2s', true],
    ['latency > 0.3s', false],
    ['not sidecar', true],
    ['unhealthy', true],
    ['health = critical', true],
    ['idle or fault', true],
    ['mirror', false],
    ['change = slower', true],
    ['changed', true],
    ['type = gateway', false],
    ['in.rps > 1', true],
    ['out.rps > 1', false],
    ['cart', true],
    ['shop/cart', true],
    ['"cart"', true],
    ['nothing', false],
    // `and` binds tighter than `or`, and parentheses tighter than both.
    ['name = cart* or name = web and rps > 1000', true],
    ['(name = cart* or name = web) and rps > 1000', false],
    ['not (name = web or idle)', true],
    ['!idle && rps > 1 || idle', true],
  ])('of a node: %s', (text, answer) => {
    expect(ask(text, node)).toBe(answer)
  })

  it.each([
    ['not mtls', true],
    ['mtls >= 50%', true],
    ['mtls < 50%', false],
    ['5xx > 5%', true],
    ['4xx > 10%', false],
    ['code = 50*', true],
    ['flag = uh', true],
    ['flag = UF', false],
    ['http and source = web and target = cart*', true],
    ['protocol = tcp', false],
    ['host ~ svc.cluster', true],
    ['cart.shop.svc', true],
    // Either end.
    ['name = web', true],
    ['name = cart-v1', true],
    ['name != web', false],
    ['bytes > 1k', false],
  ])('of an edge: %s', (text, answer) => {
    expect(ask(text, edge)).toBe(answer)
  })

  it('says neither yes nor no of what cannot be told', () => {
    for (const text of ['tcp', 'not tcp', 'mtls', 'not mtls', 'host = x', 'not (host = x and tcp)']) {
      expect(ask(text, node), text).toBeUndefined()
    }
    const { mtlsShare: _unknown, ...rest } = call
    const untold: GraphItem = { kind: 'edge', edge: rest, source: web, target: cart }
    expect(ask('mtls', untold)).toBeUndefined()
    expect(ask('not mtls', untold)).toBeUndefined()
    // One side decides, whatever the other is.
    expect(ask('mtls or http', untold)).toBe(true)
    expect(ask('mtls and tcp', untold)).toBe(false)
  })

  it('has nothing to ask in an empty text', () => {
    expect(parseExpression('  ')).toBeUndefined()
  })

  it('knows when it needs latency', () => {
    const needs = (text: string) => usesLatency(parseExpression(text) ?? { kind: 'search', value: '' })
    expect(needs('not (idle or latency > 1s)')).toBe(true)
    expect(needs('latency')).toBe(false)
  })

  it.each([
    ['rps >', 'incomplete', 5, ''],
    ['rps > 10 and', 'incomplete', 12, ''],
    ['rps > ten', 'not-a-number', 6, 'ten'],
    ['rps > 10ms', 'wrong-unit', 8, 'ms'],
    ['error > 5', 'share-needs-percent', 9, '5'],
    ['nmae = cart', 'unknown-word', 0, 'nmae'],
    ['name > cart', 'no-text-operator', 5, '>'],
    ['rps ~ 10', 'no-text-operator', 4, '~'],
    ['(idle', 'unclosed-parenthesis', 0, '('],
    ['idle)', 'unexpected', 4, ')'],
    ['name = "cart', 'unclosed-quote', 7, '"cart'],
    ['cart web', 'unexpected', 5, 'web'],
    ['or idle', 'unexpected', 0, 'or'],
    ['= 5', 'unexpected', 0, '='],
    ['name = (x)', 'unexpected', 7, '('],
    ['a & b', 'unexpected', 2, '&'],
    ['__proto__ = x', 'unknown-word', 0, '__proto__'],
  ])('says where it does not understand: %s', (text, code, position, subject) => {
    expect(errorOf(text)).toEqual({ code, position, subject })
  })

  it('does not drown in what is too long or too deep', () => {
    expect(errorOf('x'.repeat(501)).code).toBe('too-long')
    expect(errorOf('('.repeat(100)).code).toBe('too-deep')
    expect(errorOf(`${'not '.repeat(100)}idle`).code).toBe('too-deep')
  })
})

const keys = <T extends string>(object: Record<T, unknown>): fc.Arbitrary<T> =>
  fc.constantFrom(...(Object.keys(object) as T[]))
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  keys<StateWord>(STATES).map((word): Expression => ({ kind: 'state', word })),
  fc.record({
    kind: fc.constant('text' as const),
    operand: keys<TextOperand>(TEXT_OPERANDS),
    operator: fc.constantFrom('=', '!=', '~', '!~'),
    value: fc.string().filter((text) => !text.includes('"')),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    operand: fc.constantFrom('rps', 'latency', 'bytes'),
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: fc.nat(),
  }),
)
const { expression: anyExpression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ kind: fc.constant('not' as const), part: tie('expression') }),
    fc.record({
      kind: fc.constantFrom('and', 'or'),
      parts: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}))

/** An expression as somebody careful would type it. */
function print(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.parts.map((part) => `(${print(part)})`).join(` ${expression.kind} `)
    case 'not':
      return `not (${print(expression.part)})`
    case 'state':
      return expression.word
    case 'search':
      return `"${expression.value}"`
    case 'number':
      return `${expression.operand} ${expression.operator} ${expression.value}`
    case 'text':
      return `${expression.operand} ${expression.operator} "${expression.value}"`
  }
}

describe('expressions, always', () => {
  it('are read as they were meant', () => {
    fc.assert(
      fc.property(
        anyExpression.filter((expression) => print(expression).length <= 500),
        (expression) => {
          expect(parseExpression(print(expression))).toEqual(expression)
        },
      ),
    )
  })

  it('are read, or refused at a place within them', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '"',
      '=',
      '!',
      '<',
      '&&',
      '|',
      'and',
      'or',
      'not',
      'rps',
      'name',
      'idle',
      '1%',
      '*',
      ' ',
      '\u{1f600}',
    )
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const expression = parseExpression(text)
          if (expression) expect([true, false, undefined]).toContain(evaluateExpression(expression, edge))
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error
          expect(error.position >= 0 && error.position <= text.length).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('know every number that they may ask for', () => {
    expect(Object.keys(NUMBER_OPERANDS).filter((word) => word in TEXT_OPERANDS)).toEqual([])
  })
})
