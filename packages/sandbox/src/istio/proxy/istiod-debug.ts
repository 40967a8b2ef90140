import type { RequestListener } from 'node:http'
import { textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { ClusterApi } from '../../store/cluster-api.ts'
import { isReady } from '../../traffic/workloads.ts'
import type { Peers } from '../peers.ts'
import { remotesOf, runsIstiod } from '../peers.ts'
import { isGateway, isZtunnel, proxyEnv, proxyVersion, runsEnvoy, startedAt } from './proxy-view.ts'
import { listenerRefusal } from './refusal.ts'

const XDS = {
  cluster: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  listener: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  endpoint: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  route: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
} as const
/** What ztunnels are sent instead. */
const ZTUNNEL_XDS = {
  address: 'type.googleapis.com/istio.workload.Address',
  authorization: 'type.googleapis.com/istio.security.Authorization',
} as const
/** Pushes follow the clock of what is written: a proxy is sent everything again about this often. */
const PUSH_MS = 10 * 60_000

interface Proxy {
  readonly pod: KubeObject
  readonly number: number
}

/** istiod's debug interface. Source: istio.io/istio, pilot/pkg/xds/debug.go */
export function istiodDebug(api: ClusterApi, peers: Peers, istiod: KubeObject, now: () => number): RequestListener {
  return ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://istiod')
    const proxies = proxiesOf(api, peers, istiod)
    const answer =
      pathname === '/debug/syncz'
        ? proxies.map((proxy) => syncStatus(proxy, proxyVersion(proxy.pod), versionOf(istiod), now()))
        : pathname === '/debug/connections'
          ? { totalClients: proxies.length, clients: proxies.map(connection) }
          : undefined
    if (answer === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n')
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }
}

/** The proxies that have come to this replica: of its own revision, in its own cluster and in those without an istiod. */
function proxiesOf(api: ClusterApi, peers: Peers, istiod: KubeObject): readonly Proxy[] {
  const revision = istiod.metadata.labels?.['istio.io/rev'] ?? 'default'
  const replicas = api
    .list('pods', istiod.metadata.namespace)
    .filter(
      ({ metadata }) =>
        metadata.labels?.['app'] === 'istiod' && (metadata.labels['istio.io/rev'] ?? 'default') === revision,
    )
    .filter(isReady)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const own = replicas.findIndex(({ metadata }) => metadata.name === istiod.metadata.name)
  const served = [api, ...remotesOf(api, peers).flatMap((remote) => (runsIstiod(remote.api) ? [] : remote.api))]
  return served
    .flatMap((cluster) => cluster.list('pods'))
    .filter((pod) => (runsEnvoy(pod) || isZtunnel(pod)) && isReady(pod))
    .filter(({ metadata }) => (metadata.annotations?.['istio.io/rev'] ?? 'default') === revision)
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    .map((pod, index) => ({ pod, number: index + 1 }))
    .filter(({ number }) => replicas.length < 2 || number % replicas.length === own)
}

const idOf = ({ metadata }: KubeObject): string => `${metadata.name}.${metadata.namespace ?? ''}`

function syncStatus(
  { pod, number }: Proxy,
  version: string,
  istiodVersion: string,
  now: number,
): Record<string, unknown> {
  const began = startedAt(pod)
  const sentAt = new Date(Math.max(began, now - ((now - began) % PUSH_MS))).toISOString()
  const refusal = listenerRefusal(pod, istiodVersion)
  const statuses = Object.entries(isZtunnel(pod) ? ZTUNNEL_XDS : XDS).map(([name, type]) => {
    const sent = `${sentAt}/${number}${name}`
    const isRefused = name === 'listener' && refusal !== undefined
    // It has never been able to read them.
    const acked = isRefused ? undefined : sent
    return { name, type, sent, acked, lastError: isRefused ? refusal : undefined }
  })
  return {
    cluster_id: proxyEnv(pod, 'ISTIO_META_CLUSTER_ID') ?? 'Kubernetes',
    proxy: idOf(pod),
    proxy_type: isZtunnel(pod) ? 'ztunnel' : isGateway(pod) ? 'router' : 'sidecar',
    istio_version: version,
    ...Object.fromEntries(
      isZtunnel(pod)
        ? []
        : statuses.flatMap(({ name, sent, acked }) => [
            [`${name}_sent`, sent],
            [`${name}_acked`, acked],
          ]),
    ),
    resources: Object.fromEntries(
      statuses.map(({ type, sent, acked, lastError }) => [type, { sent, acked, sentTime: sentAt, lastError }]),
    ),
  }
}

function connection({ pod, number }: Proxy): Record<string, unknown> {
  return {
    connectionId: `${idOf(pod)}-${number}`,
    connectedAt: new Date(startedAt(pod)).toISOString(),
    address: `${textAt(pod, 'status', 'podIP') ?? ''}:${40_000 + number}`,
  }
}

function versionOf(istiod: KubeObject): string {
  return istiod.metadata.labels?.['app.kubernetes.io/version'] ?? '1.30.3'
}
