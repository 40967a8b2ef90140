import { createHash, randomBytes } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'

/** How long a browser stays signed in, at most; a token that ends earlier ends the session earlier. */
export const SESSION_SECONDS = 8 * 3600
/** What browsers keep of one cookie, less its name and attributes. */
const MAX_COOKIE_BYTES = 3900

/** Hides a bearer token in a cookie that only this key's holder can read or make. */
export interface TokenSealer {
  /** `undefined` when the token is too long for a cookie. */
  seal(token: string): Promise<string | undefined>
  /** `undefined` for what was not made by `seal` with this key, or has run out. */
  open(cookie: string): Promise<string | undefined>
}

/** A key is any secret text, the same in all replicas; without one it lasts as long as the process. */
export function createTokenSealer(key?: string): TokenSealer {
  const secret = key === undefined ? randomBytes(32) : createHash('sha256').update(key).digest()
  return {
    async seal(token) {
      const sealed = await new EncryptJWT({ token })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setIssuedAt()
        .setExpirationTime(`${SESSION_SECONDS}s`)
        .encrypt(secret)
      return sealed.length > MAX_COOKIE_BYTES ? undefined : sealed
    },
    async open(cookie) {
      try {
        const { payload } = await jwtDecrypt(cookie, secret, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        return typeof payload['token'] === 'string' ? payload['token'] : undefined
      } catch {
        return undefined
      }
    },
  }
}
