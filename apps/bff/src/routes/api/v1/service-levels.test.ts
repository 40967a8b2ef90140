import { serviceLevelPaths, type Problem, type ServiceLevelDetail, type ServiceLevelList } from '@meshdeck/contract'
import type { KubeResource, ServiceLevelSpec } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import type { BffApp } from '../../../app.ts'
import { CSRF, LOCAL } from '../../../testing/bff.ts'
import { startShopFleet, type ShopFleet } from '../../../testing/shop-fleet.ts'

const WRITE = '/api/v1/clusters/-hub/resources/service-levels'
vi.setConfig({ testTimeout: 30_000 })
let shop: ShopFleet
let app: BffApp

const level = (
  name: string,
  namespace: string,
  service: string,
  more: Partial<ServiceLevelSpec> = {},
): KubeResource => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'ServiceLevel',
  metadata: { name },
  spec: {
    mesh: 'shop',
    service: { namespace, name: service },
    indicator: { type: 'Availability' },
    objective: 99,
    windowDays: 30,
    ...more,
  },
})
const LATENCY = { type: 'Latency', thresholdMilliseconds: 250 } as const
const LEVELS = [
  level('cart', 'shop', 'cart'),
  level('cart-latency', 'shop', 'cart', { indicator: LATENCY, objective: 90 }),
  level('payment', 'backend', 'payment'),
  level('payment-latency', 'backend', 'payment', { indicator: LATENCY, objective: 50, windowDays: 7 }),
  level('nobody', 'shop', 'nobody'),
  level('accounts', 'billing', 'accounts', { mesh: 'billing' }),
]

beforeAll(async () => {
  shop = await startShopFleet(async (hub) => {
    for (const each of LEVELS) await hub.create('ServiceLevel', each)
  })
  app = shop.app
}, 60_000)
afterAll(() => shop.close())

const shopper = () => shop.shopper()

