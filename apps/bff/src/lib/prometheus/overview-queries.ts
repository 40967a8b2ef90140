import { PROXY_CONTAINER } from '@meshdeck/kube'
import type { EdgeSample } from '@meshdeck/mesh'
import { FAILURES, REPORTS } from '@meshdeck/mesh/monitoring'
import { fetchGolden, type GoldenPoints } from './golden-queries.ts'
import type { Points } from './prometheus-answer.ts'
import type { PrometheusClient, TimeRange } from './prometheus-client.ts'
import { replicaLabels } from './replica-labels.ts'
import { histogramQuantile, rate, selector, sumBy, withoutReplicas, type LabelMatchers } from '@meshdeck/mesh/promql'

const RANGES = ['httpSent', 'httpReceived', 'tcpSent', 'tcpReceived', 'proxyCpu', 'proxyMemory'] as const
type RangeName = (typeof RANGES)[number]
const INSTANTS = ['requests', 'failures', 'latency', 'security'] as const
type InstantName = (typeof INSTANTS)[number]

/** What one Prometheus says for the overview of a mesh, beside the golden signals. */
export interface OverviewAnswer {
  golden: GoldenPoints
  series: Record<RangeName, Points>
  /** By service, now. */
  services: Record<InstantName, readonly EdgeSample[]>
}

const PROXIES: LabelMatchers = { container: PROXY_CONTAINER }
const SERVICE = 'destination_service'

/** The queries beside the golden signals: ten, however many services there are; `replicas` as in `goldenQueries`. Throws RangeError on a bad window. */
export function overviewQueries(
  windowSeconds: number,
  replicas: readonly string[] = [],
): Record<RangeName | InstantName, string> {
  const once = (expression: string): string => withoutReplicas(replicas, expression)
  const counted = (metric: string, outcomes: readonly LabelMatchers[] = [{}]): string =>
    once(
      rate(
        REPORTS.flatMap((report) => outcomes.map((outcome) => selector(metric, { ...report, ...outcome }))),
        windowSeconds,
      ),
    )
  const bytes = (metric: string): string => sumBy([], counted(metric))
  const byService = (metric: string, outcomes?: readonly LabelMatchers[], labels: readonly string[] = []): string =>
    sumBy([SERVICE, ...labels], counted(metric, outcomes))
  return {
    httpSent: bytes('istio_request_bytes_sum'),
    httpReceived: bytes('istio_response_bytes_sum'),
    tcpSent: bytes('istio_tcp_sent_bytes_total'),
    tcpReceived: bytes('istio_tcp_received_bytes_total'),
    proxyCpu: sumBy([], once(rate(selector('container_cpu_usage_seconds_total', PROXIES), windowSeconds))),
    proxyMemory: sumBy([], once(selector('container_memory_working_set_bytes', PROXIES))),
    requests: byService('istio_requests_total'),
    failures: byService('istio_requests_total', FAILURES),
    latency: histogramQuantile(0.95, byService('istio_request_duration_milliseconds_bucket', undefined, ['le'])),
    // Only the server knows for sure how it was called.
    security: sumBy(
      ['connection_security_policy'],
      once(rate(selector('istio_requests_total', { reporter: 'destination' }), windowSeconds)),
    ),
  }
}

/** Asks for all that an overview shows. The range must be aligned. Throws PrometheusError. */
export async function fetchOverview(
  client: PrometheusClient,
  range: TimeRange,
  windowSeconds: number,
): Promise<OverviewAnswer> {
  const queries = overviewQueries(windowSeconds, await replicaLabels(client, range.to))
  const [golden, series, services] = await Promise.all([
    fetchGolden(client, { kind: 'mesh' }, range, windowSeconds),
    Promise.all(RANGES.map((name) => client.queryRange(queries[name], range))),
    Promise.all(INSTANTS.map((name) => client.query(queries[name], range.to))),
  ])
  const points = (name: RangeName): Points => series[RANGES.indexOf(name)]?.series[0]?.points ?? []
  const samples = (name: InstantName): readonly EdgeSample[] => services[INSTANTS.indexOf(name)]?.samples ?? []
  return {
    golden,
    series: {
      httpSent: points('httpSent'),
      httpReceived: points('httpReceived'),
      tcpSent: points('tcpSent'),
      tcpReceived: points('tcpReceived'),
      proxyCpu: points('proxyCpu'),
      proxyMemory: points('proxyMemory'),
    },
    services: {
      requests: samples('requests'),
      failures: samples('failures'),
      latency: samples('latency'),
      security: samples('security'),
    },
  }
}
