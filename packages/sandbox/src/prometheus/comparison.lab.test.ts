import { spawn } from 'node:child_process'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { labState } from '@meshdeck/lab'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { listAt, recordAt, valueAt } from '../json.ts'
import { SYSTEM_CLOCK } from '../clock.ts'
import { renderOpenMetrics } from './open-metrics.ts'
import { PrometheusServer } from './prometheus-server.ts'
import { WRITTEN_QUERIES, randomQueries } from './testing/queries.ts'
import { syntheticSource } from './testing/synthetic-series.ts'

const START_MS = 1_700_000_000_000
const END_MS = START_MS + 7_200_000
const INSTANTS = [START_MS + 3_600_000, START_MS + 1_234_567, END_MS - 1]
const RANDOM = 300
const run = promisify(execFile)

const errors: unknown[] = []
let stop: () => Promise<void>
let real: string
let simulated: string

beforeAll(async () => {
  const { bin } = await labState()
  const dir = await mkdtemp(join(tmpdir(), 'meshdeck-promql-'))
  const source = syntheticSource(START_MS, END_MS)
  await writeFile(join(dir, 'samples'), renderOpenMetrics(source, START_MS, END_MS))
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
  real = `http://127.0.0.1:${port}`
  const server = await PrometheusServer.start({
    source,
    clock: SYSTEM_CLOCK,
    onError: (error) => errors.push(error),
  })
  simulated = server.url
  stop = async () => {
    await server.stop()
    const ended = new Promise((resolve) => prometheus.once('exit', resolve))
    prometheus.kill()
    await ended
    await rm(dir, { recursive: true })
  }
  await vi.waitFor(async () => expect((await fetch(`${real}/-/ready`)).ok).toBe(true), {
    timeout: 20_000,
    interval: 100,
  })
})
afterAll(() => stop())

it('answers as Prometheus does: the same errors, the same series, the same numbers', { timeout: 300_000 }, async () => {
  const queries = [...WRITTEN_QUERIES, ...randomQueries(11, RANDOM)]
  const different: unknown[] = []
  let compared = 0
  for (const query of queries) {
    const asked = [
      ...INSTANTS.map((time) => ['query', { query, time: String(time / 1_000) }] as const),
      [
        'query_range',
        { query, start: String(START_MS / 1_000 + 600), end: String(END_MS / 1_000 - 600), step: '97' },
      ] as const,
    ]
    for (const [path, parameters] of asked) {
      const [wanted, found] = await Promise.all([ask(real, path, parameters), ask(simulated, path, parameters)])
      compared++
      const difference = differenceOf(wanted, found)
      if (difference !== undefined) different.push({ path, query, difference })
    }
  }
  process.stdout.write(`PromQL: ${queries.length} queries, ${compared} answers, ${compared - different.length} agree\n`)
  expect(errors).toEqual([])
  expect(different).toEqual([])
})

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
