import { textAt } from '../json.ts'
import type { ComponentMetric } from './component-metrics.ts'
import { counted, single, split, tagOf } from './component-parts.ts'
import { ambientNamespaces } from './workloads.ts'

const TYPES = 'type.googleapis.com/istio'

/** What ztunnel says of itself; the connections that it carries are the traffic model's. */
export const ZTUNNEL_METRICS: readonly ComponentMetric[] = [
  {
    name: 'istio_build',
    type: 'gauge',
    help: 'which build runs',
    parts: ({ run }) => [{ labels: { component: 'ztunnel', tag: tagOf(run) }, valueAt: () => 1 }],
  },
  split('istio_xds_message_total', 'messages from istiod', [
    [{ url: `${TYPES}.workload.Address` }, 0.08],
    [{ url: `${TYPES}.security.Authorization` }, 0.01],
  ]),
  single('counter', 'istio_xds_connection_terminations_total', 'ends of connections to istiod', ({ run }) =>
    // istiod ends each after half an hour.
    counted(run, 1 / 1_800),
  ),
  single('counter', 'istio_dns_requests_total', 'DNS requests', ({ run }) => counted(run, 1.4)),
  single('gauge', 'workload_manager_active_proxy_count', 'pods that it serves', ({ run, api }) => () => {
    const ambient = new Set(ambientNamespaces(api))
    return api
      .list('pods')
      .filter((pod) => ambient.has(pod.metadata.namespace ?? '') && textAt(pod, 'spec', 'nodeName') === run.node).length
  }),
  single('gauge', 'workload_manager_pending_proxy_count', 'pods that wait for it', () => () => 0),
  single('gauge', 'process_open_fds', 'open files', () => () => 64),
  single('gauge', 'istio_tcp_sockets_open', 'open sockets', () => () => 12),
]
