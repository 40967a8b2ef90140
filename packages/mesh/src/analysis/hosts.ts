const CLUSTER_DOMAIN = 'svc.cluster.local'

/** Full name of a Kubernetes service. */
export const serviceHost = (name: string, namespace: string): string => `${name}.${namespace}.${CLUSTER_DOMAIN}`

/**
 * The full name that Istio takes a host for: a name without a dot is a service of the rule's own namespace, all others
 * are taken as they stand. Source: Istio, `ResolveShortnameToFQDN`.
 */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '' || host.startsWith('*') ? host : serviceHost(host, namespace)
}

/** Whether one of two hosts covers the other (`*.foo.com` and `*.com`). Source: Istio, `host.Name.Matches`. */
export function hostsOverlap(a: string, b: string): boolean {
  return hostCovers(a, b) || hostCovers(b, a)
}

/** Whether all that `narrow` means is meant by `wide` too. */
export function hostCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  return wide.startsWith('*') && narrow.endsWith(wide.slice(1)) && narrow.length >= wide.length
}
