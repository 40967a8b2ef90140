import { createPrivateKey, X509Certificate } from 'node:crypto'
import { headerFault, isRecord, MESHDECK_NAMESPACE, type PrometheusSettings } from '@meshdeck/kube'
import type { ResourceClient } from './resource-client.ts'

/** All that a request to a Prometheus needs; it holds secrets. */
export interface PrometheusAccess {
  /** Without a slash at the end, a query or a fragment: `${base}/api/v1/query` is asked. */
  base: string
  headers: Record<string, string>
  /** PEM. Without an authority those of the system count. */
  tls: { ca?: string; cert?: string; key?: string; servername?: string }
}

/** Thrown for settings or a Secret that cannot be used. The message names the member and the cure, never a value. */
export class PrometheusAccessError extends Error {
  override readonly name = 'PrometheusAccessError'
  /** `url`, `headers`, or a key of the Secret. */
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** What a credential may be made of: the keys of its Secret. */
export const PROMETHEUS_SECRET_KEYS = ['token', 'username', 'password', 'tls.crt', 'tls.key', 'ca.crt'] as const
export type PrometheusSecret = Partial<Record<(typeof PROMETHEUS_SECRET_KEYS)[number], string>>

/** Reads the Secret that the settings name, if any. Throws PrometheusAccessError, and what the hub throws. */
export async function readPrometheusAccess(
  hub: Pick<ResourceClient, 'get'>,
  settings: PrometheusSettings,
  signal?: AbortSignal,
): Promise<PrometheusAccess> {
  const name = settings.auth?.secretRef.name
  if (name === undefined) return prometheusAccess(settings)
  const { data } = await hub.get('Secret', { namespace: MESHDECK_NAMESPACE, name }, signal ? { signal } : {})
  return prometheusAccess(settings, secretOf(data), `Secret ${MESHDECK_NAMESPACE}/${name}`)
}

/** Settings with what their Secret holds. `named` is what messages call it. Throws PrometheusAccessError. */
export function prometheusAccess(
  settings: Omit<PrometheusSettings, 'auth'>,
  secret?: PrometheusSecret,
  named = 'the credential',
): PrometheusAccess {
  const base = baseOf(settings.url)
  const headers: Record<string, string> = {}
  const wrong = headerFault(settings.headers ?? [])
  if (wrong !== undefined) {
    const name = settings.headers?.[wrong.index]?.name ?? ''
    throw new PrometheusAccessError('headers', `The header ${JSON.stringify(name)} cannot be sent (${wrong.fault})`)
  }
  for (const { name, value } of settings.headers ?? []) headers[name.toLowerCase()] = value
  const authorization = secret && authorizationOf(secret, named)
  if (authorization !== undefined) headers['authorization'] = authorization
  return { base, headers, tls: tlsOf(settings, secret ?? {}, named) }
}

function baseOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new PrometheusAccessError('url', 'The address of Prometheus must begin with http:// or https://')
  // A credential belongs into the Secret; in the address it would reach logs.
  if (url.username !== '' || url.password !== '')
    throw new PrometheusAccessError('url', 'The address of Prometheus must not hold a user name or password')
  url.search = ''
  url.hash = ''
  return url.href.replace(/\/+$/, '')
}

function authorizationOf(secret: PrometheusSecret, named: string): string | undefined {
  const { token, username, password } = secret
  if (token) {
    // A line break would be refused as a header, far from here.
    if (/[^\x20-\x7e]/.test(token))
      throw new PrometheusAccessError('token', `token of ${named} is not one line of text`)
    return `Bearer ${token}`
  }
  if (username && password) return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  if (secret['tls.crt'] || secret['ca.crt']) return undefined
  throw new PrometheusAccessError(
    'token',
    `${named} needs a key "token", or "username" and "password", or "tls.crt" and "tls.key"`,
  )
}

function tlsOf(settings: Omit<PrometheusSettings, 'auth'>, secret: PrometheusSecret, named: string) {
  const { 'ca.crt': ca, 'tls.crt': cert, 'tls.key': key } = secret
  for (const [field, pem] of [
    ['ca.crt', ca],
    ['tls.crt', cert],
  ] as const)
    if (pem && !isCertificate(pem))
      throw new PrometheusAccessError(field, `${field} of ${named} is no certificate (PEM)`)
  if (Boolean(cert) !== Boolean(key))
    throw new PrometheusAccessError(cert ? 'tls.key' : 'tls.crt', `${named} needs both "tls.crt" and "tls.key"`)
  if (cert && key && !belongTogether(cert, key))
    throw new PrometheusAccessError('tls.key', `tls.key of ${named} is not the key of its certificate`)
  const servername = settings.tls?.serverName
  return {
    ...(ca ? { ca } : {}),
    ...(cert && key ? { cert, key } : {}),
    ...(servername ? { servername } : {}),
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

function belongTogether(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

function secretOf(data: unknown): PrometheusSecret {
  const read = (key: string): string | undefined => {
    const value = isRecord(data) ? data[key] : undefined
    const text = typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8').trim() : ''
    return text === '' ? undefined : text
  }
  return Object.fromEntries(
    PROMETHEUS_SECRET_KEYS.flatMap((key) => {
      const text = read(key)
      return text === undefined ? [] : [[key, text] as const]
    }),
  )
}
