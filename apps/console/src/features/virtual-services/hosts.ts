const CLUSTER_DOMAIN = 'svc.cluster.local'

/**
 * The full name that Istio takes a host for: a name without a dot is a service of the rule's own namespace, all others
 * are taken as they stand. Source: Istio, `ResolveShortnameToFQDN`.
 */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '' || host === '*' ? host : serviceHost(host, namespace)
}

/** Full name of a Kubernetes service. */
export const serviceHost = (name: string, namespace: string): string => `${name}.${namespace}.${CLUSTER_DOMAIN}`

/** The shortest name by which a rule in `namespace` can name a service. */
export const shortestHost = (name: string, serviceNamespace: string, namespace: string): string =>
  serviceNamespace === namespace ? name : serviceHost(name, serviceNamespace)

/** Whether a host is one of the known ones; `*.example.com` among these stands for all below it. */
export function isKnownHost(host: string, known: ReadonlySet<string>): boolean {
  if (known.has(host)) return true
  return [...known].some((each) => each.startsWith('*.') && host.endsWith(each.slice(1)))
}

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

/** Whether one of two hosts covers the other (`*.foo.com` and `*.com`). Source: Istio, `host.Name.Matches`. */
export function hostsOverlap(a: string, b: string): boolean {
  if (a === b) return true
  const [wildA, wildB] = [a.startsWith('*'), b.startsWith('*')]
  if (wildA && wildB) return a.length < b.length ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1))
  if (wildA) return b.endsWith(a.slice(1))
  return wildB && a.endsWith(b.slice(1))
}
