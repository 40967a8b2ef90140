import { afterEach, describe, expect, it } from 'vitest'
import { demoFleet } from '../fleets/demo.ts'
import { listAt, recordAt, valueAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
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

/** Requests a second over the last minute, by the labels of the query, at a moment. */
async function rates(query: string, cluster = 'east-1', at = clock.now()): Promise<Record<string, number>> {
  const url = sandbox?.prometheus.get(cluster)?.url ?? ''
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at / 1_000) })}`)
  const result = valueAt(await response.json(), 'data', 'result')
  if (!Array.isArray(result)) throw new Error(`no result of ${query}`)
  return Object.fromEntries(
    result.map((series) => [Object.values(recordAt(series, 'metric')).join(' '), Number(listAt(series, 'value')[1])]),
  )
}

function change(
  cluster: string,
  resource: string,
  namespace: string,
  name: string,
  edit: (spec: Record<string, unknown>) => unknown,
): void {
  const api = sandbox?.cluster(cluster).cluster
  const object = api?.get(resource, namespace, name)
  if (object === undefined) throw new Error(`no ${name}`)
  api?.update(resource, { ...object, spec: edit(recordAt(object, 'spec')) })
}

const BY_VERSION =
  'sum by (destination_version) (rate(istio_requests_total{reporter="source",destination_service_name="reviews"}[1m]))'
const VIRTUAL_SERVICES = 'networking.istio.io/virtualservices'

describe('the traffic of a fleet', () => {
  it('follows a weight from the moment it changes, and leaves the past as it was', async () => {
    await start()
    const before = clock.now()
    const old = await rates(BY_VERSION)
    expect((old['v1'] ?? 0) / (old['v2'] ?? 1)).toBeCloseTo(9, 0)
    change('east-1', VIRTUAL_SERVICES, 'shop', 'reviews', () => ({
      hosts: ['reviews'],
      http: [{ route: ['v1', 'v2'].map((subset) => ({ destination: { host: 'reviews', subset }, weight: 50 })) }],
    }))
    clock.move(1_000)
    clock.move(75_000)
    const now = await rates(BY_VERSION)
    expect((now['v1'] ?? 0) / (now['v2'] ?? 1)).toBeCloseTo(1, 1)
    expect(await rates(BY_VERSION, 'east-1', before)).toEqual(old)
  })

  it('shows injected faults as errors of the caller, and carries less further on', async () => {
    await start()
    const onwards =
      'sum by () (rate(istio_requests_total{reporter="destination",destination_service_name="ratings"}[1m]))'
    const before = (await rates(onwards))[''] ?? 0
    change('east-1', VIRTUAL_SERVICES, 'shop', 'reviews', () => ({
      hosts: ['reviews'],
      http: [
        {
          fault: { abort: { httpStatus: 500, percentage: { value: 30 } } },
          route: [{ destination: { host: 'reviews' } }],
        },
      ],
    }))
    clock.move(1_000)
    clock.move(75_000)
    const codes = await rates(
      'sum by (response_code, response_flags) (rate(istio_requests_total{reporter="source",destination_service_name="reviews"}[1m]))',
    )
    const all = Object.values(codes).reduce((sum, rate) => sum + rate, 0)
    expect((codes['500 FI'] ?? 0) / all).toBeCloseTo(0.3, 1)
    expect((await rates(onwards))['']).toBeLessThan(before * 0.85)
  })

  it('shows who is denied by a policy', async () => {
    await start()
    const policy: KubeObject = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'no-cart', namespace: 'backend' },
      spec: {
        selector: { matchLabels: { app: 'checkout' } },
        action: 'DENY',
        rules: [{ from: [{ source: { namespaces: ['shop'] } }] }],
      },
    }
    sandbox?.cluster('east-2').cluster.create('security.istio.io/authorizationpolicies', policy)
    clock.move(1_000)
    clock.move(75_000)
    const codes = await rates(
      'sum by (response_code) (rate(istio_requests_total{reporter="source",destination_service_name="checkout"}[1m]) > 0)',
    )
    expect(Object.keys(codes)).toEqual(['403'])
  })

  it('has nowhere to go when the last pod is gone, and for a subset that nobody describes', async () => {
    await start()
    const lost =
      'sum by (response_flags) (rate(istio_requests_total{reporter="source",response_code="503",source_workload="reviews-v1"}[1m]) > 0)'
    expect(Object.keys(await rates(lost))).toEqual(['NC'])
    change('east-1', 'apps/deployments', 'shop', 'ratings-v1', (spec) => ({ ...spec, replicas: 0 }))
    for (let moment = 0; moment < 100; moment++) {
      // Controllers work between two moments.
      await new Promise((resolve) => setImmediate(resolve))
      clock.move(1_000)
    }
    expect(Object.keys(await rates(lost)).toSorted()).toEqual(['NC', 'UH'])
  })

  it('counts up and never down, and is the same for whoever asks again', async () => {
    await start()
    const query = 'resets(istio_requests_total[6h]) > 0'
    expect(await rates(query)).toEqual({})
    expect(await rates(BY_VERSION)).toEqual(await rates(BY_VERSION))
  })

  it('knows who speaks mTLS, and what lies outside', async () => {
    await start()
    const secure = await rates('count by (connection_security_policy) (istio_requests_total{reporter="destination"})')
    expect(Object.keys(secure).toSorted()).toEqual(['mutual_tls', 'none'])
    const out = await rates(
      'count by (destination_service) (istio_requests_total{destination_workload="unknown",response_code="200"})',
    )
    expect(Object.keys(out).toSorted()).toEqual(['PassthroughCluster', 'cdn.example.com'])
  })
})
