import { isRecord } from '@meshdeck/kube'
import { fromBase64 } from './from-base64.ts'

const REDACTED = '[redacted]'
/** Fields of Envoy's messages and of ztunnel's that hold what nobody but the proxy may know, in both spellings. */
const SECRET_FIELDS = new Set(
  [
    'private_key',
    'private_key_provider',
    'password',
    'session_ticket_keys',
    'generic_secret',
    'pkcs12',
    'token_secret',
    'hmac_secret',
    // Of ztunnel: headers for istiod and for the certificate authority may carry a token.
    'xds_headers',
    'ca_headers',
  ].flatMap((name) => [name, name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())]),
)
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
/** How base64 writes the beginning of any PEM block: `-----BEGIN `. */
const PEM_IN_BASE64 = /^LS0tLS1CRUdJTi/

/**
 * A configuration without private keys and other secrets. Envoy and ztunnel leave keys out by themselves; this holds when
 * they do not, or when something else answers in their place.
 */
export function withoutKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutKeys)
  if (typeof value === 'string') return holdsKey(value) ? REDACTED : value
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, SECRET_FIELDS.has(name) ? REDACTED : withoutKeys(each)]),
  )
}

function holdsKey(text: string): boolean {
  return PRIVATE_KEY.test(text) || (PEM_IN_BASE64.test(text) && PRIVATE_KEY.test(fromBase64(text)))
}
