import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { PeerCertificate } from 'node:tls'
import { StatusError } from '../api/status-error.ts'
import { isRecord, numberAt, textAt } from '../json.ts'
import type { ClusterApi, Clock } from '../store/cluster-api.ts'
import { ANONYMOUS, AUTHENTICATED, serviceAccountUser } from './user-info.ts'
import type { UserInfo } from './user-info.ts'

const ISSUER = 'https://kubernetes.default.svc.cluster.local'
export const DEFAULT_AUDIENCE = ISSUER

/** Where a request's identity comes from. */
export interface Evidence {
  readonly headers: IncomingHttpHeaders
  /** Of a client whose certificate this cluster's authority signed. */
  readonly certificate?: PeerCertificate
}

/** Tokens of one cluster: those of people, handed out before it starts, and those of service accounts, which it signs. */
export class Authenticator {
  readonly #people = new Map<string, UserInfo>()
  readonly #secret = randomBytes(32)
  readonly #api: Pick<ClusterApi, 'get'>
  readonly #clock: Clock

  constructor(api: Pick<ClusterApi, 'get'>, clock: Clock) {
    this.#api = api
    this.#clock = clock
  }

  addToken(token: string, user: UserInfo): void {
    this.#people.set(token, user)
  }

  removeToken(token: string): void {
    this.#people.delete(token)
  }

  /** @throws StatusError 401 for a credential that is there and not good. */
  authenticate({ headers, certificate }: Evidence): UserInfo {
    const bearer = /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]
    if (bearer !== undefined) {
      const user = this.userOfToken(bearer)
      if (user === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
      return user
    }
    const subject = certificate?.subject
    if (certificate === undefined || subject === undefined) return ANONYMOUS
    if (Date.parse(certificate.valid_to) < this.#clock.now()) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
    const groups: unknown = subject.O
    return authenticated({
      username: String(subject.CN),
      groups: Array.isArray(groups) ? groups.map(String) : groups === undefined ? [] : [String(groups)],
    })
  }

  /** Who holds a token; nobody when it is not one of this cluster's, or no longer good. */
  userOfToken(token: string): UserInfo | undefined {
    const person = this.#people.get(token)
    return person === undefined ? this.#serviceAccount(token) : authenticated(person)
  }

  /** A signed token of a service account (JWT, RFC 7519). */
  issue(
    account: { namespace: string; name: string; uid: string },
    audiences: readonly string[],
    expiresInSeconds: number,
  ): { token: string; expiresAtMs: number } {
    const now = Math.floor(this.#clock.now() / 1_000)
    const claims = {
      aud: audiences,
      exp: now + expiresInSeconds,
      iat: now,
      iss: ISSUER,
      'kubernetes.io': { namespace: account.namespace, serviceaccount: { name: account.name, uid: account.uid } },
      nbf: now,
      sub: `system:serviceaccount:${account.namespace}:${account.name}`,
    }
    const body = `${base64({ alg: 'HS256', kid: 'sandbox' })}.${base64(claims)}`
    return { token: `${body}.${this.#sign(body)}`, expiresAtMs: (now + expiresInSeconds) * 1_000 }
  }

  #serviceAccount(token: string): UserInfo | undefined {
    const [header, payload, signature, ...rest] = token.split('.')
    if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return undefined
    const expected = Buffer.from(this.#sign(`${header}.${payload}`))
    const given = Buffer.from(signature)
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
    const claims = parse(payload)
    const expires = numberAt(claims, 'exp') ?? 0
    const namespace = textAt(claims, 'kubernetes.io', 'namespace')
    const name = textAt(claims, 'kubernetes.io', 'serviceaccount', 'name')
    const uid = textAt(claims, 'kubernetes.io', 'serviceaccount', 'uid')
    if (namespace === undefined || name === undefined || expires * 1_000 < this.#clock.now()) return undefined
    // A token ends with its account; one of the same name is another.
    if (this.#api.get('serviceaccounts', namespace, name)?.metadata.uid !== uid) return undefined
    return authenticated(serviceAccountUser(namespace, name, uid))
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url')
  }
}

function authenticated(user: UserInfo): UserInfo {
  return user.groups.includes(AUTHENTICATED) ? user : { ...user, groups: [...user.groups, AUTHENTICATED] }
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function parse(payload: string): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