async function list(headers: Record<string, string> = LOCAL, query = {}): Promise<ServiceLevelList> {
  const answer = await app.inject({ url: serviceLevelPaths.list('shop', query), headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function detail(name: string, headers: Record<string, string> = LOCAL) {
  return app.inject({ url: serviceLevelPaths.detail('shop', name), headers })
}

async function queriesAsked(): Promise<number> {
  const { body } = await app.inject({ url: '/metrics', headers: LOCAL })
  return [...body.matchAll(/^meshdeck_bff_prometheus_queries_total\{.*result="ok".*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

describe('the levels of a mesh', () => {
  it('say how each is: kept, overspent, or without a request to tell by', async () => {
    const { items, failures } = await list()
    expect(failures).toEqual([])
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['cart', 'met'],
      ['cart-latency', 'met'],
      ['nobody', 'noData'],
      ['payment', 'exhausted'],
      ['payment-latency', 'met'],
    ])
    const by = (name: string) => items.find((each) => each.name === name)
    // A service that nobody calls keeps no promise; neither does it break one.
    for (const member of ['budgetLeft', 'good', 'requests', 'bad']) expect(by('nobody')).not.toHaveProperty(member)
    expect(by('nobody')?.burn.every(({ rate }) => rate === undefined)).toBe(true)
    const payment = by('payment')
    // 11 of 100 requests fail and one may: the budget is spent eleven times over.
    expect(payment?.budgetLeft).toBeCloseTo(1 - (1 - (payment?.good ?? 0)) / 0.01, 6)
    expect(payment?.budgetLeft).toBeLessThan(-5)
    expect(payment?.burn.find(({ window }) => window === '1h')?.rate).toBeGreaterThan(5)
    expect(payment?.clusters).toEqual(['east-1', 'east-2'])
    expect((payment?.bad ?? 0) / (payment?.requests ?? 1)).toBeCloseTo(1 - (payment?.good ?? 0), 9)
  })

  it('are asked for together: no more queries than for one of each kind', async () => {
    const before = await queriesAsked()
    await list(LOCAL, { namespace: 'shop' })
    const some = await queriesAsked()
    await list()
    const all = await queriesAsked()
    expect(some - before).toBeGreaterThan(0)
    expect(all - some).toBeLessThanOrEqual(some - before)
  })

  it('are narrowed to a service', async () => {
    const { items } = await list(LOCAL, { namespace: 'shop', service: 'cart' })
    expect(items.map(({ name }) => name)).toEqual(['cart', 'cart-latency'])
    const answer = await app.inject({ url: `${serviceLevelPaths.list('shop')}?service=No%20name`, headers: LOCAL })
    expect([answer.statusCode, answer.json<Problem>().fields?.[0]?.field]).toEqual([400, 'service'])
  })

  it('are those of services that the reader may list, counted where he may', async () => {
    const { items } = await list(shopper())
    expect(items.map(({ name, clusters, missing }) => [name, clusters, missing])).toEqual([
      ['payment', ['east-2'], ['east-1']],
      ['payment-latency', ['east-2'], ['east-1']],
    ])
    expect((await detail('cart', shopper())).json<Problem>()).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await detail('payment', shopper())).statusCode).toBe(200)
    const rules = await app.inject({ url: serviceLevelPaths.rules('shop', 'file'), headers: shopper() })
    expect(rules.body).toContain('meshdeck-service-level-payment')
    expect(rules.body).not.toContain('cart')
  })
})

describe('one level', () => {
  it('has the course of its window, which ends where the figures are, and says which conditions hold', async () => {
    const { level: view, conditions, course }: ServiceLevelDetail = (await detail('payment')).json()
    expect(course.to - course.from + course.step).toBe(30 * 86_400)
    expect(course.left.at(-1)?.[1]).toBeCloseTo(view.budgetLeft ?? 0, 0)
    expect(course.good.length).toBeGreaterThan(0)
    expect(conditions.map(({ long, above }) => [long, above])).toEqual([
      ['1h', 14.4],
      ['6h', 6],
      ['3d', 1],
    ])
    expect(conditions.find(({ severity }) => severity === 'ticket')?.holds).toBe(true)
  })

  it('is of its mesh alone, and there at once when it was just made', async () => {
    expect((await detail('accounts')).json<Problem>()).toMatchObject({ status: 404, code: 'not-found' })
    expect((await detail('never')).json<Problem>()).toMatchObject({ status: 404, code: 'not-found' })
    await shop.fleet.client('hub').create('ServiceLevel', level('fresh', 'shop', 'ratings'))
    expect((await detail('fresh')).json<ServiceLevelDetail>().level.name).toBe('fresh')
    await shop.fleet.client('hub').delete('ServiceLevel', { name: 'fresh' })
  })

  it('has rules in both forms', async () => {
    const file = await app.inject({ url: serviceLevelPaths.rules('shop', 'file', 'cart'), headers: LOCAL })
    expect(file.headers['content-type']).toMatch(/^application\/yaml/)
    expect(file.headers['content-disposition']).toContain('meshdeck-service-level-cart.yaml')
    const operator = await app.inject({ url: serviceLevelPaths.rules('shop', 'operator', 'cart'), headers: LOCAL })
    expect(parse(operator.body)).toMatchObject({ kind: 'PrometheusRule', spec: parse(file.body) })
    const bad = await app.inject({ url: `${serviceLevelPaths.rules('shop', 'file')}x`, headers: LOCAL })
    expect([bad.statusCode, bad.json<Problem>().fields?.[0]?.field]).toEqual([400, 'format'])
  })
})

describe('a level that is written', () => {
  const write = (body: KubeResource, headers: Record<string, string> = LOCAL) =>
    app.inject({ method: 'POST', url: WRITE, headers: { ...headers, ...CSRF }, payload: body })

  it.each([
    ['spec.objective', { objective: 100 }],
    ['spec.objective', { objective: 0 }],
    ['spec.windowDays', { windowDays: 3 }],
    ['spec.indicator.thresholdMilliseconds', { indicator: { type: 'Latency' } }],
    ['spec.indicator.thresholdMilliseconds', { indicator: { type: 'Latency', thresholdMilliseconds: 300 } }],
    ['spec.indicator.thresholdMilliseconds', { indicator: { type: 'Availability', thresholdMilliseconds: 250 } }],
    ['spec.service.name', { service: { namespace: 'shop', name: 'cart"} or vector(1)' } }],
  ] as [string, Partial<ServiceLevelSpec>][])('is refused at %s: %o', async (field, spec) => {
    const answer = await write(level('bad', 'shop', 'cart', spec))
    expect([answer.statusCode, answer.json<Problem>().fields?.map((each) => each.field)]).toEqual([422, [field]])
  })

  it('is written as the caller, so that the hub decides', async () => {
    expect((await write(level('mine', 'backend', 'payment'), shopper())).json<Problem>()).toMatchObject({
      status: 403,
      missing: { verb: 'create', resource: 'servicelevels' },
    })
  })
})
