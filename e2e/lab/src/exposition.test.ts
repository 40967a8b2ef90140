import { describe, expect, it } from 'vitest'
import { escapeLabelValue, renderMetrics } from './exposition.ts'
import type { GraphEdge, ServiceGraph } from './graph.ts'
import { GRAPHS } from './graphs/index.ts'

const http = { name: 'http', number: 8080 }
const CALL = { protocol: 'http', requestsPerSecond: 10, latencyMs: { median: 20, p99: 200 } } as const

/** Two workloads in the mesh and one out of it. */
const graph = (...edges: GraphEdge[]): ServiceGraph => ({
  namespaces: [
    { name: 'in', injection: true },
    { name: 'out', injection: false },
  ],
  workloads: [
    { namespace: 'in', name: 'a', app: 'a', version: 'v1', port: http },
    { namespace: 'in', name: 'b-v2', app: 'b', version: 'v2', port: http },
    { namespace: 'out', name: 'c', app: 'c', port: http },
  ],
  edges,
  objects: [],
})

interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

/** Reads the text format, strictly: an odd line fails the test. */
function parse(text: string): Sample[] {
  expect(text.endsWith('\n')).toBe(true)
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('# TYPE '))
    .map((line) => {
      const match = /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\} (\d+)$/.exec(line)
      expect(match, line).not.toBeNull()
      const labels = [...(match?.[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
        name,
        value,
      ])
      return { name: match?.[1] ?? '', labels: Object.fromEntries(labels), value: Number(match?.[3]) }
    })
}

const requests = (text: string, labels: Record<string, string> = {}) =>
  parse(text).filter(
    (sample) =>
      sample.name === 'istio_requests_total' &&
      Object.entries(labels).every(([name, value]) => sample.labels[name] === value),
  )

describe('metrics of a call', () => {
  it('are counted by both ends when both have a proxy, and by that end only when one has', () => {
    const reporters = (edge: GraphEdge) =>
      requests(renderMetrics(graph(edge), 'alpha', 60)).map(({ labels }) => labels['reporter'])
    expect(reporters({ ...CALL, from: 'in/a', to: { workload: 'in/b-v2' } })).toEqual(['source', 'destination'])
    expect(reporters({ ...CALL, from: 'in/a', to: { workload: 'out/c' } })).toEqual(['source'])
    expect(reporters({ ...CALL, from: 'out/c', to: { workload: 'in/a' } })).toEqual(['destination'])
    expect(reporters({ ...CALL, from: 'in/a', to: { undeclared: true } })).toEqual(['source'])
  })

  it('are split by outcome, and what never arrived is known to the caller only', () => {
    const failures = [
      { share: 0.1, code: 500, flags: '-', arrived: true },
      { share: 0.2, code: 503, flags: 'UF', arrived: false },
    ]
    const text = renderMetrics(graph({ ...CALL, failures, from: 'in/a', to: { workload: 'in/b-v2' } }), 'alpha', 6_000)
    const shares = (reporter: string) =>
      requests(text, { reporter }).map(({ labels, value }) => [
        labels['response_code'],
        labels['response_flags'],
        Math.round(value / 600) / 100,
      ])
    expect(shares('source')).toEqual([
      ['200', '-', 0.7],
      ['500', '-', 0.1],
      ['503', 'UF', 0.2],
    ])
    expect(shares('destination')).toEqual([
      ['200', '-', 0.7],
      ['500', '-', 0.1],
    ])
  })

  it('come at about the rate of the graph, with a wave on it', () => {
    const edge: GraphEdge = { ...CALL, from: 'in/a', to: { workload: 'in/b-v2' } }
    const at = (seconds: number) =>
      requests(renderMetrics(graph(edge), 'alpha', seconds), { reporter: 'source' })[0]?.value ?? 0
    expect(at(0)).toBe(0)
    // A whole wave: what was too much has been made up for.
    expect(at(600)).toBe(6_000)
    const rates = Array.from({ length: 60 }, (_, index) => (at(index * 10 + 10) - at(index * 10)) / 10)
    expect(Math.max(...rates)).toBeCloseTo(11.5, 0)
    expect(Math.min(...rates)).toBeCloseTo(8.5, 0)
  })

  it('have messages for gRPC, and the status beside the HTTP code', () => {
    const failures = [{ share: 0.5, code: 200, grpcStatus: 14, flags: '-', arrived: true }]
    const text = renderMetrics(
      graph({ ...CALL, protocol: 'grpc', failures, from: 'in/a', to: { workload: 'in/b-v2' } }),
      'alpha',
      600,
    )
    expect(requests(text, { reporter: 'source' }).map(({ labels }) => labels['grpc_response_status'])).toEqual([
      '0',
      '14',
    ])
    expect(text).toContain('# TYPE istio_request_messages_total counter\n')
  })

  it('have bytes and connections for TCP, and no requests', () => {
    const edge: GraphEdge = {
      from: 'in/a',
      to: { workload: 'in/b-v2' },
      protocol: 'tcp',
      sentBytesPerSecond: 100,
      receivedBytesPerSecond: 10,
      connectionsPerSecond: 0.5,
      openConnections: 7,
    }
    const samples = parse(renderMetrics(graph(edge), 'alpha', 600)).filter(
      ({ labels }) => labels['reporter'] === 'source',
    )
    expect(Object.fromEntries(samples.map(({ name, value }) => [name, value]))).toEqual({
      istio_tcp_sent_bytes_total: 60_000,
      istio_tcp_received_bytes_total: 6_000,
      istio_tcp_connections_opened_total: 307,
      istio_tcp_connections_closed_total: 300,
    })
  })
})

describe.each(Object.entries(GRAPHS))('metrics of the graph %s', (_, described) => {
  const text = renderMetrics(described, 'alpha', 3_600)

  it('are well-formed: one TYPE per family, in front of it, and no series twice', () => {
    const families = text
      .split('\n')
      .filter((line) => line.startsWith('# TYPE '))
      .map((line) => line.split(' ')[2] ?? '')
    expect(new Set(families).size).toBe(families.length)
    let family = ''
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('# TYPE ')) family = line.split(' ')[2] ?? ''
      else expect(line.startsWith(family)).toBe(true)
    }
    const series = parse(text).map(({ name, labels }) => JSON.stringify([name, labels]))
    expect(new Set(series).size).toBe(series.length)
  })

  it('never count backwards, whoever reads them and when', () => {
    const values = (seconds: number) => parse(renderMetrics(described, 'alpha', seconds)).map(({ value }) => value)
    expect(values(3_600)).toEqual(values(3_600))
    let before = values(0)
    for (let seconds = 37; seconds < 1_300; seconds += 97) {
      const now = values(seconds)
      expect(now.every((value, index) => value >= (before[index] ?? 0))).toBe(true)
      before = now
    }
  })

  it('have buckets that grow to the count', () => {
    const histograms = Map.groupBy(
      parse(text).filter(({ name }) => /_(bucket|count)$/.test(name)),
      ({ name, labels: { le: _le, ...labels } }) => JSON.stringify([name.replace(/_(bucket|count)$/, ''), labels]),
    )
    expect(histograms.size).toBeGreaterThan(0)
    for (const samples of histograms.values()) {
      const values = samples.map(({ value }) => value)
      expect(values).toEqual(values.toSorted((a, b) => a - b))
      // The last bucket is +Inf, and the count comes after it.
      expect(values.at(-2)).toBe(values.at(-1))
    }
  })
})

it('label values are escaped as the text format wants it', () => {
  expect(escapeLabelValue('a\\b"c\nd')).toBe('a\\\\b\\"c\\nd')
})
