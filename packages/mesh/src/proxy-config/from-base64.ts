const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Text of one byte for each character, such as PEM, out of base64; what is no base64 ends it. Here no platform has to offer it. */
export function fromBase64(base64: string): string {
  let text = ''
  let bits = 0
  let count = 0
  for (const character of base64) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) break
    bits = ((bits << 6) | value) & 0xff_ff
    count += 6
    if (count >= 8) {
      count -= 8
      text += String.fromCharCode((bits >> count) & 0xff)
    }
  }
  return text
}
