import { serviceHost } from '@meshdeck/mesh'

/** The shortest name by which a rule in `namespace` can name a service. */
export const shortestHost = (name: string, serviceNamespace: string, namespace: string): string =>
  serviceNamespace === namespace ? name : serviceHost(name, serviceNamespace)

export { isHostOrAddress, isLabel, isWildcardDomain } from '@meshdeck/mesh'
