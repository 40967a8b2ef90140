const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Base64 (RFC 4648) of ASCII, as Secrets hold it: PEM and JSON of addresses and names. Here, because browsers and Node
 * share no function for it that this package could name.
 */
export function toBase64(ascii: string): string {
  let text = ''
  for (let at = 0; at < ascii.length; at += 3) {
    const bytes = [0, 1, 2].map((offset) => ascii.charCodeAt(at + offset) & 0x7f)
    const missing = Math.max(0, at + 3 - ascii.length)
    const bits = bytes.reduce((sum, byte, index) => sum | ((index < 3 - missing ? byte : 0) << (16 - 8 * index)), 0)
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((bits >> shift) & 63))
    text += digits.slice(0, 4 - missing).join('') + '='.repeat(missing)
  }
  return text
}
