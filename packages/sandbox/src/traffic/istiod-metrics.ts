import type { ComponentMetric } from './component-metrics.ts'
import { counted, histogramParts, single, split, tagOf, type Spread } from './component-parts.ts'
import { cpuSeconds, workingSet } from './container-usage.ts'

const SECONDS_BOUNDS = [0.1, 0.5, 1, 3, 5, 10, 20, 30]
const PUSH_TYPES: Readonly<Record<string, { perSecond: number; bytes: Spread; seconds: Spread }>> = {
  cds: { perSecond: 0.02, bytes: { median: 90_000, p99: 400_000 }, seconds: { median: 0.004, p99: 0.08 } },
  eds: { perSecond: 0.08, bytes: { median: 4_000, p99: 60_000 }, seconds: { median: 0.001, p99: 0.02 } },
  lds: { perSecond: 0.02, bytes: { median: 120_000, p99: 700_000 }, seconds: { median: 0.006, p99: 0.15 } },
  rds: { perSecond: 0.02, bytes: { median: 30_000, p99: 200_000 }, seconds: { median: 0.003, p99: 0.05 } },
}
/** Ten years, as istiod's own root, and a year for what it signs its connections with. */
const ROOT_LIFE_MS = 10 * 365 * 86_400_000
const CHAIN_LIFE_MS = 365 * 86_400_000

/** Istio's kinds as their events name them, and where their objects are. */
const CONFIG_KINDS = {
  VirtualService: 'networking.istio.io/virtualservices',
  DestinationRule: 'networking.istio.io/destinationrules',
  Gateway: 'networking.istio.io/gateways',
  ServiceEntry: 'networking.istio.io/serviceentries',
  WorkloadEntry: 'networking.istio.io/workloadentries',
  PeerAuthentication: 'security.istio.io/peerauthentications',
  RequestAuthentication: 'security.istio.io/requestauthentications',
  AuthorizationPolicy: 'security.istio.io/authorizationpolicies',
}

const memory = (name: string, help: string, share: number): ComponentMetric =>
  single(
    'gauge',
    name,
    help,
    ({ run }) =>
      (time) =>
        Math.floor(workingSet(run, time) * share),
  )

const constant = (name: string, help: string, value: number): ComponentMetric =>
  single('gauge', name, help, () => () => value)

