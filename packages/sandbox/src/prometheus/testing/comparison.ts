/** The same samples in a real Prometheus and in ours, and what each answers to the same queries. */
import { spawn } from 'node:child_process'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { labState } from '@meshdeck/lab'
import { listAt, recordAt, valueAt } from '../../json.ts'
import { SYSTEM_CLOCK } from '../../clock.ts'
import { renderOpenMetrics } from '../open-metrics.ts'
import type { PrometheusSource } from '../query-api.ts'
import { PrometheusServer } from '../prometheus-server.ts'
import { syntheticSource } from './synthetic-series.ts'

const START_MS = 1_700_000_000_000
const LENGTH_MS = 7_200_000
const READY_TRIES = 200
const run = promisify(execFile)

export interface Comparison {
  /** Asks both at several instants and over a range. */
  compare(queries: readonly string[]): Promise<ComparisonResult>
  stop(): Promise<void>
}

export interface ComparisonResult {
  readonly answers: number
  /** Answers with at least one sample in them. */
  readonly filled: number
  readonly different: readonly unknown[]
}

/** Samples of a time. */
export interface Samples {
  readonly source: PrometheusSource
  readonly startMs: number
  readonly endMs: number
}

/** Fills a Prometheus of the lab's with the samples, and starts ours beside it. Default: all that makes PromQL interesting. */
export async function openComparison(samples: Samples = synthetic()): Promise<Comparison> {
  const { startMs, endMs } = samples
  const source = within(samples)
  const errors: unknown[] = []
  const { bin } = await labState()
  const dir = await mkdtemp(join(tmpdir(), 'meshdeck-promql-'))
  await writeFile(join(dir, 'samples'), renderOpenMetrics(source, startMs, endMs))
  await run(bin.promtool, ['tsdb', 'create-blocks-from', 'openmetrics', join(dir, 'samples'), join(dir, 'data')])
  await writeFile(join(dir, 'prometheus.yml'), '')
  const port = await freePort()
  const prometheus = spawn(
    bin.prometheus,
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const real = `http://127.0.0.1:${port}`
  const server = await PrometheusServer.start({
    source,
    clock: SYSTEM_CLOCK,
    onError: (error) => errors.push(error),
  })
  const stop = async (): Promise<void> => {
    await server.stop()
    const ended = new Promise((resolve) => prometheus.once('exit', resolve))
    prometheus.kill()
    await ended
    await rm(dir, { recursive: true })
  }
  for (let tries = 0; !(await isReady(real)); tries++) {
    if (tries > READY_TRIES) throw new Error('Prometheus is not ready')
    await sleep(100)
  }
  return {
    stop,
    compare: async (queries) => {
      const result = await compare(real, server.url, queries, samples)
      return { ...result, different: [...errors.splice(0), ...result.different] }
    },
  }
}

/** What was written to the real one, and nothing before or after. */
function within({ source, startMs, endMs }: Samples): PrometheusSource {
  return {
    metadata: () => source.metadata(),
    select: (matchers, from, to) =>
      source.select(matchers, Math.max(from, startMs), Math.min(to, endMs)).map(({ labels, samples }) => ({
        labels,
        samples: (first, last) => samples(Math.max(first, startMs), Math.min(last, endMs)),
      })),
  }
}

function synthetic(): Samples {
  const endMs = START_MS + LENGTH_MS
  return { source: syntheticSource(START_MS, endMs), startMs: START_MS, endMs }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function compare(
  real: string,
  simulated: string,
  queries: readonly string[],
  { startMs, endMs }: Samples,
): Promise<ComparisonResult> {
  const length = endMs - startMs
  const instants = [startMs + length / 2, startMs + Math.round(length * 0.17), endMs - 1]
  const different: unknown[] = []
  let answers = 0
  let filled = 0
  for (const query of queries) {
    const asked = [
      ...instants.map((time) => ['query', { query, time: String(time / 1_000) }] as const),
      [
        'query_range',
        {
          query,
          start: String((startMs + length / 12) / 1_000),
          end: String((endMs - length / 12) / 1_000),
          step: '97',
        },
      ] as const,
    ]
    for (const [path, parameters] of asked) {
      const [wanted, found] = await Promise.all([ask(real, path, parameters), ask(simulated, path, parameters)])
      answers++
      if (pointsOf(wanted).size > 0) filled++
      const difference = differenceOf(wanted, found)
      if (difference !== undefined) different.push({ path, query, difference })
    }
  }
  return { answers, filled, different }
}

async function ask(base: string, path: string, parameters: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${base}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) })
  return { code: response.status, body: await response.json() }
}

/** What differs; nothing when both are errors of one kind, or results with the same series and values alike to 1e-9. */
function differenceOf(wanted: unknown, found: unknown): unknown {
  if (recordAt(wanted)['code'] !== recordAt(found)['code']) {
    return { wanted: shortened(wanted), found: shortened(found) }
  }
  const [left, right] = [pointsOf(wanted), pointsOf(found)]
  for (const [key, value] of left) {
    const other = right.get(key)
    if (other === undefined || !alike(value, other)) return { key, wanted: value, found: other }
  }
  const extra = [...right.keys()].find((key) => !left.has(key))
  return extra === undefined ? undefined : { extra }
}

/** Every value of a result under its series and its time. */
function pointsOf(answer: unknown): Map<string, number> {
  const points = new Map<string, number>()
  const result = valueAt(answer, 'body', 'data', 'result')
  if (!Array.isArray(result)) return points
  if (typeof result[0] === 'number') points.set('scalar', Number(result[1]))
  for (const series of result) {
    const metric = JSON.stringify(Object.entries(recordAt(series, 'metric')).toSorted())
    const values = [
      ...listAt(series, 'values'),
      ...(Array.isArray(recordAt(series)['value']) ? [recordAt(series)['value']] : []),
    ]
    for (const point of values)
      if (Array.isArray(point)) points.set(`${metric} ${point[0]}`, Number(String(point[1]).replace('Inf', 'Infinity')))
  }
  return points
}

function alike(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3)
}

function shortened(answer: unknown): string {
  return JSON.stringify(answer).slice(0, 300)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
