import { gzipSync } from 'node:zlib'
import { isRecord } from '@meshdeck/kube'
import type { Figure, Measurement } from './measurement.ts'
import { metricOf } from './processes.ts'
import { createScaleWorld, MESH, type ScaleWorld } from './scale-world.ts'
import { summarize } from './statistics.ts'

const FLEETS = [
  { fleet: 'S500P2000', runs: 7 },
  { fleet: 'S5000P20000', runs: 3 },
] as const
const LATENCIES = ['none', 'mean', 'p95'] as const
type Latency = (typeof LATENCIES)[number]

/** What each kind of latency makes Prometheus read. */
const METRICS: Readonly<Record<Latency, string>> = {
  none: 'istio_requests_total|istio_tcp_sent_bytes_total|istio_tcp_received_bytes_total',
  mean: 'istio_requests_total|istio_tcp_sent_bytes_total|istio_tcp_received_bytes_total|istio_request_duration_milliseconds_(sum|count)',
  p95: 'istio_requests_total|istio_tcp_sent_bytes_total|istio_tcp_received_bytes_total|istio_request_duration_milliseconds_bucket',
}
const QUERIES = String.raw`meshdeck_bff_prometheus_queries_total\{result="ok"\}`
/** Instants lie apart, so that no answer is one that is kept. */
const STEP_SECONDS = 5

/** The topology as the console asks for it: what it costs Prometheus, how long it takes, and what is sent. */
export const graph: Measurement = {
  name: 'graph',
  what: 'The service topology of 500 and 5,000 services over the Prometheus of the sandbox, at instants of their own: without latency, with means, with p95 (what every graph cost before), in turns',
  async run() {
    const figures: Figure[] = []
    for (const { fleet, runs } of FLEETS) {
      const world = await createScaleWorld(fleet)
      try {
        figures.push(...(await measure(world, fleet, runs)))
      } finally {
        await world.close()
      }
    }
    return figures
  },
}

async function measure(world: ScaleWorld, fleet: string, runs: number): Promise<Figure[]> {
  const times: Record<Latency, number[]> = { none: [], mean: [], p95: [] }
  const queries: Record<Latency, number> = { none: 0, mean: 0, p95: 0 }
  let size = { bytes: 0, edges: 0, nodes: 0 }
  let at = Math.floor(Date.now() / 1000 / STEP_SECONDS) * STEP_SECONDS
  // What is read once only, such as how a store is fed, is not of any one of them.
  await ask(world, 'none', at)
  for (let run = 0; run < runs; run++) {
    for (const latency of LATENCIES) {
      at -= STEP_SECONDS
      const before = await metricOf(world.url, QUERIES)
      const began = performance.now()
      const text = await ask(world, latency, at)
      times[latency].push(performance.now() - began)
      queries[latency] = (await metricOf(world.url, QUERIES)) - before
      if (latency === 'mean') size = sizeOf(text)
    }
  }
  const series = await Promise.all(LATENCIES.map((latency) => seriesOf(world, METRICS[latency], at)))
  const clusters = prometheusOf(world).length
  const none = summarize(times.none).median
  return [
    { what: `${fleet}: nodes`, value: size.nodes, unit: '' },
    { what: `${fleet}: edges`, value: size.edges, unit: '' },
    {
      what: `${fleet}: answer with means, gzip`,
      value: size.bytes / 1_000,
      unit: 'KB',
      ...(fleet === 'S500P2000' && { aim: 150 }),
    },
    ...LATENCIES.flatMap((latency, index): Figure[] => {
      const { median, min, max } = summarize(times[latency])
      return [
        { what: `${fleet}, ${latency}: queries for each Prometheus`, value: queries[latency] / clusters, unit: '' },
        { what: `${fleet}, ${latency}: series read`, value: series[index] ?? 0, unit: '' },
        { what: `${fleet}, ${latency}: median`, value: median, unit: 'ms', range: [min, max] },
        { what: `${fleet}, ${latency}: against none`, value: median / none, unit: '×' },
      ]
    }),
  ]
}

async function ask({ url }: ScaleWorld, latency: Latency, at: number): Promise<string> {
  const answer = await fetch(`${url}/api/v1/meshes/${MESH}/topology?view=service&latency=${latency}&at=${at}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`the topology answered ${answer.status}: ${text.slice(0, 300)}`)
  return text
}

function sizeOf(text: string): { bytes: number; edges: number; nodes: number } {
  const body: unknown = JSON.parse(text)
  const count = (name: string): number => {
    const list = isRecord(body) ? body[name] : undefined
    return Array.isArray(list) ? list.length : 0
  }
  if (count('failures') > 0) throw new Error(`not every cluster answered: ${text.slice(-500)}`)
  return { bytes: gzipSync(text).length, edges: count('edges'), nodes: count('nodes') }
}

const prometheusOf = ({ sandbox }: ScaleWorld): string[] =>
  sandbox.clusters.flatMap(({ prometheusUrl }) => prometheusUrl ?? [])

/** How many series all Prometheus servers hold of some metrics. */
async function seriesOf(world: ScaleWorld, metrics: string, at: number): Promise<number> {
  const counts = await Promise.all(
    prometheusOf(world).map(async (url) => {
      const query = `count({__name__=~"${metrics}"})`
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at) })}`)
      const body: unknown = await answer.json()
      const result = isRecord(body) && isRecord(body['data']) ? body['data']['result'] : undefined
      const [first]: unknown[] = Array.isArray(result) ? result : []
      return isRecord(first) && Array.isArray(first['value']) ? Number(first['value'][1]) : 0
    }),
  )
  return counts.reduce((sum, each) => sum + each, 0)
}
