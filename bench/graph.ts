import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  createPrometheusClient,
  createSharedGraphs,
  DEFAULT_LIMITS,
  fetchGraphSamples,
  graphQueries,
  type PrometheusClient,
} from '@meshdeck/bff/graph'
import { createProgress, ensurePrometheus } from '@meshdeck/lab'
import { assembleGraph, foldInvisible, type MeshGraph } from '@meshdeck/mesh'
import { askByNamespace } from './graph-by-namespace.ts'
import { countedSeries, fillPrometheus, namespacesOf, type GraphSize } from './graph-series.ts'
import type { Figure, Measurement } from './measurement.ts'
import { freePort, stop, until } from './processes.ts'
import { createSlowProxy } from './slow-proxy.ts'
import { summarize } from './statistics.ts'

const SIZES: readonly (GraphSize & { runs: number })[] = [
  { services: 500, histograms: true, runs: 7 },
  // 540,000 series of histograms would take longer to write than all the rest to measure: they are counted only.
  { services: 5_000, histograms: false, runs: 3 },
]
const WINDOW_SECONDS = 60
const STEP_SECONDS = 5
/** A Prometheus in the same region, and one that is somewhere else. */
const DELAYS_MS = [0, 10]
/** The loop by namespaces takes long; its noise is small beside what it is compared with. */
const RIVAL_RUNS = 3
type Latency = 'none' | 'mean' | 'p95'

/** The graph of a mesh from a real Prometheus: what it costs there, how long it takes, and what is sent. */
export const graph: Measurement = {
  name: 'graph',
  what: 'The service graph of 500 and 5,000 services from a real Prometheus: without latency, with means, and with p95, against the three queries by themselves, in turns; against six queries per namespace one after the other, near and far; and asked again while the answers are shared',
  async run() {
    const programs = await ensurePrometheus(createProgress(() => undefined))
    const figures: Figure[] = []
    for (const size of SIZES) {
      const directory = await mkdtemp(join(tmpdir(), 'meshdeck-graph-'))
      try {
        const last = await fillPrometheus(programs.promtool, directory, size)
        figures.push(
          ...(await withPrometheus(programs.prometheus, directory, async (url) => [
            ...(await measure(url, last, size)),
            ...(await measureSharing(url, last, size)),
            ...(await measureRival(url, last, size)),
          ])),
        )
      } finally {
        await rm(directory, { recursive: true })
      }
    }
    return figures
  },
}

async function measure(url: string, last: number, size: GraphSize & { runs: number }): Promise<Figure[]> {
  const latencies: readonly Latency[] = size.histograms ? ['none', 'mean', 'p95'] : ['none', 'mean']
  const client = createPrometheusClient({ url, policy: { allowLoopback: true }, deadlineMs: 120_000, ttlMs: 0 })
  const raw: number[] = []
  const times = new Map<Latency, number[]>(latencies.map((latency) => [latency, []]))
  const processor = new Map<Latency, number[]>(latencies.map((latency) => [latency, []]))
  const asked = new Map<Latency, number>()
  let graphs: MeshGraph[] = []
  try {
    // The first round warms up. Every question has an instant of its own, so that nothing is asked twice.
    for (let run = 0; run <= size.runs; run++) {
      const at = last - run * STEP_SECONDS
      const began = performance.now()
      await askRaw(url, at)
      if (run > 0) raw.push(performance.now() - began)
      graphs = []
      for (const latency of latencies) {
        const counted = countingQueries(client)
        const start = performance.now()
        const before = processorTime()
        graphs.push(await graphOf(counted.client, latency, at))
        if (run > 0) times.get(latency)?.push(performance.now() - start)
        if (run > 0) processor.get(latency)?.push(processorTime() - before)
        asked.set(latency, counted.queries())
      }
    }
  } finally {
    await client.close()
  }
  return figuresOf(size, { raw, times, processor, asked, graph: graphs[1] })
}

interface Measured {
  raw: readonly number[]
  times: ReadonlyMap<Latency, readonly number[]>
  /** Of the console's own process. */
  processor: ReadonlyMap<Latency, readonly number[]>
  asked: ReadonlyMap<Latency, number>
  /** With means. */
  graph: MeshGraph | undefined
}

function figuresOf(size: GraphSize, { raw, times, processor, asked, graph: shown }: Measured): Figure[] {
  const name = `${size.services} services`
  const series = countedSeries(size)
  const least = summarize(raw)
  const none = summarize(times.get('none') ?? []).median
  const bytes = gzipSync(JSON.stringify(shown)).length
  return [
    { what: `${name}: edges`, value: shown?.edges.length ?? 0, unit: '' },
    {
      what: `${name}: graph with means, gzip`,
      value: bytes / 1_000,
      unit: 'KB',
      ...(size.services === 500 && { aim: 150 }),
    },
    {
      what: `${name}: the three queries by themselves`,
      value: least.median,
      unit: 'ms',
      range: [least.min, least.max],
    },
    { what: `${name}, p95: series read`, value: series.p95, unit: '' },
    ...[...times].flatMap(([latency, list]): Figure[] => {
      const { median, min, max } = summarize(list)
      return [
        { what: `${name}, ${latency}: queries`, value: asked.get(latency) ?? 0, unit: '' },
        ...(latency === 'p95'
          ? []
          : [{ what: `${name}, ${latency}: series read`, value: series[latency], unit: '' } as const]),
        { what: `${name}, ${latency}: graph`, value: median, unit: 'ms', range: [min, max] },
        {
          what: `${name}, ${latency}: graph, processor time of the console`,
          ...figureOf(processor.get(latency) ?? []),
        },
        latency === 'none'
          ? { what: `${name}, none: against the three queries`, value: median / least.median, unit: '×', aim: 1.3 }
          : { what: `${name}, ${latency}: against none`, value: median / none, unit: '×' },
      ]
    }),
  ]
}

