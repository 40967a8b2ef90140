import {
  ALIASES,
  NUMBER_OPERANDS,
  STATES,
  TEXT_OPERANDS,
  type NumberOperand,
  type StateWord,
  type TextOperand,
} from './operands.ts'
import { parseQuantity } from './quantities.ts'
import { ExpressionError, tokensOf, type Operator, type Token } from './tokens.ts'

export type Expression =
  | { kind: 'and' | 'or'; parts: readonly Expression[] }
  | { kind: 'not'; part: Expression }
  | { kind: 'state'; word: StateWord }
  | { kind: 'text'; operand: TextOperand; operator: Operator; value: string }
  | { kind: 'number'; operand: NumberOperand; operator: Operator; value: number }
  /** A plain word, which names and hosts are searched for. */
  | { kind: 'search'; value: string }

const MAX_LENGTH = 500
const MAX_DEPTH = 40

/**
 * Reads an expression: `rps > 10 and error > 1%`, `name = cart*`, `not mtls`, `(ns = shop or ns = web) and unhealthy`.
 * `not` binds tighter than `and`, that tighter than `or`. Undefined when there is nothing to read. Throws
 * ExpressionError, which names the place.
 */
export function parseExpression(text: string): Expression | undefined {
  if (text.length > MAX_LENGTH) throw new ExpressionError('too-long', MAX_LENGTH, String(MAX_LENGTH))
  const tokens = tokensOf(text)
  if (tokens.length === 1) return undefined
  const parser = new Parser(tokens)
  const expression = parser.either(0)
  parser.expectEnd()
  return expression
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expectEnd(): void {
    const { kind, at, text } = this.#peek()
    if (kind !== 'end') throw new ExpressionError('unexpected', at, text)
  }

  either(depth: number): Expression {
    return this.#joined('or', () => this.#joined('and', () => this.#single(depth)))
  }

  #joined(kind: 'and' | 'or', parse: () => Expression): Expression {
    const first = parse()
    const parts = [first]
    while (this.#peek().kind === kind) {
      this.#take()
      parts.push(parse())
    }
    return parts.length === 1 ? first : { kind, parts }
  }

  #single(depth: number): Expression {
    const token = this.#take()
    if (depth > MAX_DEPTH) throw new ExpressionError('too-deep', token.at, token.text)
    switch (token.kind) {
      case 'not':
        return { kind: 'not', part: this.#single(depth + 1) }
      case 'open':
        return this.#inParentheses(token, depth)
      case 'text':
        return { kind: 'search', value: token.text }
      case 'word':
        return this.#peek().kind === 'operator' ? this.#comparison(token) : plain(token)
      case 'end':
        throw new ExpressionError('incomplete', token.at)
      default:
        throw new ExpressionError('unexpected', token.at, token.text)
    }
  }

  #inParentheses(open: Token, depth: number): Expression {
    const inner = this.either(depth + 1)
    const close = this.#take()
    if (close.kind === 'end') throw new ExpressionError('unclosed-parenthesis', open.at, open.text)
    if (close.kind !== 'close') throw new ExpressionError('unexpected', close.at, close.text)
    return inner
  }

  #comparison(word: Token): Expression {
    const sign = this.#take()
    const operator = sign.text as Operator
    const value = this.#take()
    if (value.kind === 'end') throw new ExpressionError('incomplete', value.at)
    // `and`, `or` and `not` are words like others where a value is expected.
    if (!['word', 'text', 'and', 'or', 'not'].includes(value.kind)) {
      throw new ExpressionError('unexpected', value.at, value.text)
    }
    const name = word.text.toLowerCase()
    const operand = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name
    if (isKey(NUMBER_OPERANDS, operand)) {
      if (operator === '~' || operator === '!~') throw new ExpressionError('no-text-operator', sign.at, operator)
      return { kind: 'number', operand, operator, value: parseQuantity(value, NUMBER_OPERANDS[operand].quantity) }
    }
    if (!isKey(TEXT_OPERANDS, operand)) throw new ExpressionError('unknown-word', word.at, word.text)
    if (operator.startsWith('<') || operator.startsWith('>')) {
      throw new ExpressionError('no-text-operator', sign.at, operator)
    }
    return { kind: 'text', operand, operator, value: value.text }
  }

  #peek(): Token {
    // The last token is `end`, which nothing goes beyond.
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as Token
  }

  #take(): Token {
    const token = this.#peek()
    this.#next += 1
    return token
  }
}

function plain({ text }: Token): Expression {
  const word = text.toLowerCase()
  return isKey(STATES, word) ? { kind: 'state', word } : { kind: 'search', value: text }
}

const isKey = <T extends object>(object: T, key: string): key is keyof T & string => Object.hasOwn(object, key)
