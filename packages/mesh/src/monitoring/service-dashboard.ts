import { startingWith, sumBy, type LabelMatchers } from '../promql/promql.ts'
import { among, rateOf, reportedIn, type Selections } from './expressions.ts'
import type { Dashboard, Variables } from './panel.ts'
import { goldenPanels, numberPanel, trafficPanels } from './traffic-panels.ts'

/** By host: the other labels of a service are the waypoint's own when a waypoint reports. */
const called = ({ namespace, name }: Variables): LabelMatchers => ({
  destination_service: startingWith(`${name}.${namespace}.svc.`),
})

const asChosen = (variables: Variables): Selections => [
  { reporter: variables.reporter, ...called(variables), ...reportedIn(variables, variables.reporter) },
]

const atServer = (variables: Variables): Selections => [
  { reporter: 'destination', ...called(variables), ...reportedIn(variables, 'destination') },
]

const tcpPanel = (id: string, metric: string) =>
  numberPanel(id, 'bytesPerSecond', (variables) => sumBy([], rateOf(metric, asChosen(variables), variables)))

/** One Service: as its clients see it, as it sees itself, by client and by the workloads behind it. */
export const serviceDashboard: Dashboard = {
  id: 'services',
  subject: 'service',
  sections: [
    {
      id: 'general',
      panels: [
        ...goldenPanels('client', asChosen),
        ...goldenPanels('server', atServer),
        tcpPanel('tcpReceived', 'istio_tcp_received_bytes_total'),
        tcpPanel('tcpSent', 'istio_tcp_sent_bytes_total'),
      ],
    },
    {
      id: 'clients',
      panels: trafficPanels({
        prefix: 'clients',
        suffix: 'BySource',
        by: ['source_workload', 'source_workload_namespace'],
        of: (variables) =>
          asChosen(variables).map((matchers) => ({
            ...matchers,
            ...among('source_workload', variables.peers),
            ...among('source_workload_namespace', variables.peerNamespaces),
          })),
      }),
    },
    {
      id: 'serviceWorkloads',
      closed: true,
      panels: trafficPanels({
        prefix: 'workloads',
        suffix: 'ByWorkload',
        reporter: 'destination',
        by: ['destination_workload', 'destination_workload_namespace'],
        of: atServer,
      }),
    },
  ],
}
