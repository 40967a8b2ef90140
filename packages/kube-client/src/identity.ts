import { createHash } from 'node:crypto'
import { InvalidRequestError } from './errors.ts'

/** As whom a request goes out: as the cluster's stored credential, as the caller's own token, or impersonating a user by the stored credential. */
export type Identity =
  | { kind: 'stored' }
  | { kind: 'token'; token: string }
  | {
      kind: 'impersonate'
      username: string
      groups: readonly string[]
      uid?: string
      extra?: Readonly<Record<string, readonly string[]>>
    }

export const STORED: Identity = { kind: 'stored' }

/** Request headers; a header with several values is sent as several lines. */
export type HeaderMap = Record<string, string | string[]>

/**
 * Headers that carry an identity. `storedToken` is the cluster's own bearer token, if it has one.
 * Throws `InvalidRequestError` on values that would break out of their header, or that would silently mean someone
 * else: an empty user name impersonates nobody, and the request would run with the stored credential's rights.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function identityHeaders(identity: Identity, storedToken?: string): HeaderMap {
  if (identity.kind === 'token') return { authorization: `Bearer ${token(identity.token, 'token')}` }
  const stored: HeaderMap =
    storedToken === undefined ? {} : { authorization: `Bearer ${token(storedToken, 'storedToken')}` }
  if (identity.kind === 'stored') return stored
  const headers: HeaderMap = { ...stored, 'impersonate-user': value(identity.username, 'username') }
  if (identity.groups.length > 0) headers['impersonate-group'] = identity.groups.map((group) => value(group, 'groups'))
  if (identity.uid !== undefined) headers['impersonate-uid'] = value(identity.uid, 'uid')
  for (const [key, values] of Object.entries(identity.extra ?? {})) {
    if (values.length > 0) headers[`impersonate-extra-${extraKey(key)}`] = values.map((entry) => value(entry, 'extra'))
  }
  return headers
}

/** A key that tells identities apart in a cache; tokens are hashed, so that the key can be logged. */
export function identityKey(identity: Identity): string {
  if (identity.kind === 'stored') return 'stored'
  if (identity.kind === 'token') return `token:${createHash('sha256').update(identity.token).digest('base64url')}`
  const extra = Object.entries(identity.extra ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return `user:${JSON.stringify([identity.username, [...identity.groups].sort(), identity.uid ?? null, extra])}`
}

function value(text: string, field: string): string {
  if (text === '') throw new InvalidRequestError(field, `the identity's ${field} is empty`)
  if (/[\0-\x1f\x7f]/.test(text))
    throw new InvalidRequestError(field, `the identity's ${field} holds a control character`)
  // A leading or trailing blank is cut by HTTP, and the name would become another's.
  if (text !== text.trim()) throw new InvalidRequestError(field, `the identity's ${field} begins or ends with a blank`)
  // Headers are written as Latin-1 by Node and read as bytes by Go: hand over the UTF-8 bytes.
  return Buffer.from(text, 'utf8').toString('latin1')
}

function token(text: string, field: string): string {
  if (!/^[A-Za-z0-9._~+/=:-]+$/.test(text))
    throw new InvalidRequestError(field, 'the bearer token is empty or holds characters that no token has')
  return text
}

/** Keys of extras are percent-encoded where a header name could not hold them. */
function extraKey(key: string): string {
  if (key === '') throw new InvalidRequestError('extra', "the identity's extra holds an empty key")
  return [...Buffer.from(key.toLowerCase(), 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return /[a-z0-9!#$&'*+.^_`|~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
