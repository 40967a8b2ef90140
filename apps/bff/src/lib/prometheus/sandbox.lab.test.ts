/** Every query that the product sends, as it sends it, put to a real Prometheus and to that of the sandbox. */
import { fleetNamed, Sandbox } from '@meshdeck/sandbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openComparison, type Comparison } from '../../../../../packages/sandbox/src/prometheus/testing/comparison.ts'
import { goldenQueries, type GoldenScope } from './golden-queries.ts'
import { graphQueries } from './graph-queries.ts'

const CLUSTER = 'east-1'
const SCOPES: readonly GoldenScope[] = [
  { kind: 'mesh' },
  { kind: 'mesh', cluster: CLUSTER },
  { kind: 'namespace', namespace: 'shop' },
  { kind: 'service', namespace: 'shop', name: 'cart' },
  { kind: 'workload', namespace: 'shop', name: 'cart-v1' },
]
const LENGTH_MS = 1_200_000
const WINDOWS = [60, 300]

const errors: unknown[] = []
let sandbox: Sandbox
let comparison: Comparison

beforeAll(async () => {
  sandbox = await Sandbox.start({ fleet: fleetNamed('demo', 1), onError: (error) => errors.push(error) })
  const source = sandbox.metricsOf(CLUSTER)
  if (!source) throw new Error(`${CLUSTER} has no traffic`)
  const endMs = Math.floor(Date.now() / 60_000) * 60_000
  comparison = await openComparison({ source, startMs: endMs - LENGTH_MS, endMs })
})
afterAll(async () => {
  await comparison.stop()
  await sandbox.stop()
  expect(errors).toEqual([])
})

it('are answered alike by both', { timeout: 120_000 }, async () => {
  const graphs = (['namespace', 'service', 'version', 'workload'] as const).flatMap((view) =>
    [{}, { namespaces: ['shop', 'backend'] }].flatMap((within) =>
      (['mean', 'p95'] as const).map((latency) => ({ view, latency, ...within })),
    ),
  )
  const queries = WINDOWS.flatMap((windowSeconds) => [
    ...SCOPES.flatMap((scope) => Object.values(goldenQueries(scope, windowSeconds))),
    ...graphs.flatMap((graph) => Object.values(graphQueries({ windowSeconds, ...graph }))),
    // As it is asked of a server that holds series twice, which neither of the two is.
    ...Object.values(graphQueries({ view: 'service', windowSeconds, replicas: ['prometheus_replica'] })),
  ])
  const { answers, filled, different } = await comparison.compare([...new Set(queries)])
  process.stdout.write(
    `PromQL of the product: ${new Set(queries).size} queries, ${answers} answers, ${filled} not empty\n`,
  )
  expect(different).toEqual([])
  // Nothing is proved by two empty answers.
  expect(filled / answers).toBeGreaterThan(0.4)
})
