import { parseError } from './promql-error.ts'

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}
const DURATION = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/

/** Milliseconds of a duration such as `1h30m`. @throws PromqlError */
export function parseDuration(text: string): number {
  if (text === '' || !DURATION.test(text)) throw parseError(`not a valid duration string: "${text}"`)
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0)
  return total
}

/** A number as Prometheus writes it, `Inf`, `NaN` and hexadecimal among them. @throws PromqlError */
export function parseNumber(text: string): number {
  const lower = text.toLowerCase()
  if (lower === 'inf' || lower === '+inf') return Infinity
  if (lower === '-inf') return -Infinity
  if (lower === 'nan') return Number.NaN
  if (/^\d/.test(text) && DURATION.test(text) && /[a-z]$/.test(text) && !lower.startsWith('0x')) {
    throw parseError(`unexpected duration "${text}" where a number is wanted`)
  }
  const value = Number(text)
  if (Number.isNaN(value)) throw parseError(`error parsing number: ${text}`)
  return value
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** The text of a literal in double, single or back quotes. @throws PromqlError for an escape that is none. */
export function parseString(literal: string): string {
  const body = literal.slice(1, -1)
  if (literal.startsWith('`')) return body
  return body.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S]|$)/g,
    (whole: string, escape: string) => {
      const plain = ESCAPES[escape]
      if (plain !== undefined) return plain
      const code = /^[xuU]/.test(escape) ? Number.parseInt(escape.slice(1), 16) : Number.parseInt(escape, 8)
      if (escape.length < 3 || Number.isNaN(code) || code > 0x10_ff_ff)
        throw parseError(`unknown escape sequence in "${whole}"`)
      return String.fromCodePoint(code)
    },
  )
}

/** A value as Prometheus prints it: Go's `strconv.FormatFloat(v, 'f', -1, 64)`. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  const exponent = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!exponent) return text
  const [, sign = '', first = '', rest = '', power = '0'] = exponent
  const digits = first + rest
  const point = Number(power) + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return point >= digits.length
    ? sign + digits.padEnd(point, '0')
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}