/** What all but the first who look at a mesh wait for: the graph is there, rights are applied to it, and it is packed. */
async function measureSharing(url: string, last: number, size: GraphSize & { runs: number }): Promise<Figure[]> {
  const client = createPrometheusClient({ url, policy: { allowLoopback: true }, deadlineMs: 120_000, ttlMs: 0 })
  const graphs = createSharedGraphs({ ...DEFAULT_LIMITS, freshMs: 600_000 })
  const ask = () =>
    graphs.ask({
      key: '',
      at: last,
      assemble: async () => ({ graph: await graphOf(client, 'none', last), recorded: false, failures: [] }),
    })
  const times: number[] = []
  const processor: number[] = []
  try {
    for (let run = 0; run <= size.runs; run++) {
      const began = performance.now()
      const before = processorTime()
      gzipSync(JSON.stringify(foldInvisible((await ask()).graph, () => true)), { level: 1 })
      if (run === 0) continue
      times.push(performance.now() - began)
      processor.push(processorTime() - before)
    }
  } finally {
    await client.close()
  }
  const aim = size.services === 500 && { aim: 20 }
  return [
    { what: `${size.services} services, none: asked again`, ...figureOf(times), ...aim },
    { what: `${size.services} services, none: asked again, processor time`, ...figureOf(processor) },
  ]
}

async function measureRival(url: string, last: number, size: GraphSize): Promise<Figure[]> {
  const name = `${size.services} services`
  const namespaces = namespacesOf(size)
  const figures: Figure[] = []
  for (const delayMs of DELAYS_MS) {
    const proxy = await createSlowProxy(url, delayMs)
    const client = createPrometheusClient({
      url: proxy.url,
      policy: { allowLoopback: true },
      deadlineMs: 120_000,
      ttlMs: 0,
    })
    const [ours, theirs]: [number[], number[]] = [[], []]
    let queries = 0
    try {
      for (let run = 0; run <= RIVAL_RUNS; run++) {
        const at = last - run * STEP_SECONDS
        const start = performance.now()
        await graphOf(client, 'none', at)
        const middle = performance.now()
        queries = await askByNamespace(proxy.url, at, namespaces, WINDOW_SECONDS)
        if (run === 0) continue
        ours.push(middle - start)
        theirs.push(performance.now() - middle)
      }
    } finally {
      await client.close()
      await proxy.close()
    }
    const [own, rival] = [summarize(ours), summarize(theirs)]
    const far = `${name}, ${delayMs} ms away`
    figures.push(
      ...(delayMs === 0 ? [{ what: `${name}, by namespace: queries`, value: queries, unit: '' } as const] : []),
      { what: `${far}, by namespace`, value: rival.median, unit: 'ms', range: [rival.min, rival.max] },
      { what: `${far}: graph`, value: own.median, unit: 'ms', range: [own.min, own.max] },
      { what: `${far}: by namespace against graph`, value: rival.median / own.median, unit: '×' },
    )
  }
  return figures
}

/** Of this process, in milliseconds: unlike the time on the clock it hardly depends on what else the machine does. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function figureOf(times: readonly number[]): Pick<Figure, 'value' | 'unit' | 'range'> {
  const { median, min, max } = summarize(times)
  return { value: median, unit: 'ms', range: [min, max] }
}

async function graphOf(client: PrometheusClient, latency: Latency, at: number): Promise<MeshGraph> {
  const query = { view: 'service', windowSeconds: WINDOW_SECONDS, latency, replicas: [] } as const
  return assembleGraph(await fetchGraphSamples(client, query, at), { view: 'service', latency })
}

/** The same three queries, sent at once, their answers read as text. */
async function askRaw(url: string, at: number): Promise<void> {
  const queries = Object.values(graphQueries({ view: 'service', windowSeconds: WINDOW_SECONDS }))
  await Promise.all(
    queries.map(async (query) => {
      const body = new URLSearchParams({ query, time: String(at) })
      const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body })
      if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}`)
      await answer.text()
    }),
  )
}

function countingQueries(client: PrometheusClient): { client: PrometheusClient; queries: () => number } {
  let queries = 0
  const query: PrometheusClient['query'] = (promql, at) => {
    queries += 1
    return client.query(promql, at)
  }
  return { client: { ...client, query }, queries: () => queries }
}

async function withPrometheus<T>(program: string, directory: string, work: (url: string) => Promise<T>): Promise<T> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    program,
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  try {
    await until(async () => (await fetch(`${url}/-/ready`)).ok)
    return await work(url)
  } finally {
    await stop(child)
  }
}
