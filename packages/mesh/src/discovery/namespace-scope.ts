import { isRecord, type KubeResource } from '@meshdeck/kube'

/** How much of the mesh the proxies of a namespace are told of. */
export const DISCOVERY_SCOPES = ['inherit', 'local', 'custom', 'all'] as const
export type DiscoveryScope = (typeof DISCOVERY_SCOPES)[number]

/** Marks a `Sidecar` that Meshdeck keeps for a namespace. It is not the mesh's, so taking a mesh down leaves it. */
export const DISCOVERY_LABEL = 'meshdeck.io/discovery'
/** Name of that `Sidecar`. */
export const DISCOVERY_SIDECAR = 'meshdeck-discovery'

export interface NamespaceScope {
  /** What the namespace itself says. */
  scope: DiscoveryScope
  /** With `custom`: namespaces beside its own and the root one. */
  namespaces: string[]
  /** Single hosts that are named; with them no list of namespaces says the whole. */
  hosts: string[]
  /** The `Sidecar` that says so, and whose it is. */
  by?: { name: string; owner: 'meshdeck' | 'user' }
  /** What holds in the end: with `inherit` that of the root namespace, else that of Istio, which is all. */
  effective: Exclude<DiscoveryScope, 'inherit'>
}

/**
 * The discovery scope of a namespace, read from the `Sidecar` objects there are, whoever made them. Those with a workload
 * selector are for single workloads and say nothing of the namespace. Of several without one the oldest is taken.
 * Source: https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export function namespaceScope(
  namespace: string,
  rootNamespace: string,
  sidecars: readonly KubeResource[],
): NamespaceScope {
  const own = wholeNamespace(sidecars, namespace)
  const base = namespace === rootNamespace ? undefined : wholeNamespace(sidecars, rootNamespace)
  const inherited = base === undefined ? undefined : readScope(base, namespace, rootNamespace)
  const said = own === undefined ? undefined : readScope(own, namespace, rootNamespace)
  const effective = said ?? inherited ?? { scope: 'all' as const }
  return {
    scope: said?.scope ?? 'inherit',
    namespaces: said?.namespaces ?? [],
    hosts: said?.hosts ?? [],
    ...(own === undefined
      ? {}
      : { by: { name: own.metadata.name, owner: isOurs(own) ? ('meshdeck' as const) : ('user' as const) } }),
    effective: effective.scope,
  }
}

export interface WantedScope {
  scope: DiscoveryScope
  /** With `custom`. */
  namespaces?: readonly string[]
}

/**
 * The `Sidecar` that gives a namespace its scope; undefined for `inherit`, which needs none. Where one of ours is there
 * already (`before`) everything else that it says stays.
 */
export function scopeSidecar(
  namespace: string,
  rootNamespace: string,
  { scope, namespaces = [] }: WantedScope,
  before?: KubeResource,
): KubeResource | undefined {
  if (scope === 'inherit') return undefined
  const others = [...new Set(namespaces)].filter((name) => name !== namespace && name !== rootNamespace).toSorted()
  const hosts =
    scope === 'all'
      ? ['*/*']
      : ['./*', `${rootNamespace}/*`, ...(scope === 'custom' ? others.map((name) => `${name}/*`) : [])]
  const spec = isRecord(before?.['spec']) ? before['spec'] : {}
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    ...before,
    metadata: {
      name: DISCOVERY_SIDECAR,
      namespace,
      ...before?.metadata,
      labels: { ...before?.metadata.labels, [DISCOVERY_LABEL]: 'namespace' },
    },
    spec: { ...spec, egress: [{ hosts }] },
  }
}

const isOurs = ({ metadata }: KubeResource): boolean => metadata.labels?.[DISCOVERY_LABEL] !== undefined

function wholeNamespace(sidecars: readonly KubeResource[], namespace: string): KubeResource | undefined {
  const order = ({ metadata }: KubeResource): string => `${metadata.creationTimestamp ?? '9'} ${metadata.name}`
  return sidecars
    .filter((sidecar) => sidecar.metadata.namespace === namespace && !hasSelector(sidecar))
    .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))[0]
}

function hasSelector(sidecar: KubeResource): boolean {
  const spec = isRecord(sidecar['spec']) ? sidecar['spec'] : {}
  const selector = isRecord(spec['workloadSelector']) ? spec['workloadSelector'] : {}
  return isRecord(selector['labels']) && Object.keys(selector['labels']).length > 0
}

/** What a `Sidecar` says of discovery; undefined when it says nothing of it, and what is above it goes on to hold. */
function readScope(
  sidecar: KubeResource,
  namespace: string,
  rootNamespace: string,
): { scope: Exclude<DiscoveryScope, 'inherit'>; namespaces: string[]; hosts: string[] } | undefined {
  const spec = isRecord(sidecar['spec']) ? sidecar['spec'] : {}
  const egress = Array.isArray(spec['egress']) ? spec['egress'].filter(isRecord) : []
  const all = egress.flatMap(({ hosts }) => (Array.isArray(hosts) ? hosts.map(String) : []))
  if (all.length === 0) return undefined
  const named = all.map((host) => {
    const slash = host.indexOf('/')
    return { host, where: host.slice(0, Math.max(slash, 0)), what: host.slice(slash + 1) }
  })
  const whole = new Set(named.filter(({ what }) => what === '*').map(({ where }) => where))
  if (whole.has('*')) return { scope: 'all', namespaces: [], hosts: [] }
  const isOwn = (where: string): boolean => where === '.' || where === namespace
  const namespaces = [...whole].filter((where) => !isOwn(where) && where !== rootNamespace && where !== '~').toSorted()
  // A host of what is told whole anyway adds nothing.
  const covers = (where: string): boolean => whole.has(where) || (isOwn(where) && [...whole].some(isOwn))
  const hosts = named
    .filter(({ what, where }) => what !== '*' && where !== '~' && !covers(where))
    .map(({ host }) => host)
  const isLocal = namespaces.length === 0 && hosts.length === 0
  return { scope: isLocal ? 'local' : 'custom', namespaces, hosts }
}
