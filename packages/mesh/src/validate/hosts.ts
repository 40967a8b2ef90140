const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?'
const label = new RegExp(`^${LABEL}$`)
const wildcardLabel = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${LABEL})$`)
const MAX_LABEL = 63
const MAX_HOST = 255
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

/** A DNS label as Istio checks it: upper case is let through. */
export const isLabel = (text: string): boolean => text.length <= MAX_LABEL && label.test(text)

/** A domain whose first label may begin with `*`. Source: Istio, `ValidateWildcardDomain`. */
export function isWildcardDomain(host: string): boolean {
  if (host === '' || host.length > MAX_HOST) return false
  const [first = '', ...rest] = host.split('.')
  if (first.length > MAX_LABEL || !wildcardLabel.test(first)) return false
  const last = rest.at(-1)
  if (last !== undefined && /^\d+$/.test(last)) return false
  return rest.every((part, at) => (at === rest.length - 1 && part === '') || isLabel(part))
}

/** A host of a virtual service: a domain or an address. */
export const isHostOrAddress = (host: string): boolean =>
  isWildcardDomain(host) || IPV4.test(host) || /^[\da-fA-F:]*:[\da-fA-F:.]*$/.test(host)
