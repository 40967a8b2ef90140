import { monitoringPaths, type MonitoringExemplars, type Problem } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { LOCAL } from '../../../testing/bff.ts'
import { startShopFleet, type ShopFleet } from '../../../testing/shop-fleet.ts'

/** Fleets, and their first queries, take their time on a machine that has other things to do. */
const START = 60_000
vi.setConfig({ testTimeout: 30_000 })
let shop: ShopFleet

beforeAll(async () => {
  shop = await startShopFleet()
}, START)
afterAll(() => shop.close())

const CART = { namespace: 'shop', name: 'cart' }
const CHECKOUT = { namespace: 'backend', name: 'checkout', reporter: 'destination' }

async function ask(
  [dashboard, section, panel]: [string, string, string],
  query: Record<string, string>,
  headers: Record<string, string> = LOCAL,
) {
  const url = `${monitoringPaths.exemplars('shop', dashboard, section, panel)}?${new URLSearchParams(query)}`
  return shop.app.inject({ url, headers })
}

async function exemplars(...args: Parameters<typeof ask>): Promise<MonitoringExemplars> {
  const answer = await ask(...args)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('the exemplars of a panel', () => {
  it('stand on its lines, within the time', async () => {
    const answer = await exemplars(['services', 'clients', 'clients-duration'], CART)
    expect(answer.failures).toEqual([])
    expect(answer.exemplars.length).toBeGreaterThan(10)
    expect(answer.exemplars.length).toBeLessThanOrEqual(100)
    for (const { at, value, traceId, labels } of answer.exemplars) {
      expect(at).toBeGreaterThanOrEqual(answer.from)
      expect(at).toBeLessThanOrEqual(answer.to)
      expect(value).toBeGreaterThan(0)
      expect(traceId).toMatch(/^[0-9a-f]{32}$/)
      expect(labels['source_workload_namespace']).toBe('shop')
      expect(Object.keys(labels)).not.toContain('le')
    }
    expect(answer.exemplars.map(({ at }) => at)).toEqual(answer.exemplars.map(({ at }) => at).toSorted((a, b) => a - b))
  })

  it('are told apart by the cluster whose Prometheus said them', async () => {
    const answer = await exemplars(['services', 'clients', 'clients-duration'], CHECKOUT)
    expect(new Set(answer.exemplars.map(({ labels }) => labels['cluster']))).toEqual(new Set(['east-2']))
    const one = await exemplars(['services', 'clients', 'clients-duration'], { ...CHECKOUT, cluster: 'east-2' })
    expect(one.exemplars.length).toBeGreaterThan(0)
    expect(one.exemplars.some(({ labels }) => 'cluster' in labels)).toBe(false)
  })

  it('have no value where the panel shows rates', async () => {
    const { exemplars: found } = await exemplars(['services', 'clients', 'clients-requests'], CART)
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((one) => !('value' in one))).toBe(true)
    expect(found[0]?.labels).toHaveProperty('response_code')
  })

  it('are a hundred at most, spread over the time', async () => {
    const answer = await exemplars(['services', 'general', 'serverDuration'], { ...CART, range: '21600' })
    expect(answer.exemplars).toHaveLength(100)
    expect(answer.total).toBeGreaterThan(100)
    const middle = (answer.from + answer.to) / 2
    expect(answer.exemplars.filter(({ at }) => at < middle).length).toBeGreaterThan(30)
    expect(answer.exemplars.filter(({ at }) => at > middle).length).toBeGreaterThan(30)
  })

  it('are of the callers that were asked for', async () => {
    const { exemplars: found } = await exemplars(['services', 'clients', 'clients-duration'], {
      ...CART,
      peers: 'nobody',
    })
    expect(found).toEqual([])
  })

  it.each([
    [['services', 'clients', 'clients-success'], CART],
    [['services', 'general', 'clientRequests'], CART],
    [['services', 'clients', 'nothing'], CART],
    [['mesh', 'traffic', 'volume'], {}],
    [['nothing', 'traffic', 'volume'], {}],
  ] as [[string, string, string], Record<string, string>][])('are not there for %j', async (panel, query) => {
    expect((await ask(panel, query)).json<Problem>()).toMatchObject({ code: 'not-found', status: 404 })
  })

  it.each([
    [{ namespace: 'shop' }, 'name'],
    [{ ...CART, from: '20', to: '10' }, 'from'],
    [{ ...CART, range: '1' }, 'range'],
    [{ ...CART, nonsense: '1' }, 'nonsense'],
  ])('refuse %j, naming the field', async (query, field) => {
    const answer = await ask(['services', 'clients', 'clients-duration'], query as Record<string, string>)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(field)
  })

  it('go on without a Prometheus that is down, and name its cluster', async () => {
    await shop.fleet.sandbox.setFaults('east-2', { api: {}, prometheus: { down: true } })
    try {
      const answer = await exemplars(['services', 'clients', 'clients-duration'], { ...CART, range: '900' })
      expect(answer.failures).toMatchObject([{ cluster: 'east-2', problem: { code: 'prometheus-unreachable' } }])
      expect(answer.exemplars.length).toBeGreaterThan(0)
    } finally {
      await shop.fleet.sandbox.setFaults('east-2', { api: {}, prometheus: {} })
    }
  })
})

describe('somebody with rights in one namespace', () => {
  it('gets no exemplars of callers elsewhere', async () => {
    const panel: [string, string, string] = ['services', 'clients', 'clients-duration']
    const mine = await exemplars(panel, CHECKOUT, shop.shopper())
    const whole = await exemplars(panel, CHECKOUT)
    const callers = (answer: MonitoringExemplars) =>
      new Set(answer.exemplars.map(({ labels }) => labels['source_workload_namespace']))
    expect(callers(whole)).toContain('shop')
    expect(callers(mine)).not.toContain('shop')
    expect(mine.hidden).toBeGreaterThan(0)
    expect(mine.failures).toMatchObject([{ cluster: 'east-1', problem: { code: 'forbidden' } }])
  })

  it('is refused what belongs to another', async () => {
    const answer = await ask(['services', 'clients', 'clients-duration'], CART, shop.shopper())
    expect(answer.json<Problem>()).toMatchObject({ code: 'forbidden', status: 403 })
  })
})
