/** A part of an expression with its place: `at` and `end` count UTF-16 units from the beginning. */
export interface Token {
  kind: 'word' | 'text' | 'operator' | 'open' | 'close' | 'and' | 'or' | 'not' | 'end'
  text: string
  at: number
  end: number
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~'

/** Why an expression cannot be read, and where. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly code: ExpressionErrorCode
  /** UTF-16 units from the beginning. */
  readonly position: number
  /** What stands there, or what was looked for. */
  readonly subject: string

  constructor(code: ExpressionErrorCode, position: number, subject = '') {
    super(`${code} at ${position}: ${subject}`)
    this.code = code
    this.position = position
    this.subject = subject
  }
}

export const EXPRESSION_ERRORS = [
  'unexpected',
  'incomplete',
  'unknown-word',
  'no-text-operator',
  'not-a-number',
  'wrong-unit',
  'share-needs-percent',
  'unclosed-quote',
  'unclosed-parenthesis',
  'too-long',
  'too-deep',
] as const
export type ExpressionErrorCode = (typeof EXPRESSION_ERRORS)[number]

const OPERATORS: readonly Operator[] = ['!=', '!~', '<=', '>=', '=', '<', '>', '~']
const WORD = /[^\s()=!<>~"&|]+/y
const JOINTS: Readonly<Record<string, 'and' | 'or' | 'not'>> = { and: 'and', or: 'or', not: 'not' }
const SIGNS: readonly (readonly [sign: string, kind: Token['kind']])[] = [
  ['&&', 'and'],
  ['||', 'or'],
  ['(', 'open'],
  [')', 'close'],
  ['!', 'not'],
]

/** Cuts an expression into its parts, the last of which is `end`. Throws ExpressionError. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1
      continue
    }
    const token = tokenAt(text, at)
    tokens.push(token)
    at = token.end
  }
  return [...tokens, { kind: 'end', text: '', at, end: at }]
}

function tokenAt(text: string, at: number): Token {
  if (text.charAt(at) === '"') return quoted(text, at)
  const operator = OPERATORS.find((each) => text.startsWith(each, at))
  if (operator !== undefined) return { kind: 'operator', text: operator, at, end: at + operator.length }
  const [sign, kind] = SIGNS.find(([each]) => text.startsWith(each, at)) ?? []
  if (sign !== undefined && kind !== undefined) return { kind, text: sign, at, end: at + sign.length }
  WORD.lastIndex = at
  const word = WORD.exec(text)?.[0]
  if (word === undefined) throw new ExpressionError('unexpected', at, text.charAt(at))
  const joint = Object.hasOwn(JOINTS, word.toLowerCase()) ? JOINTS[word.toLowerCase()] : undefined
  return { kind: joint ?? 'word', text: word, at, end: at + word.length }
}

function quoted(text: string, at: number): Token {
  const close = text.indexOf('"', at + 1)
  if (close < 0) throw new ExpressionError('unclosed-quote', at, text.slice(at))
  return { kind: 'text', text: text.slice(at + 1, close), at, end: close + 1 }
}
