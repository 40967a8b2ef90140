import { fields, text } from '../analysis/read.ts'
import { matchesRegex } from './linear-regex.ts'

/** True, false, or undefined when it cannot be told. */
export type Tri = boolean | undefined

export const and = (parts: readonly Tri[]): Tri =>
  parts.includes(false) ? false : parts.includes(undefined) ? undefined : true
export const or = (parts: readonly Tri[]): Tri =>
  parts.includes(true) ? true : parts.includes(undefined) ? undefined : false
export const not = (part: Tri): Tri => (part === undefined ? undefined : !part)

/**
 * `exact`, `prefix` or `regex` (of the whole value); none of them, or the regex `*`, asks only that there is a value.
 * Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export function matchesString(match: unknown, value: string | undefined, ignoreCase = false): Tri {
  const { exact, prefix, regex } = fields(match)
  if (value === undefined) return false
  const fold = (each: string): string => (ignoreCase ? each.toLowerCase() : each)
  if (typeof exact === 'string') return fold(value) === fold(exact)
  if (typeof prefix === 'string') return fold(value).startsWith(fold(prefix))
  if (typeof regex === 'string' && regex !== '*') return matchesRegex(regex, value)
  return true
}

/** A string match in words: `prefix /api`. */
export function printMatch(match: unknown): string {
  const [kind, value] = Object.entries(fields(match))[0] ?? []
  return kind === undefined ? '*' : `${kind} ${text(value)}`
}

/** `*`, `abc*`, `*abc` or `abc`, as security policies write values. Source: https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule */
export function matchesPattern(pattern: string, value: string, ignoreCase = false): boolean {
  const [wanted, got] = ignoreCase ? [pattern.toLowerCase(), value.toLowerCase()] : [pattern, value]
  if (wanted === '*') return got !== ''
  if (wanted.startsWith('*')) return got.endsWith(wanted.slice(1))
  if (wanted.endsWith('*')) return got.startsWith(wanted.slice(0, -1))
  return wanted === got
}

/** Whether an address lies in one of some blocks (`10.0.0.0/8` or one address); undefined for what is not IPv4. */
export function inBlocks(ip: string | undefined, blocks: readonly string[]): Tri {
  if (ip === undefined) return undefined
  return or(
    blocks.map((block) => {
      const [base = '', length = '32'] = block.split('/')
      const [left, right] = [addressOf(ip), addressOf(base)]
      if (left === undefined || right === undefined) return ip === block ? true : undefined
      const size = 2 ** (32 - Number(length))
      return Math.floor(left / size) === Math.floor(right / size)
    }),
  )
}

function addressOf(ip: string): number | undefined {
  const parts = ip.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}
