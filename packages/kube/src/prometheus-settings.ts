/** How a cluster's Prometheus is reached: `spec.prometheus` of a Cluster. */
export interface PrometheusSettings {
  /** Base address, with the path before `/api/v1` where there is one (Mimir's `/prometheus`). */
  url: string
  /**
   * A Secret in `meshdeck-system` on the hub with any of: `token`; `username` and `password`; `tls.crt` and `tls.key` (a
   * client certificate); `ca.crt` (the authority of the server's certificate, instead of those of the system).
   */
  auth?: { secretRef: { name: string } }
  /** Sent with each request: by such a header a store of several tenants tells them apart. They are no secrets. */
  headers?: { name: string; value: string }[]
  tls?: {
    /** The name in the server's certificate, where that is not the name in the address. */
    serverName?: string
  }
}

const MOST_HEADERS = 16

/** Headers that Meshdeck or the connection itself decides on; a credential belongs into the Secret. */
const OWN_HEADERS = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export type HeaderFault = 'name' | 'reserved' | 'value' | 'repeated' | 'tooMany'

/** What is wrong with headers, at the first that is: by its place in the list. */
export function headerFault(
  headers: readonly { name: string; value: string }[],
): { index: number; fault: HeaderFault } | undefined {
  const seen = new Set<string>()
  for (const [index, { name, value }] of headers.entries()) {
    const key = name.toLowerCase()
    if (index >= MOST_HEADERS) return { index, fault: 'tooMany' }
    if (!/^[A-Za-z0-9-]{1,64}$/.test(name)) return { index, fault: 'name' }
    if (OWN_HEADERS.has(key)) return { index, fault: 'reserved' }
    if (!/^[\x21-\x7e]([\x20-\x7e]{0,1022}[\x21-\x7e])?$/.test(value)) return { index, fault: 'value' }
    if (seen.has(key)) return { index, fault: 'repeated' }
    seen.add(key)
  }
  return undefined
}
