import type { ComponentMetric } from './component-metrics.ts'
import { tagOf } from './component-parts.ts'

/** What each sidecar and gateway says of itself. */
export const PROXY_METRICS: readonly ComponentMetric[] = [
  {
    name: 'istio_build',
    type: 'gauge',
    help: 'which build runs',
    parts: ({ run }) => [{ labels: { component: 'proxy', tag: tagOf(run) }, valueAt: () => 1 }],
  },
  {
    name: 'envoy_cluster_upstream_cx_active',
    type: 'gauge',
    help: 'connections to an upstream cluster',
    parts: () => [{ labels: { cluster_name: 'xds-grpc' }, valueAt: () => 1 }],
  },
]
