import { monitoringPaths, type MonitoringChoices, type MonitoringSection, type Problem } from '@meshdeck/contract'
import { DASHBOARDS, type DashboardId } from '@meshdeck/mesh/monitoring'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { LOCAL } from '../../../testing/bff.ts'
import type { SandboxHub } from '../../../testing/sandbox-hub.ts'
import { startShopFleet, type ShopFleet } from '../../../testing/shop-fleet.ts'

/** Fleets, and their first queries, take their time on a machine that has other things to do. */
const START = 60_000
vi.setConfig({ testTimeout: 30_000 })
let shop: ShopFleet
let fleet: SandboxHub
let app: BffApp
let shopper: () => Record<string, string>

beforeAll(async () => {
  shop = await startShopFleet()
  ;({ fleet, app, shopper } = shop)
}, START)
afterAll(() => shop.close())

async function ask(
  mesh: string,
  dashboard: string,
  section: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = LOCAL,
) {
  const url = `${monitoringPaths.section(mesh, dashboard, section)}?${new URLSearchParams(query)}`
  return app.inject({ url, headers })
}

async function section(...args: Parameters<typeof ask>): Promise<MonitoringSection> {
  const answer = await ask(...args)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

const SUBJECTS: Partial<Record<DashboardId, readonly Record<string, string>[]>> = {
  services: [
    { namespace: 'shop', name: 'cart' },
    { namespace: 'shop', name: 'redis' },
  ],
  workloads: [
    { namespace: 'shop', name: 'cart-v1' },
    { namespace: 'shop', name: 'redis' },
  ],
}
/** Ambient is only in the other mesh. */
const meshOf = (dashboard: DashboardId): string => (dashboard === 'ztunnel' ? 'billing' : 'shop')

describe('a section of a dashboard', () => {
  it.each(DASHBOARDS.flatMap(({ id, sections }) => sections.map((each) => ({ dashboard: id, section: each }))))(
    'has figures for every query of $dashboard/$section.id',
    async ({ dashboard, section: { id, panels } }) => {
      const seen = new Set<string>()
      for (const subject of SUBJECTS[dashboard] ?? [{}]) {
        const answer = await section(meshOf(dashboard), dashboard, id, { ...subject, range: '1800' })
        expect(answer.failures).toEqual([])
        expect(answer.panels.map((panel) => panel.id)).toEqual(panels.map((panel) => panel.id))
        for (const panel of answer.panels) {
          expect([panel.id, panel.failures, panel.hidden]).toEqual([panel.id, [], 0])
          for (const { query, points } of panel.series) if (points.length > 0) seen.add(`${panel.id} ${query}`)
        }
      }
      const all = panels.flatMap((panel) => panel.queries.map((query) => `${panel.id} ${query.id}`))
      expect(all.filter((each) => !seen.has(each))).toEqual([])
    },
  )

  it('adds up the figures of several Prometheus, and tells their lines apart', async () => {
    const whole = await section('shop', 'mesh', 'traffic')
    const parts = await Promise.all(
      ['east-1', 'east-2'].map((cluster) => section('shop', 'mesh', 'traffic', { cluster })),
    )
    const latest = (answer: MonitoringSection, id: string) =>
      answer.panels.find((panel) => panel.id === id)?.series[0]?.points.at(-2)?.[1] ?? Number.NaN
    const [east1 = Number.NaN, east2 = Number.NaN] = parts.map((part) => latest(part, 'volume'))
    expect(east1).toBeGreaterThan(0)
    expect(east2).toBeGreaterThan(0)
    expect(latest(whole, 'volume')).toBeCloseTo(east1 + east2, 6)
    // A share of the whole is weighed by the requests of each part.
    const shares = parts.map((part) => latest(part, 'success'))
    expect(latest(whole, 'success')).toBeCloseTo(
      ((shares[0] ?? 0) * east1 + (shares[1] ?? 0) * east2) / (east1 + east2),
      6,
    )
    const versions = await section('shop', 'mesh', 'versions')
    const clusters = new Set(versions.panels.flatMap(({ series }) => series.map(({ labels }) => labels['cluster'])))
    expect([...clusters].toSorted()).toEqual(['east-1', 'east-2'])
    expect(parts[0]?.panels.flatMap(({ series }) => series.map(({ labels }) => labels['cluster'] ?? ''))).not.toContain(
      'east-1',
    )
  })

  it('says a latency or a size by the quantiles that were asked for', async () => {
    const answer = await section('shop', 'services', 'general', { ...SUBJECTS.services?.[0], quantiles: '0.95,0.5' })
    const quantiles = answer.panels
      .find(({ id }) => id === 'clientDuration')
      ?.series.map(({ labels }) => labels['quantile'])
    expect([...new Set(quantiles)].toSorted()).toEqual(['p50', 'p95'])
  })

  it('keeps to the callers that were asked for', async () => {
    const sources = async (query: Record<string, string>) => {
      const answer = await section('shop', 'services', 'clients', { namespace: 'shop', name: 'catalog', ...query })
      return [
        ...new Set(answer.panels.flatMap(({ series }) => series.map(({ labels }) => labels['source_workload'] ?? ''))),
      ].toSorted()
    }
    expect((await sources({})).length).toBeGreaterThan(1)
    expect(await sources({ peers: 'frontend-v1' })).toEqual(['frontend-v1'])
    expect(await sources({ peerNamespaces: 'nowhere' })).toEqual([])
  })

  it('is asked for over a past range, aligned to its step', async () => {
    const to = Math.floor(Date.now() / 1000) - 7_201
    const answer = await section('shop', 'mesh', 'traffic', { from: String(to - 3_600), to: String(to) })
    expect([answer.from % answer.step, answer.to % answer.step]).toEqual([0, 0])
    expect(answer.to).toBeLessThanOrEqual(to)
    expect(answer.window).toBeGreaterThanOrEqual(60)
    const times = answer.panels[0]?.series[0]?.points.map(([at]) => at) ?? []
    expect(times[0]).toBe(answer.from)
    expect(times.at(-1)).toBe(answer.to)
  })

  it.each([
    [{ from: '20', to: '10' }, 'from'],
    [{ from: '20' }, 'to'],
    [{ to: '20' }, 'from'],
    [{ from: '0', to: '90000000' }, 'from'],
    [{ range: '1' }, 'range'],
    [{ quantiles: '1.5' }, 'quantiles'],
    [{ reporter: 'me' }, 'reporter'],
    [{ nonsense: '1' }, 'nonsense'],
  ])('refuses %j, naming the field', async (query, field) => {
    const answer = await ask('shop', 'mesh', 'traffic', query)
    expect(answer.statusCode).toBe(400)
    expect(answer.json<Problem>()).toMatchObject({ code: 'invalid-input' })
    expect(answer.body).toContain(field)
  })

  it('needs a name where it is about one thing, and exists only where it is defined', async () => {
    expect((await ask('shop', 'services', 'general', { namespace: 'shop' })).json()).toMatchObject({
      code: 'invalid-input',
      fields: [{ field: 'name' }],
    })
    for (const [dashboard, id] of [
      ['mesh', 'nothing'],
      ['nothing', 'traffic'],
    ] as const)
      expect((await ask('shop', dashboard, id)).json()).toMatchObject({ code: 'not-found', status: 404 })
  })

  it('goes on without a Prometheus that is down, and names its cluster', async () => {
    await fleet.sandbox.setFaults('east-2', { api: {}, prometheus: { down: true } })
    try {
      // Nothing of it has been asked before, so that no answer can still be shared.
      const answer = await section('shop', 'performance', 'proxies', { range: '900' })
      expect(answer.failures).toMatchObject([{ cluster: 'east-2', problem: { code: 'prometheus-unreachable' } }])
      expect(answer.panels[0]?.series[0]?.points.length).toBeGreaterThan(0)
    } finally {
      await fleet.sandbox.setFaults('east-2', { api: {}, prometheus: {} })
    }
    // It is spared for a moment after some failures.
    await expect
      .poll(async () => (await section('shop', 'performance', 'proxies', { range: '900' })).failures, {
        timeout: 10_000,
      })
      .toEqual([])
  })
})

describe('somebody with rights in one namespace', () => {
  it('sees the totals of it, and is told so', async () => {
    const mine = await section('shop', 'mesh', 'traffic', {}, shopper())
    const whole = await section('shop', 'mesh', 'traffic')
    expect(mine.within).toEqual(['backend'])
    expect(whole).not.toHaveProperty('within')
    const rows = mine.panels.find(({ id }) => id === 'httpWorkloads')?.series ?? []
    expect(rows.length).toBeGreaterThan(0)
    // What has left it for a host outside is its own as well.
    const namespaces = new Set(rows.map(({ labels }) => labels['destination_workload_namespace']))
    expect([...namespaces].toSorted()).toEqual(['backend', 'unknown'])
    expect(rows.every(({ labels }) => !labels['destination_service']?.includes('.shop.'))).toBe(true)
    const volume = ({ panels }: MonitoringSection) => panels[0]?.series[0]?.points.at(-2)?.[1] ?? Number.NaN
    expect(volume(mine)).toBeGreaterThan(0)
    expect(volume(mine)).toBeLessThan(volume(whole))
    expect(mine.failures).toMatchObject([{ cluster: 'east-1', problem: { code: 'forbidden' } }])
  })

  it('does not learn of the mesh as a whole', async () => {
    expect((await section('shop', 'mesh', 'versions', {}, shopper())).panels[0]?.series).toEqual([])
    for (const dashboard of ['control-plane', 'performance', 'ztunnel'] as const) {
      const first = DASHBOARDS.find(({ id }) => id === dashboard)?.sections[0]?.id ?? ''
      const answer = await ask('shop', dashboard, first, {}, shopper())
      expect(answer.json<Problem>()).toMatchObject({
        code: 'forbidden',
        status: 403,
        missing: { resource: 'services' },
      })
    }
  })

  it('does not learn who in other namespaces calls', async () => {
    const subject = { namespace: 'backend', name: 'checkout', reporter: 'destination' }
    const mine = await section('shop', 'services', 'clients', subject, shopper())
    const whole = await section('shop', 'services', 'clients', subject)
    const callers = ({ panels }: MonitoringSection) =>
      new Set(panels.flatMap(({ series }) => series.map(({ labels }) => labels['source_workload_namespace'] ?? '')))
    expect(callers(whole)).toContain('shop')
    expect(callers(mine)).not.toContain('shop')
    expect(mine.panels.some(({ hidden }) => hidden > 0)).toBe(true)
    expect(JSON.stringify(mine.panels.flatMap(({ series }) => series))).not.toContain('cart')
  })

  it('is refused what belongs to another namespace', async () => {
    const answer = await ask('shop', 'workloads', 'general', { namespace: 'shop', name: 'cart-v1' }, shopper())
    expect(answer.json<Problem>()).toMatchObject({ code: 'forbidden', status: 403 })
  })

  it('is offered only what it may see', async () => {
    const url = `${monitoringPaths.choices('shop')}?namespace=shop`
    const mine = (await app.inject({ url, headers: shopper() })).json<MonitoringChoices>()
    expect(mine).toMatchObject({ namespaces: ['backend'], services: [], workloads: [], whole: false })
  })
})

describe('the choices of a dashboard', () => {
  it('come from what the clusters hold, and from the record of the mesh', async () => {
    const url = `${monitoringPaths.choices('shop')}?namespace=shop`
    const choices = (await app.inject({ url, headers: LOCAL })).json<MonitoringChoices>()
    expect(choices).toMatchObject({
      clusters: ['east-1', 'east-2'],
      revisions: ['default'],
      whole: true,
      links: { grafana: 'https://grafana.example/' },
    })
    expect(choices.namespaces).toEqual(expect.arrayContaining(['backend', 'istio-system', 'shop']))
    expect(choices.services).toEqual(expect.arrayContaining(['cart', 'redis']))
    expect(choices.workloads).toEqual(expect.arrayContaining(['cart-v1', 'redis']))
  })
})
