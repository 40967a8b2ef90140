/** A range of addresses: its first, how many bits are fixed, of 32 or 128. */
export interface Range {
  first: bigint
  fixed: number
  bits: 32 | 128
}

/** Reads `10.0.0.0/8` and `fd00::/64`; undefined for what is neither. An address alone is a range of one. */
export function parseRange(text: string): Range | undefined {
  const [address = '', length] = text.split('/')
  const bits = address.includes(':') ? 128 : 32
  const value = bits === 32 ? ipv4(address) : ipv6(address)
  const fixed = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (value === undefined || !(fixed >= 0 && fixed <= bits)) return undefined
  const free = BigInt(bits - fixed)
  return { first: (value >> free) << free, fixed, bits }
}

/** Whether two ranges share an address. */
export function overlaps(a: Range, b: Range): boolean {
  if (a.bits !== b.bits) return false
  const free = BigInt(a.bits - Math.min(a.fixed, b.fixed))
  return a.first >> free === b.first >> free
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], tail = []] = groups
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}
