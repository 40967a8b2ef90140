import { sumBy, type LabelMatchers } from '../promql/promql.ts'
import { among, rateOf, reportedIn, type Selections } from './expressions.ts'
import type { Dashboard, Reporter, Variables } from './panel.ts'
import { goldenPanels, numberPanel, trafficPanels } from './traffic-panels.ts'

const end = (side: 'source' | 'destination', { namespace, name }: Variables): LabelMatchers => ({
  [`${side}_workload`]: name,
  [`${side}_workload_namespace`]: namespace,
})

const inbound = (variables: Variables): Selections => [
  { reporter: variables.reporter, ...end('destination', variables), ...reportedIn(variables, variables.reporter) },
]

const outbound = (variables: Variables, reporter: Reporter): Selections => [
  { reporter, ...end('source', variables), ...reportedIn(variables, reporter) },
]

const tcpPanel = (id: string, of: (variables: Variables) => Selections) =>
  numberPanel(id, 'bytesPerSecond', (variables) =>
    ['istio_tcp_sent_bytes_total', 'istio_tcp_received_bytes_total']
      .map((metric) => sumBy([], rateOf(metric, of(variables), variables)))
      .join(' + '),
  )

/** One workload: what it is asked, by whom, and what it asks of others. */
export const workloadDashboard: Dashboard = {
  id: 'workloads',
  subject: 'workload',
  sections: [
    {
      id: 'general',
      panels: [
        ...goldenPanels('incoming', inbound),
        tcpPanel('tcpServer', inbound),
        tcpPanel('tcpClient', (variables) => outbound(variables, variables.reporter)),
      ],
    },
    {
      id: 'inbound',
      panels: trafficPanels({
        prefix: 'inbound',
        suffix: 'BySource',
        by: ['source_workload', 'source_workload_namespace'],
        of: (variables) =>
          inbound(variables).map((matchers) => ({
            ...matchers,
            ...among('source_workload', variables.peers),
            ...among('source_workload_namespace', variables.peerNamespaces),
          })),
      }),
    },
    {
      id: 'outbound',
      closed: true,
      panels: trafficPanels({
        prefix: 'outbound',
        suffix: 'ByDestination',
        reporter: 'source',
        outbound: true,
        by: ['destination_service'],
        of: (variables) => outbound(variables, 'source'),
      }),
    },
  ],
}
