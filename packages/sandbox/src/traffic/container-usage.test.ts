import { afterEach, describe, expect, it } from 'vitest'
import { demoFleet } from '../fleets/demo.ts'
import { listAt, recordAt, valueAt } from '../json.ts'
import { Sandbox } from '../sandbox.ts'
import { HandClock } from '../testing/hand-clock.ts'

const clock = new HandClock()
const errors: unknown[] = []
let sandbox: Sandbox | undefined

afterEach(async () => {
  await sandbox?.stop()
  sandbox = undefined
  expect(errors.splice(0)).toEqual([])
})

async function start(): Promise<Sandbox> {
  sandbox = await Sandbox.start({ fleet: demoFleet(), clock, onError: (error) => errors.push(error) })
  return sandbox
}

/** What a query gives at a moment, by the values of its labels. */
async function values(query: string, at = clock.now()): Promise<Record<string, number>> {
  const url = sandbox?.prometheus.get('east-1')?.url ?? ''
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at / 1_000) })}`)
  const result = valueAt(await response.json(), 'data', 'result')
  if (!Array.isArray(result)) throw new Error(`no result of ${query}`)
  return Object.fromEntries(
    result.map((series) => [Object.values(recordAt(series, 'metric')).join(' '), Number(listAt(series, 'value')[1])]),
  )
}

const HOUR_MS = 3_600_000
const MEMORY = 'sum by (pod) (container_memory_working_set_bytes{container="istio-proxy",namespace="shop"})'
const CPU = 'sum by (pod) (rate(container_cpu_usage_seconds_total{container="istio-proxy",namespace="shop"}[5m]))'

describe('the usage of containers', () => {
  it('tells CPU and memory of every proxy and istiod, of the past too, and the same to whoever asks', async () => {
    const running = await start()
    const pods = running.cluster('east-1').cluster.list('pods', 'shop')
    const withProxy = pods.filter((pod) => listAt(pod, 'spec', 'containers').some(isProxy))
    const memory = await values(MEMORY)
    expect(Object.keys(memory).toSorted()).toEqual(withProxy.map(({ metadata }) => metadata.name).toSorted())
    for (const bytes of Object.values(memory)) {
      expect(bytes).toBeGreaterThan(30 * 2 ** 20)
      expect(bytes).toBeLessThan(2 ** 30)
    }
    const cpu = await values(CPU)
    expect(Object.keys(cpu)).toHaveLength(withProxy.length)
    for (const cores of Object.values(cpu)) expect(cores).toBeGreaterThan(0.001)
    expect(await values(CPU, clock.now() - 24 * HOUR_MS)).not.toEqual({})
    expect(await values('count(container_memory_working_set_bytes{container="discovery"})')).not.toEqual({})
    expect(await values('resets(container_cpu_usage_seconds_total[6h]) > 0')).toEqual({})
    expect(await values(MEMORY)).toEqual(memory)
  })

  it('ends with a pod, begins with the next one, and keeps what was', async () => {
    const running = await start()
    const { cluster } = running.cluster('east-1')
    const before = clock.now()
    const old = await values(MEMORY)
    const gone = Object.keys(old).find((pod) => pod.startsWith('ratings-v1')) ?? ''
    cluster.delete('pods', 'shop', gone, { gracePeriodSeconds: 0 })
    await clock.until(async () => Object.keys(await values(MEMORY)).some((pod) => !(pod in old)))
    clock.move(5 * 60_000 + 15_000)
    const now = await values(MEMORY)
    expect(now).not.toHaveProperty(gone)
    expect(Object.keys(now)).toHaveLength(Object.keys(old).length)
    expect(await values(MEMORY, before)).toEqual(old)
  })

  it('stays below the limit that a pod has', async () => {
    const running = await start()
    const { cluster } = running.cluster('east-1')
    const deployment = cluster.get('apps/deployments', 'shop', 'ratings-v1')
    if (deployment === undefined) throw new Error('no ratings')
    const spec = recordAt(deployment, 'spec')
    const template = recordAt(spec, 'template')
    const metadata = { ...recordAt(template, 'metadata'), annotations: { 'sidecar.istio.io/proxyMemoryLimit': '40Mi' } }
    cluster.update('apps/deployments', { ...deployment, spec: { ...spec, template: { ...template, metadata } } })
    const smallest = async (): Promise<number> => Math.min(...Object.values(await values(MEMORY)))
    await clock.until(async () => (await smallest()) < 40 * 2 ** 20)
    expect(await smallest()).toBe(Math.floor(0.97 * 40 * 2 ** 20))
  })
})

const isProxy = (container: unknown): boolean => valueAt(container, 'name') === 'istio-proxy'
