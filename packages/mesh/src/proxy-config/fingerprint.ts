const PRIME = 0x01_00_01_93
const START = 0x81_1c_9d_c5

/**
 * A short text that is another one for another value; the order of fields does not matter. For telling lines apart, not
 * for security. Source: FNV-1a, twice with 32 bits each, http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function fingerprint(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => sorted(each)) ?? ''
  let first = START
  let second = START ^ text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    first = Math.imul(first ^ code, PRIME)
    second = Math.imul(second ^ (code + index), PRIME)
  }
  return [first, second].map((half) => (half >>> 0).toString(36)).join('')
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
