import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

/** A mesh whose every call is reported by client and server. */
export interface GraphSize {
  services: number
  /** Whether buckets are written; they are counted all the same. */
  histograms: boolean
}

const EDGES_PER_SERVICE = 2.7
const NAMESPACE_SIZE = 50
/** One call in so many fails now and then. */
const FAILING = 10
const TCP = 10
/** Bounds of Istio's histograms. */
const BOUNDS = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1e3, 2500, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 1.8e6, 3.6e6, Infinity]
const SAMPLES = 4
const SAMPLE_SECONDS = 30

/** Writes what a mesh's proxies would have reported in the last minutes. Resolves to the last instant, in unix seconds. */
export async function fillPrometheus(promtool: string, directory: string, size: GraphSize): Promise<number> {
  const last = Math.floor(Date.now() / 60_000) * 60 - 60
  const samples = join(directory, 'samples')
  await pipeline(Readable.from(openMetrics(size, last)), createWriteStream(samples))
  await writeFile(join(directory, 'prometheus.yml'), '')
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', samples, join(directory, 'data')])
  return last
}

/** Series that are read for each kind of latency. */
export function countedSeries(size: GraphSize): Record<'none' | 'mean' | 'p95', number> {
  const { http, tcp } = callsOf(size)
  const requests = seriesOf(http).length
  const none = requests + 2 * 2 * tcp.length
  return { none, mean: none + 2 * requests, p95: none + BOUNDS.length * requests }
}

/** Names of all namespaces. */
export const namespacesOf = ({ services }: GraphSize): string[] =>
  Array.from({ length: Math.ceil(services / NAMESPACE_SIZE) }, (_, index) => namespaceOf(index * NAMESPACE_SIZE))

interface Call {
  from: number
  to: number
  index: number
}

function callsOf({ services }: GraphSize): { http: Call[]; tcp: Call[] } {
  const calls = Array.from({ length: Math.round(services * EDGES_PER_SERVICE) }, (_, index) => ({
    index,
    from: index % services,
    to: (index * 7 + 1 + Math.floor(index / services)) % services,
  }))
  return { http: calls.filter(({ index }) => index % TCP !== 0), tcp: calls.filter(({ index }) => index % TCP === 0) }
}

/** Labels of the series of requests: by reporter, and by code. */
function seriesOf(calls: readonly Call[]): { labels: string; rate: number }[] {
  return calls.flatMap((call) =>
    ['source', 'destination'].flatMap((reporter) => {
      const labels = (code: string) =>
        `${labelsOf(call, reporter)},request_protocol="http",response_code="${code}",grpc_response_status="",response_flags="-"`
      return [
        { labels: labels('200'), rate: 1 + (call.index % 50) },
        ...(call.index % FAILING === 1 ? [{ labels: labels('503'), rate: 0.1 }] : []),
      ]
    }),
  )
}

function labelsOf({ from, to }: Call, reporter: string): string {
  const end = (side: string, service: number) =>
    `${side}_workload="service-${service}-v1",${side}_workload_namespace="${namespaceOf(service)}",` +
    `${side}_canonical_service="service-${service}",${side}_canonical_revision="v1",${side}_cluster="one"`
  const host = `destination_service="service-${to}.${namespaceOf(to)}.svc.cluster.local",destination_service_name="service-${to}",destination_service_namespace="${namespaceOf(to)}"`
  const policy = reporter === 'source' ? 'unknown' : 'mutual_tls'
  return `reporter="${reporter}",${end('source', from)},${end('destination', to)},${host},connection_security_policy="${policy}"`
}

const namespaceOf = (service: number): string => `ns-${Math.floor(service / NAMESPACE_SIZE)}`

function* openMetrics(size: GraphSize, last: number): Generator<string> {
  const { http, tcp } = callsOf(size)
  const requests = seriesOf(http)
  yield* family('istio_requests', 'counter')
  for (const { labels, rate } of requests) yield counter(`istio_requests_total{${labels}}`, rate, last)
  for (const name of ['istio_tcp_sent_bytes', 'istio_tcp_received_bytes']) {
    yield* family(name, 'counter')
    for (const call of tcp) {
      for (const reporter of ['source', 'destination']) {
        yield counter(`${name}_total{${labelsOf(call, reporter)},request_protocol="tcp",response_flags="-"}`, 900, last)
      }
    }
  }
  yield* family('istio_request_duration_milliseconds', 'histogram')
  for (const { labels, rate } of requests) {
    const name = 'istio_request_duration_milliseconds'
    if (size.histograms) {
      for (const [place, bound] of BOUNDS.entries()) {
        const le = bound === Infinity ? '+Inf' : String(bound)
        yield counter(`${name}_bucket{${labels},le="${le}"}`, rate * Math.min(1, (place + 1) / 10), last)
      }
    }
    yield counter(`${name}_sum{${labels}}`, rate * 40, last)
    yield counter(`${name}_count{${labels}}`, rate, last)
  }
  yield '# EOF\n'
}

function* family(name: string, type: string): Generator<string> {
  yield `# TYPE ${name} ${type}\n`
}

function counter(series: string, rate: number, last: number): string {
  let lines = ''
  for (let sample = SAMPLES; sample >= 0; sample--) {
    const at = last - sample * SAMPLE_SECONDS
    lines += `${series} ${rate * (SAMPLES - sample) * SAMPLE_SECONDS} ${at}\n`
  }
  return lines
}
