import { matching, oneOf, selector, sumBy } from '../promql/promql.ts'
import { istiodIn, versionsPanel } from './component-panels.ts'
import { QUANTILE_LABEL, quantilesOf, rateOf, successOf, type Selections } from './expressions.ts'
import type { Dashboard, PanelQuery, Variables } from './panel.ts'
import { REPORTS } from './reports.ts'
import { numberPanel } from './traffic-panels.ts'

const WORKLOAD = ['destination_workload', 'destination_workload_namespace', 'destination_service']

/** Each request once; the same that the overview and the graph count. */
function traffic(variables: Variables): Selections {
  return REPORTS.flatMap((report) =>
    placesOf(variables).flatMap((place) =>
      clustersOf(variables).map((cluster) => ({ ...report, ...place, ...cluster })),
    ),
  )
}

function placesOf({ within }: Variables): Selections {
  if (within === undefined) return [{}]
  return [
    { destination_workload_namespace: oneOf(within) },
    // Calls that never arrived know the service only.
    { destination_workload_namespace: 'unknown', destination_service_namespace: oneOf(within) },
  ]
}

function clustersOf({ cluster }: Variables): Selections {
  if (cluster === undefined) return [{}]
  return [{ destination_cluster: cluster }, { destination_cluster: 'unknown', source_cluster: cluster }]
}

const requestsWith = (variables: Variables, codes: string): string =>
  sumBy(
    [],
    rateOf(
      'istio_requests_total',
      traffic(variables).map((matchers) => ({ ...matchers, response_code: matching(codes) })),
      variables,
    ),
  )

/** No series is made before the first bad answer, which is zero of them wherever there are requests. */
const countedWith =
  (codes: string): PanelQuery['promql'] =>
  (variables) =>
    `${requestsWith(variables, codes)} or ${successOf([], traffic(variables), variables).all} * 0`

/** Totals of the mesh, its workloads, what runs in it and what is configured. */
export const meshDashboard: Dashboard = {
  id: 'mesh',
  sections: [
    {
      id: 'traffic',
      panels: [
        numberPanel('volume', 'requestsPerSecond', (variables) => successOf([], traffic(variables), variables).all),
        numberPanel('success', 'share', (variables) => successOf([], traffic(variables), variables).good, {
          over: (variables) => successOf([], traffic(variables), variables).all,
        }),
        numberPanel('clientErrors', 'requestsPerSecond', countedWith('4..')),
        numberPanel('serverErrors', 'requestsPerSecond', countedWith('5..')),
        {
          id: 'httpWorkloads',
          title: 'httpWorkloads',
          chart: 'table',
          unit: 'requestsPerSecond',
          bounded: true,
          queries: [
            {
              id: 'requests',
              by: WORKLOAD,
              promql: (variables) => successOf(WORKLOAD, traffic(variables), variables).all,
            },
            {
              id: 'duration',
              by: [...WORKLOAD, QUANTILE_LABEL],
              unit: 'milliseconds',
              promql: (variables) =>
                quantilesOf(
                  WORKLOAD,
                  rateOf('istio_request_duration_milliseconds_bucket', traffic(variables), variables),
                  variables,
                ),
            },
            {
              id: 'success',
              by: WORKLOAD,
              unit: 'share',
              promql: (variables) => {
                const { good, all } = successOf(WORKLOAD, traffic(variables), variables)
                return `(${good}) / ${all}`
              },
            },
          ],
        },
        {
          id: 'tcpWorkloads',
          title: 'tcpWorkloads',
          chart: 'table',
          unit: 'bytesPerSecond',
          bounded: true,
          queries: (
            [
              ['tcpReceived', 'istio_tcp_received_bytes_total'],
              ['tcpSent', 'istio_tcp_sent_bytes_total'],
            ] as const
          ).map(([id, metric]) => ({
            id,
            by: WORKLOAD,
            promql: (variables) => sumBy(WORKLOAD, rateOf(metric, traffic(variables), variables)),
          })),
        },
      ],
    },
    { id: 'versions', panels: [versionsPanel('componentVersions')] },
    {
      id: 'configuration',
      closed: true,
      panels: [
        {
          id: 'objects',
          title: 'objects',
          chart: 'line',
          unit: 'count',
          bounded: false,
          queries: [{ id: 'objects', by: ['type'], promql: netAdditions }],
        },
      ],
    },
  ],
}

/** Objects of Istio's kinds that were added since istiod began to look, less those that were deleted. */
function netAdditions(variables: Variables): string {
  const events = (event: string): string =>
    sumBy(['type'], selector('pilot_k8s_cfg_events', { ...istiodIn(variables), type: matching(COUNTED_KINDS), event }))
  const added = events('add')
  return `${added} - (${events('delete')} or ${added} * 0)`
}

const COUNTED_KINDS = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'WorkloadEntry',
  'ServiceEntry',
  'PeerAuthentication',
  'RequestAuthentication',
  'AuthorizationPolicy',
].join('|')
