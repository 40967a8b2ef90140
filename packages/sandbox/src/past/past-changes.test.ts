import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoFleet } from '../fleets/demo.ts'
import { DEMO_PAST } from '../fleets/demo-past.ts'
import { listAt, textAt, valueAt } from '../json.ts'
import { Sandbox } from '../sandbox.ts'
import { HandClock } from '../testing/hand-clock.ts'

const MINUTE_MS = 60_000
const RULES = 'networking.istio.io/virtualservices'
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

const iso = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`

/** Share of the calls to ratings that no cluster was found for, in the minute up to a moment. */
async function lost(at: number): Promise<number> {
  const rate = (flag: string) =>
    `sum(rate(istio_requests_total{reporter="source",destination_service_name="ratings",response_flags=~"${flag}"}[1m]))`
  const query = `${rate('NC')} / ${rate('.*')}`
  const url = sandbox.prometheus.get('east-1')?.url ?? ''
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at / 1_000) })}`)
  const [series] = listAt(await response.json(), 'data', 'result')
  return Number(listAt(series, 'value')[1] ?? 0)
}

it('writes what somebody changed at its time and in their name; the rest is older', () => {
  const api = sandbox.cluster('east-1').cluster
  const changed = api.get(RULES, 'shop', 'ratings')
  expect(listAt(changed, 'spec', 'http')).toMatchObject([{ route: [{ weight: 90 }, { weight: 10 }] }])
  expect(changed?.metadata.managedFields).toMatchObject([
    { manager: 'kubectl-edit', operation: 'Update', time: iso(clock.now() - 20 * MINUTE_MS) },
  ])
  const created = [changed, api.get(RULES, 'shop', 'reviews')].map((object) => object?.metadata.creationTimestamp)
  expect(created).toEqual([iso(clock.now() - 3 * 86_400_000), iso(clock.now() - 3 * 86_400_000)])
})

it('has failures in its metrics from then on, and none before', async () => {
  expect(await lost(clock.now() - 21 * MINUTE_MS)).toBe(0)
  expect(await lost(clock.now() - 18 * MINUTE_MS)).toBeCloseTo(0.1, 1)
  expect(await lost(clock.now())).toBeCloseTo(0.1, 1)
})

it('lets Meshdeck know on the hub what was there before, and leaves the change to its recorder', () => {
  const records = sandbox.cluster('hub').cluster.list('apps/controllerrevisions')
  expect(records.map(({ data }) => textAt(data, 'operation'))).toEqual(['baseline'])
  const [change] = DEMO_PAST
  expect(valueAt(records[0], 'data', 'object')).toEqual(change?.before)
})
