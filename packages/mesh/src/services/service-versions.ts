import type { KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers, serviceHost } from '../analysis/hosts.ts'
import { entries, fields, isEmpty, items, labelsIn, number, text, texts, type Fields } from '../analysis/read.ts'

/** A pod of a service, as far as its version is concerned. */
export interface VersionPod {
  cluster: string
  /** Absent when it bears none. */
  version: string | undefined
  labels: Readonly<Record<string, string>>
  ready: boolean
  workload: string | undefined
}

/** A VirtualService or DestinationRule with the cluster that it lies in. */
export interface PlacedRule {
  cluster: string
  object: KubeResource
}

interface Place {
  cluster: string
  namespace: string
  name: string
}

/** A version of a service over all clusters; the empty one is of pods that bear none. */
export interface VersionOfService {
  version: string
  pods: number
  ready: number
  clusters: { cluster: string; pods: number; ready: number }[]
  workloads: { cluster: string; name: string }[]
  /** Subsets that select pods of it. */
  subsets: (Place & { subset: string })[]
  /** Share of the requests that no conditional route takes, 0–1; absent where no route says it. */
  wantedShare?: number
}

/** A route that sends requests to a service. */
export interface RouteToService extends Place {
  /** Its name, else its place: `http[0]`. */
  route: string
  conditional: boolean
  /** Whether it is the one that `wantedShare` is told by. */
  applied: boolean
  destinations: { host: string; subset?: string; share: number }[]
}

interface Subset extends Place {
  subset: string
  labels: Readonly<Record<string, string>>
}

/**
 * The versions of a service with what the rules want for each. The share that is wanted is that of the route which takes
 * what no other matches, in the oldest VirtualService of the service's own host that applies to sidecars; a subset of
 * several versions is split by their ready pods, as requests are. Sources:
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination and
 * https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset
 */
export function serviceVersions(
  service: { namespace: string; name: string },
  pods: readonly VersionPod[],
  rules: { virtualServices: readonly PlacedRule[]; destinationRules: readonly PlacedRule[] },
): { versions: VersionOfService[]; routes: RouteToService[] } {
  const host = serviceHost(service.name, service.namespace)
  const subsets = rules.destinationRules.flatMap((rule) => subsetsOf(rule, host))
  const found = rules.virtualServices.toSorted(byAge).flatMap((rule) => routesOf(rule, host))
  const decisive = found.find(({ route, own }) => own && !route.conditional)?.route
  const routes = found.map(({ route }) => ({ ...route, applied: route === decisive }))
  const shares = decisive && sharesOf(decisive, host, pods, subsets)
  const versions = [...Map.groupBy(pods, ({ version = '' }) => version)]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([version, own]): VersionOfService => ({
      version,
      pods: own.length,
      ready: readyOf(own),
      clusters: [...Map.groupBy(own, ({ cluster }) => cluster)].map(([cluster, each]) => ({
        cluster,
        pods: each.length,
        ready: readyOf(each),
      })),
      workloads: workloadsOf(own),
      subsets: subsets
        .filter(({ labels }) => own.some((pod) => isSelected(labels, pod)))
        .map(({ labels: _labels, ...subset }) => subset),
      ...(shares === undefined ? {} : { wantedShare: shares.get(version) ?? 0 }),
    }))
  return { versions, routes }
}

const readyOf = (pods: readonly VersionPod[]): number => pods.filter(({ ready }) => ready).length

const isSelected = (labels: Readonly<Record<string, string>>, pod: VersionPod): boolean =>
  Object.entries(labels).every(([label, value]) => pod.labels[label] === value)

const byAge = (a: PlacedRule, b: PlacedRule): number =>
  (a.object.metadata.creationTimestamp ?? '').localeCompare(b.object.metadata.creationTimestamp ?? '')

function workloadsOf(pods: readonly VersionPod[]): VersionOfService['workloads'] {
  const all = pods.flatMap(({ cluster, workload }) => (workload === undefined ? [] : [{ cluster, name: workload }]))
  return [...new Map(all.map((each) => [`${each.cluster} ${each.name}`, each])).values()]
}

const placeOf = ({ cluster, object: { metadata } }: PlacedRule): Place => ({
  cluster,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
})

function subsetsOf(rule: PlacedRule, host: string): Subset[] {
  const spec = fields(rule.object.spec)
  const place = placeOf(rule)
  if (!hostCovers(fullHost(text(spec['host']), place.namespace), host)) return []
  return entries(spec['subsets']).map(({ value }) => ({
    ...place,
    subset: text(value['name']),
    labels: labelsIn(value['labels']),
  }))
}

/** Routes to the host. `own`: of a VirtualService for that very host, that sidecars obey. */
function routesOf(rule: PlacedRule, host: string): { route: Omit<RouteToService, 'applied'>; own: boolean }[] {
  const spec = fields(rule.object.spec)
  const place = placeOf(rule)
  const gateways = texts(spec['gateways'])
  const own =
    texts(spec['hosts']).some((each) => fullHost(each, place.namespace) === host) &&
    (gateways.length === 0 || gateways.includes('mesh'))
  return (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
    entries(spec[protocol]).flatMap(({ at, value }) => {
      const destinations = destinationsOf(value, place.namespace)
      if (!destinations.some((each) => each.host === host)) return []
      return [
        {
          route: {
            ...place,
            route: text(value['name']) || `${protocol}[${at}]`,
            conditional: items(value['match']).some((match) => !isEmpty(match)),
            destinations,
          },
          own,
        },
      ]
    }),
  )
}

function destinationsOf(route: Fields, namespace: string): RouteToService['destinations'] {
  const all = entries(route['route']).map(({ value }) => ({
    host: fullHost(text(fields(value['destination'])['host']), namespace),
    subset: text(fields(value['destination'])['subset']),
    weight: number(value['weight']) ?? 0,
  }))
  // The weight of the only one does not count.
  const sum = all.length === 1 ? 0 : all.reduce((total, { weight }) => total + weight, 0)
  return all.map(({ host, subset, weight }) => ({
    host,
    ...(subset === '' ? {} : { subset }),
    share: all.length === 1 ? 1 : sum === 0 ? 0 : weight / sum,
  }))
}

function sharesOf(
  { destinations }: Pick<RouteToService, 'destinations'>,
  host: string,
  pods: readonly VersionPod[],
  subsets: readonly Subset[],
): Map<string, number> {
  const shares = new Map<string, number>()
  for (const { host: target, subset, share } of destinations) {
    if (target !== host) continue
    const labels = subset === undefined ? {} : subsets.find((each) => each.subset === subset)?.labels
    const meant = labels === undefined ? [] : pods.filter((pod) => isSelected(labels, pod))
    const ready = meant.filter((pod) => pod.ready)
    for (const [version, own] of Map.groupBy(ready, (pod) => pod.version ?? ''))
      shares.set(version, (shares.get(version) ?? 0) + (share * own.length) / ready.length)
  }
  return shares
}
