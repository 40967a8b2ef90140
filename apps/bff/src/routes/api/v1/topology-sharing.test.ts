import type { Topology } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL } from '../../../testing/bff.ts'
import { startShopFleet, type ShopFleet } from '../../../testing/shop-fleet.ts'

let shop: ShopFleet
/** So long ago that answers are kept for the time of the test. */
const at = Math.floor(Date.now() / 1000) - 600
/** Watches come when they come. */
const PATIENCE = { timeout: 20_000 }

beforeAll(async () => {
  shop = await startShopFleet()
})
afterAll(() => shop.close())

async function topology(headers: Record<string, string> = LOCAL, query = ''): Promise<Topology> {
  const answer = await shop.app.inject({ url: `/api/v1/meshes/shop/topology?at=${at}${query}`, headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

/** How many questions to Prometheus were answered, from wherever. */
async function answered(): Promise<number> {
  const { body } = await shop.app.inject({ url: '/metrics', headers: LOCAL })
  const lines = body.matchAll(/^meshdeck_bff_prometheus_answers_total\{[^}]*\} (\d+)$/gm)
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
}

describe('a graph that several ask for', () => {
  it('is assembled once for the same question', async () => {
    // Once the watches have seen the clusters the question stays the same.
    await expect
      .poll(async () => {
        await topology()
        const before = await answered()
        await topology()
        return (await answered()) - before
      }, PATIENCE)
      .toBe(0)
    expect(await topology()).toEqual(await topology())
    const before = await answered()
    await topology(LOCAL, '&window=120')
    expect(await answered()).toBeGreaterThan(before)
  })

  it('is cut down to the rights of each, whoever asked first', async () => {
    const seenBy = ({ nodes }: Topology): string[] =>
      [...new Set(nodes.flatMap(({ namespace }) => namespace ?? []))].toSorted()
    const all = seenBy(await topology())
    expect(all.length).toBeGreaterThan(1)
    expect(seenBy(await topology(shop.shopper()))).toEqual(['backend'])
    expect(seenBy(await topology())).toEqual(all)
    const [mine, theirs] = await Promise.all([topology(shop.shopper(), '&window=180'), topology(LOCAL, '&window=180')])
    expect([seenBy(mine), seenBy(theirs)]).toEqual([['backend'], all])
  })

  it('shows what has come to the clusters meanwhile', async () => {
    const name = 'newcomer'
    const isThere = async () =>
      (await topology(LOCAL, '&view=service&idle=true')).nodes.some((node) => node.name === name)
    expect(await isThere()).toBe(false)
    await shop.fleet.client('east-1').create('Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'shop', name },
      spec: { ports: [{ name: 'http', port: 80 }] },
    })
    await expect.poll(isThere, PATIENCE).toBe(true)
  })
})