/** What istiod says of itself. Source: https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics */
export const ISTIOD_METRICS: readonly ComponentMetric[] = [
  {
    name: 'istio_build',
    type: 'gauge',
    help: 'which build runs',
    parts: ({ run }) => [{ labels: { component: 'pilot', tag: tagOf(run) }, valueAt: () => 1 }],
  },
  {
    name: 'pilot_xds',
    type: 'gauge',
    help: 'proxies that are connected',
    parts: ({ run, proxies }) => [{ labels: { version: tagOf(run) }, valueAt: () => proxies }],
  },
  {
    name: 'pilot_xds_pushes',
    type: 'counter',
    help: 'what was sent to proxies',
    parts: ({ run, proxies }) =>
      Object.entries(PUSH_TYPES).map(([type, { perSecond }]) => ({
        labels: { type },
        valueAt: counted(run, perSecond * proxies),
      })),
  },
  {
    name: 'pilot_xds_push_time',
    type: 'histogram',
    help: 'seconds to make and send configuration',
    parts: ({ run, proxies }) =>
      Object.entries(PUSH_TYPES).flatMap(([type, { perSecond, seconds }]) =>
        histogramParts(run, [0.01, 0.1, 1, 3, 5, 10, 20, 30], perSecond * proxies, seconds, { type }),
      ),
  },
  {
    name: 'pilot_xds_config_size_bytes',
    type: 'histogram',
    help: 'size of what was sent',
    parts: ({ run, proxies }) =>
      Object.entries(PUSH_TYPES).flatMap(([type, { perSecond, bytes }]) =>
        histogramParts(run, [1, 10_000, 1e6, 4e6, 1e7, 4e7], perSecond * proxies, bytes, { type }),
      ),
  },
  {
    name: 'pilot_proxy_convergence_time',
    type: 'histogram',
    help: 'seconds from a change until proxies have it',
    parts: ({ run, proxies }) => histogramParts(run, SECONDS_BOUNDS, 0.1 * proxies, { median: 0.15, p99: 1.2 }),
  },
  {
    name: 'pilot_proxy_queue_time',
    type: 'histogram',
    help: 'seconds that proxies wait in the queue',
    parts: ({ run, proxies }) => histogramParts(run, SECONDS_BOUNDS, 0.1 * proxies, { median: 0.02, p99: 0.4 }),
  },
  split('pilot_push_triggers', 'why configuration is sent', [
    [{ type: 'endpoint' }, 0.08],
    [{ type: 'config' }, 0.01],
    [{ type: 'service' }, 0.005],
    [{ type: 'proxy' }, 0.02],
  ]),
  split('pilot_k8s_reg_events', 'events of the registry', [
    [{ type: 'EndpointSlice', event: 'update' }, 0.1],
    [{ type: 'Pods', event: 'update' }, 0.15],
    [{ type: 'Services', event: 'update' }, 0.003],
  ]),
  {
    name: 'pilot_k8s_cfg_events',
    type: 'counter',
    help: 'events of configuration',
    parts: ({ run, api }) =>
      Object.entries(CONFIG_KINDS).flatMap(([type, resource]) => [
        { labels: { type, event: 'add' }, valueAt: () => api.list(resource).length },
        { labels: { type, event: 'update' }, valueAt: counted(run, 1 / 7_200) },
      ]),
  },
  single(
    'gauge',
    'pilot_services',
    'services known',
    ({ api }) =>
      () =>
        api.list('services').length,
  ),
  single(
    'gauge',
    'pilot_virt_services',
    'virtual services known',
    ({ api }) =>
      () =>
        api.list(CONFIG_KINDS.VirtualService).length,
  ),
  {
    name: 'pilot_total_xds_rejects',
    type: 'counter',
    help: 'configuration that proxies refused',
    parts: () => ['cds', 'eds', 'lds', 'rds'].map((type) => ({ labels: { type }, valueAt: () => 0 })),
  },
  single('counter', 'pilot_total_xds_internal_errors', 'errors of istiod', () => () => 0),
  constant('pilot_total_rejected_configs', 'objects that istiod cannot use', 0),
  constant('pilot_vservice_dup_domain', 'virtual services of one host', 0),
  constant('pilot_destrule_subsets', 'subsets of one name', 0),
  constant('pilot_duplicate_envoy_clusters', 'clusters of one name', 0),
  constant('pilot_conflict_inbound_listener', 'listeners that are in each other’s way', 0),
  constant('pilot_conflict_outbound_listener_tcp_over_current_tcp', 'TCP listeners that hide others', 0),
  {
    name: 'istiod_managed_clusters',
    type: 'gauge',
    help: 'clusters that istiod reads',
    parts: ({ api, run }) => [
      { labels: { cluster_type: 'local' }, valueAt: () => 1 },
      { labels: { cluster_type: 'remote' }, valueAt: () => remoteSecrets(api, run.namespace) },
    ],
  },
  split('galley_validation_passed', 'objects that were admitted', [
    [{ group: 'networking.istio.io', version: 'v1', resource: 'virtualservices' }, 1 / 600],
    [{ group: 'networking.istio.io', version: 'v1', resource: 'destinationrules' }, 1 / 1_800],
  ]),
  split('galley_validation_failed', 'objects that were refused', [
    [
      { group: 'networking.istio.io', version: 'v1', resource: 'virtualservices', reason: 'invalid_resource' },
      1 / 3_600,
    ],
  ]),
  split('sidecar_injection_success_total', 'pods that were injected', [[{}, 1 / 900]]),
  split('sidecar_injection_failure_total', 'pods that could not be injected', [[{}, 1 / 86_400]]),
  single(
    'gauge',
    'citadel_server_root_cert_expiry_seconds',
    'until the root ends',
    ({ run }) =>
      (time) =>
        (run.from + ROOT_LIFE_MS - time) / 1_000,
  ),
  single(
    'gauge',
    'citadel_server_cert_chain_expiry_seconds',
    'until the chain ends',
    ({ run }) =>
      (time) =>
        (run.from + CHAIN_LIFE_MS - time) / 1_000,
  ),
  single(
    'counter',
    'process_cpu_seconds_total',
    'CPU time',
    ({ run }) =>
      (time) =>
        cpuSeconds(run, time),
  ),
  memory('process_resident_memory_bytes', 'resident memory', 0.97),
  memory('process_virtual_memory_bytes', 'virtual memory', 9),
  memory('go_memstats_heap_sys_bytes', 'heap that the system gave', 0.8),
  memory('go_memstats_heap_alloc_bytes', 'heap in use by objects', 0.5),
  memory('go_memstats_alloc_bytes', 'memory in use by objects', 0.5),
  memory('go_memstats_heap_inuse_bytes', 'heap in use', 0.58),
  memory('go_memstats_stack_inuse_bytes', 'stacks in use', 0.03),
  single('counter', 'go_memstats_alloc_bytes_total', 'bytes allocated', ({ run }) => counted(run, 2.4e6)),
  single('counter', 'go_memstats_mallocs_total', 'objects allocated', ({ run }) => counted(run, 26_000)),
  single(
    'gauge',
    'process_open_fds',
    'open files',
    ({ proxies }) =>
      () =>
        40 + proxies,
  ),
  single(
    'gauge',
    'go_goroutines',
    'goroutines',
    ({ proxies }) =>
      () =>
        420 + 12 * proxies,
  ),
]

/** Credentials of other clusters, which istiod finds by their label. */
function remoteSecrets(api: Parameters<ComponentMetric['parts']>[0]['api'], namespace: string): number {
  return api.list('secrets', namespace).filter(({ metadata }) => metadata.labels?.['istio/multiCluster'] === 'true')
    .length
}
