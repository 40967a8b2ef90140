import { createHash } from 'node:crypto'

/** 64 bits of the SHA-256 of a value's JSON, in hex: tells whether something is what it was. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
