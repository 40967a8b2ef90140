import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFleet } from '../fleets/demo.ts'
import { listAt, recordAt, valueAt } from '../json.ts'
import { Sandbox } from '../sandbox.ts'
import { HandClock } from '../testing/hand-clock.ts'
import { COMPONENT_METADATA } from './component-metrics.ts'
import { hasProxy } from './workloads.ts'

const clock = new HandClock()
const errors: unknown[] = []
let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await Sandbox.start({ fleet: demoFleet(), clock, onError: (error) => errors.push(error) })
})
afterAll(async () => {
  await sandbox.stop()
  expect(errors).toEqual([])
})

/** What a query gives at the clock's moment, by the values of its labels. */
async function values(query: string, cluster = 'west-1', at = clock.now()): Promise<Record<string, number>> {
  const url = sandbox.prometheus.get(cluster)?.url ?? ''
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at / 1_000) })}`)
  const result = valueAt(await response.json(), 'data', 'result')
  if (!Array.isArray(result)) throw new Error(`no result of ${query}`)
  return Object.fromEntries(
    result.map((series) => [Object.values(recordAt(series, 'metric')).join(' '), Number(listAt(series, 'value')[1])]),
  )
}

describe('what components say of themselves', () => {
  it('is there for every metric that the metadata name, and counters never fall', async () => {
    for (const [name, { type }] of Object.entries(COMPONENT_METADATA)) {
      const metric = type === 'histogram' ? `${name}_bucket` : name
      expect([name, Object.keys(await values(`count(${metric})`)).length]).toEqual([name, 1])
      if (type !== 'gauge') expect([name, await values(`resets(${metric}[6h]) > 0`)]).toEqual([name, {}])
    }
  })

  it('agrees with what the cluster holds', async () => {
    const { cluster } = sandbox.cluster('west-1')
    const proxies = cluster.list('pods').filter(hasProxy)
    expect(Object.values(await values('sum(pilot_xds)'))).toEqual([proxies.length])
    expect(Object.values(await values('pilot_services'))).toEqual([cluster.list('services').length])
    expect(await values('sum by (component, tag) (istio_build)')).toMatchObject({
      'pilot 1.30.3': 1,
      'ztunnel 1.30.3': 3,
    })
    expect(await values('sum(pilot_k8s_cfg_events{type="VirtualService",event="add"})', 'east-1')).toEqual({
      '': sandbox.cluster('east-1').cluster.list('networking.istio.io/virtualservices').length,
    })
  })

  it('has histograms that only grow from bucket to bucket', async () => {
    const buckets = await values('sum by (le) (pilot_proxy_convergence_time_bucket)')
    const ordered = Object.entries(buckets)
      .map(([le, count]) => [Number(le.replace('+', '')), count] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, count]) => count)
    expect(ordered.length).toBeGreaterThan(3)
    expect(ordered).toEqual(ordered.toSorted((a, b) => a - b))
  })
})

describe('an ambient namespace', () => {
  const OF_ZTUNNEL = '{app="ztunnel",pod=~"ztunnel-.+"}'

  it('is reported by the ztunnels of its nodes, as connections under mutual TLS', async () => {
    const opened = await values(
      `sum by (reporter, source_workload, destination_workload, connection_security_policy) (rate(istio_tcp_connections_opened_total${OF_ZTUNNEL}[5m]))`,
    )
    expect(Object.keys(opened).toSorted()).toEqual([
      'destination accounts-v1 journal-v1 mutual_tls',
      'destination journal-v1 archive-v1 mutual_tls',
      'source journal-v1 archive-v1 mutual_tls',
    ])
    expect(await values('count by (reporter) (istio_requests_total{source_workload="journal-v1"})')).toEqual({})
    expect(await values('sum(workload_manager_active_proxy_count)')).toEqual({ '': 2 })
  })
})
