import { maxBy, selector } from '../promql/promql.ts'
import {
  heatmapPanel,
  istiodContainers,
  istiodIn,
  linePanel,
  rateQuery,
  valueQuery,
  versionsPanel,
} from './component-panels.ts'
import { QUANTILE_LABEL, quantilesOf, rateOf, scrapedIn } from './expressions.ts'
import type { Dashboard, Panel, PanelQuery } from './panel.ts'

/** Seconds until a change is with all proxies, that most meshes stay below. */
const CONVERGENCE_GOAL_SECONDS = 10

/** A histogram's quantiles over all of istiod. */
const quantilePanel = (id: string, metric: string, more: { goal?: number } = {}): Panel =>
  linePanel(
    id,
    'seconds',
    [
      {
        id,
        by: [QUANTILE_LABEL],
        promql: (variables) => quantilesOf([], rateOf(`${metric}_bucket`, [istiodIn(variables)], variables), variables),
      },
    ],
    more,
  )

/** Seconds until a certificate ends. */
const expiry = (id: string, metric: string): PanelQuery => ({
  id,
  by: ['pod'],
  promql: (variables) => maxBy(['pod'], selector(metric, istiodIn(variables))),
})

const CONFLICTS = [
  ['duplicateDomains', 'pilot_vservice_dup_domain'],
  ['duplicateSubsets', 'pilot_destrule_subsets'],
  ['duplicateClusters', 'pilot_duplicate_envoy_clusters'],
  ['inboundListeners', 'pilot_conflict_inbound_listener'],
  ['tcpOverTcp', 'pilot_conflict_outbound_listener_tcp_over_current_tcp'],
] as const

/** How istiod is: what it holds, what it sends, and whether it keeps up. */
export const controlPlaneDashboard: Dashboard = {
  id: 'control-plane',
  sections: [
    { id: 'versions', panels: [versionsPanel('istiodVersions', 'pilot')] },
    {
      id: 'health',
      panels: [
        quantilePanel('convergence', 'pilot_proxy_convergence_time', { goal: CONVERGENCE_GOAL_SECONDS }),
        quantilePanel('queueTime', 'pilot_proxy_queue_time'),
        linePanel('certificates', 'seconds', [
          expiry('rootCertificate', 'citadel_server_root_cert_expiry_seconds'),
          expiry('certificateChain', 'citadel_server_cert_chain_expiry_seconds'),
        ]),
        linePanel('remoteClusters', 'count', [
          valueQuery('clusters', 'istiod_managed_clusters', istiodIn, ['cluster_type']),
        ]),
        linePanel('rejected', 'count', [
          valueQuery('rejectedConfigs', 'pilot_total_rejected_configs', istiodIn),
          valueQuery('proxyRejects', 'pilot_total_xds_rejects', istiodIn),
        ]),
        linePanel(
          'conflicts',
          'count',
          CONFLICTS.map(([id, metric]) => valueQuery(id, metric, istiodIn)),
        ),
      ],
    },
    {
      id: 'resources',
      panels: [
        linePanel('memory', 'bytes', [
          valueQuery('container', 'container_memory_working_set_bytes', istiodContainers, ['pod']),
          valueQuery('stackInUse', 'go_memstats_stack_inuse_bytes', istiodIn, ['pod']),
          valueQuery('heapInUse', 'go_memstats_heap_inuse_bytes', istiodIn, ['pod']),
          valueQuery('heapAlloc', 'go_memstats_heap_alloc_bytes', istiodIn, ['pod']),
        ]),
        linePanel('allocatedBytes', 'bytesPerSecond', [
          rateQuery('allocatedBytes', 'go_memstats_alloc_bytes_total', istiodIn, ['pod']),
        ]),
        linePanel('allocatedObjects', 'operationsPerSecond', [
          rateQuery('allocatedObjects', 'go_memstats_mallocs_total', istiodIn, ['pod']),
        ]),
        linePanel('containerCpu', 'cores', [
          rateQuery('container', 'container_cpu_usage_seconds_total', istiodContainers, ['pod']),
        ]),
        linePanel('goroutines', 'count', [valueQuery('goroutines', 'go_goroutines', istiodIn, ['pod'])]),
      ],
    },
    {
      id: 'pushes',
      panels: [
        linePanel('xdsPushes', 'operationsPerSecond', [rateQuery('pushes', 'pilot_xds_pushes', istiodIn, ['type'])]),
        linePanel('events', 'operationsPerSecond', [
          rateQuery('registry', 'pilot_k8s_reg_events', istiodIn, ['type', 'event']),
          rateQuery('configuration', 'pilot_k8s_cfg_events', istiodIn, ['type', 'event']),
          rateQuery('triggers', 'pilot_push_triggers', istiodIn, ['type']),
        ]),
        linePanel('connections', 'count', [
          valueQuery('atProxies', 'envoy_cluster_upstream_cx_active', (variables) => ({
            cluster_name: 'xds-grpc',
            ...scrapedIn(variables),
          })),
          valueQuery('atIstiod', 'pilot_xds', istiodIn),
        ]),
        linePanel('pushErrors', 'count', [
          valueQuery('rejects', 'pilot_total_xds_rejects', istiodIn, ['type']),
          valueQuery('internalErrors', 'pilot_total_xds_internal_errors', istiodIn),
        ]),
        heatmapPanel('pushTime', 'seconds', 'pilot_xds_push_time'),
        heatmapPanel('pushSize', 'bytes', 'pilot_xds_config_size_bytes'),
      ],
    },
    {
      id: 'webhooks',
      panels: [
        linePanel('validation', 'operationsPerSecond', [
          rateQuery('passed', 'galley_validation_passed', istiodIn),
          rateQuery('failed', 'galley_validation_failed', istiodIn),
        ]),
        linePanel('injection', 'operationsPerSecond', [
          rateQuery('passed', 'sidecar_injection_success_total', istiodIn),
          rateQuery('failed', 'sidecar_injection_failure_total', istiodIn),
        ]),
      ],
    },
  ],
}
