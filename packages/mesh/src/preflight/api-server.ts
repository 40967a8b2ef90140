import { isRead, unreadCheck, type Check, type Fact } from './check.ts'

/** From where an address can be reached, as far as the address itself tells. */
export type AddressKind = 'loopback' | 'inCluster' | 'private' | 'public' | 'name'

/** Sorts the host of a URL (`127.0.0.1`, `[fd00::1]`, `api.example`). Source: RFC 1918, RFC 4193, RFC 6598. */
export function addressKind(host: string): AddressKind {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127\.\d/.test(bare)) return 'loopback'
  if (/(^|\.)kubernetes(\.default)?(\.svc(\..+)?)?$/.test(bare) || /\.svc(\.cluster\.local)?$/.test(bare))
    return 'inCluster'
  if (/^(10|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.\d/.test(bare)) return 'private'
  if (/^f[cd][0-9a-f]{2}:/.test(bare)) return 'private'
  return /^[\d.]+$/.test(bare) || bare.includes(':') ? 'public' : 'name'
}

/**
 * Whether istiod could reach a member's API server: only the control plane's cluster can try, so no kind of address is
 * proof. Those that cannot mean the same elsewhere are told.
 */
export function apiServerCheck(kind: Fact<AddressKind>): Check {
  if (!isRead(kind)) return unreadCheck('apiServer', kind.unread)
  const isLocal = kind.value === 'loopback' || kind.value === 'inCluster'
  return { id: 'apiServer', level: isLocal ? 'warning' : 'unknown', reason: kind.value }
}
