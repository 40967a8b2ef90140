import { REQUEST_BUCKETS, bytesShareBelow, durationShareBelow } from './distributions.ts'
import { findWorkload, labelsOf } from './graph-labels.ts'
import type { Labels, Reporter } from './graph-labels.ts'
import type { GraphEdge, RequestEdge, ServiceGraph, TcpEdge } from './graph.ts'

const METRICS = {
  istio_requests_total: 'counter',
  istio_request_duration_milliseconds: 'histogram',
  istio_request_bytes: 'histogram',
  istio_response_bytes: 'histogram',
  istio_request_messages_total: 'counter',
  istio_response_messages_total: 'counter',
  istio_tcp_sent_bytes_total: 'counter',
  istio_tcp_received_bytes_total: 'counter',
  istio_tcp_connections_opened_total: 'counter',
  istio_tcp_connections_closed_total: 'counter',
} as const

type Metric = keyof typeof METRICS

// The traffic swells and ebbs a little, so that charts are not flat.
const WAVE_SECONDS = 600
const WAVE_HEIGHT = 0.15

/**
 * Istio's standard metrics for a graph, `seconds` after the traffic began, in Prometheus' text
 * format. A pure function of its arguments: a generator that is restarted goes on counting where the
 * old one would be, and two readings of one moment are alike.
 */
export function renderMetrics(graph: ServiceGraph, cluster: string, seconds: number): string {
  const samples = new Map<Metric, string[]>()
  const write: Write = (metric, suffix, labels, value) => {
    const lines = samples.get(metric) ?? []
    samples.set(metric, lines)
    lines.push(`${metric}${suffix}{${renderLabels(labels)}} ${value}`)
  }
  // Integral of the rate 1 + wave: what a source of one per second has counted so far.
  const wave = (2 * Math.PI) / WAVE_SECONDS
  const volume = seconds + (WAVE_HEIGHT / wave) * (1 - Math.cos(wave * seconds))

  for (const edge of graph.edges) {
    for (const reporter of reportersOf(graph, edge)) {
      const labels = labelsOf(graph, edge, cluster, reporter)
      if (edge.protocol === 'tcp') writeTcp(write, edge, labels, volume)
      else writeRequests(write, edge, labels, reporter, volume)
    }
  }
  const families = [...samples].map(([metric, lines]) => [`# TYPE ${metric} ${METRICS[metric]}`, ...lines].join('\n'))
  return `${families.join('\n')}\n`
}

type Write = (metric: Metric, suffix: '' | '_bucket' | '_sum' | '_count', labels: Labels, value: number) => void

/** Who sees a call: each end that has a proxy. */
function reportersOf(graph: ServiceGraph, edge: GraphEdge): Reporter[] {
  const reporters: Reporter[] = []
  if (findWorkload(graph, edge.from).hasProxy) reporters.push('source')
  const inMesh = 'workload' in edge.to && findWorkload(graph, edge.to.workload).hasProxy
  if (inMesh) reporters.push('destination')
  return reporters
}

function writeTcp(write: Write, edge: TcpEdge, labels: Labels, volume: number): void {
  const own: Labels = { ...labels, response_flags: '-' }
  const closed = Math.floor(edge.connectionsPerSecond * volume)
  write('istio_tcp_sent_bytes_total', '', own, Math.floor(edge.sentBytesPerSecond * volume))
  write('istio_tcp_received_bytes_total', '', own, Math.floor(edge.receivedBytesPerSecond * volume))
  write('istio_tcp_connections_opened_total', '', own, closed + edge.openConnections)
  write('istio_tcp_connections_closed_total', '', own, closed)
}

function writeRequests(write: Write, edge: RequestEdge, labels: Labels, reporter: Reporter, volume: number): void {
  const failures = edge.failures ?? []
  const total = edge.requestsPerSecond * volume
  const failedShare = failures.reduce((sum, failure) => sum + failure.share, 0)
  const success = { share: 1 - failedShare, code: 200, flags: '-', arrived: true, grpcStatus: 0 }

  for (const outcome of [success, ...failures]) {
    if (!outcome.arrived && reporter === 'destination') continue
    const own: Labels = {
      ...labels,
      response_code: String(outcome.code),
      ...(edge.protocol === 'grpc' ? { grpc_response_status: String(outcome.grpcStatus ?? 0) } : {}),
      response_flags: outcome.flags,
    }
    const count = Math.floor(total * outcome.share)
    write('istio_requests_total', '', own, count)
    writeHistogram(write, 'istio_request_duration_milliseconds', own, count, {
      shareBelow: (bound) => durationShareBelow(edge.latencyMs, bound),
      mean: edge.latencyMs.median * 1.3,
    })
    const sizes = { istio_request_bytes: edge.requestBytes ?? 900, istio_response_bytes: edge.responseBytes ?? 3_200 }
    for (const [metric, bytes] of Object.entries(sizes) as [keyof typeof sizes, number][]) {
      writeHistogram(write, metric, own, count, { shareBelow: (bound) => bytesShareBelow(bytes, bound), mean: bytes })
    }
  }
  if (edge.protocol === 'grpc') {
    write('istio_request_messages_total', '', labels, Math.floor(total))
    write('istio_response_messages_total', '', labels, Math.floor(total))
  }
}

interface Distribution {
  readonly shareBelow: (bound: number) => number
  readonly mean: number
}

function writeHistogram(write: Write, metric: Metric, labels: Labels, count: number, distribution: Distribution): void {
  for (const bound of REQUEST_BUCKETS) {
    write(metric, '_bucket', { ...labels, le: String(bound) }, Math.floor(count * distribution.shareBelow(bound)))
  }
  write(metric, '_bucket', { ...labels, le: '+Inf' }, count)
  write(metric, '_sum', labels, Math.floor(count * distribution.mean))
  write(metric, '_count', labels, count)
}

function renderLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabelValue(value)}"`)
    .join(',')
}

/** A label value as the text format wants it. */
export function escapeLabelValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
