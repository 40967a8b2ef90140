import { selector, sumBy } from '../promql/promql.ts'
import { linePanel, rateQuery, valueQuery, versionsPanel, ztunnelContainers, ztunnelIn } from './component-panels.ts'
import type { Dashboard } from './panel.ts'

const POD = ['pod']

/** The node proxies of an ambient mesh. */
export const ztunnelDashboard: Dashboard = {
  id: 'ztunnel',
  sections: [
    {
      id: 'process',
      panels: [
        versionsPanel('ztunnelVersions', 'ztunnel'),
        linePanel('ztunnelMemory', 'bytes', [
          valueQuery('container', 'container_memory_working_set_bytes', ztunnelContainers, POD),
        ]),
        linePanel('ztunnelCpu', 'cores', [
          rateQuery('container', 'container_cpu_usage_seconds_total', ztunnelContainers, POD),
        ]),
      ],
    },
    {
      id: 'network',
      panels: [
        linePanel('tcpConnections', 'connectionsPerSecond', [
          rateQuery('opened', 'istio_tcp_connections_opened_total', ztunnelIn, POD),
          { ...rateQuery('closed', 'istio_tcp_connections_closed_total', ztunnelIn, POD), below: true },
        ]),
        linePanel('tcpBytes', 'bytesPerSecond', [
          rateQuery('sent', 'istio_tcp_sent_bytes_total', ztunnelIn, POD),
          rateQuery('received', 'istio_tcp_received_bytes_total', ztunnelIn, POD),
        ]),
        linePanel('dnsRequests', 'operationsPerSecond', [
          rateQuery('requests', 'istio_dns_requests_total', ztunnelIn, POD),
        ]),
      ],
    },
    {
      id: 'operations',
      panels: [
        linePanel('xdsTerminations', 'operationsPerSecond', [
          rateQuery('terminations', 'istio_xds_connection_terminations_total', ztunnelIn, POD),
        ]),
        linePanel('xdsMessages', 'operationsPerSecond', [
          rateQuery('messages', 'istio_xds_message_total', ztunnelIn, ['url']),
        ]),
        linePanel('workloadManager', 'count', [
          valueQuery('active', 'workload_manager_active_proxy_count', ztunnelIn, POD),
          valueQuery('pending', 'workload_manager_pending_proxy_count', ztunnelIn, POD),
        ]),
      ],
    },
    {
      id: 'networkResources',
      panels: [
        linePanel('networkResources', 'count', [
          {
            id: 'openConnections',
            by: POD,
            promql: (variables) =>
              ['opened', 'closed']
                .map((what) => sumBy(POD, selector(`istio_tcp_connections_${what}_total`, ztunnelIn(variables))))
                .join(' - '),
          },
          valueQuery('openFiles', 'process_open_fds', ztunnelIn, POD),
          // Not in Istio 1.29 and older.
          valueQuery('openSockets', 'istio_tcp_sockets_open', ztunnelIn, POD),
        ]),
      ],
    },
  ],
}
