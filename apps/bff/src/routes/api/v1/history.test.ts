import { historyPaths, paths, type HistoryDetail, type HistoryPage } from '@meshdeck/contract'
import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { toRevision, type HistoryRecord } from '@meshdeck/mesh'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { buildTestApp, clusterRecord, CSRF, meshRecord, namespaceRecord, virtualService } from '../../../testing/bff.ts'
import { openEvents } from '../../../testing/event-reader.ts'
import { startFakeCluster, type FakeCluster, type FakeUser } from '../../../testing/fake-cluster.ts'

const ADMIN: FakeUser = { name: 'admin', groups: [] }
const SHOPPER: FakeUser = { name: 'shopper', groups: [] }
const NOBODY: FakeUser = { name: 'nobody', groups: [] }
const TOKENS = { admin: ADMIN, shopper: SHOPPER, nobody: NOBODY }

let hub: FakeCluster
let east: FakeCluster
let app: BffApp

/** In clusters the shopper may read the namespace shop and nothing else; records of the hub only Meshdeck itself may. */
const inCluster = (user: FakeUser, { namespace }: { namespace?: string }): boolean =>
  user === ADMIN || user.name === 'admin' || (user.name === 'shopper' && namespace === 'shop')
const onHub = (_user: FakeUser, { resource }: { resource: string }): boolean => resource !== 'controllerrevisions'

const id = (of: string, number: number): string => `history-${of.repeat(16).slice(0, 16)}-${number}`

function entry(of: string, ref: Partial<ResourceRef>, number: number, more: Partial<HistoryRecord> = {}): KubeResource {
  const full = { cluster: 'east', kind: 'VirtualService', namespace: 'shop', name: 'cart', ...ref } as const
  const { cluster: _, kind, ...metadata } = full
  return toRevision({
    id: id(of, number),
    number,
    ref: full,
    operation: 'changed',
    deletes: false,
    at: `2026-01-01T12:00:0${number}Z`,
    noticedAt: `2026-01-01T12:00:0${number}.500Z`,
    late: false,
    author: { tool: 'kubectl', manager: 'kubectl-edit' },
    fields: ['spec.hosts[0]'],
    fieldCount: 1,
    digest: `${of}${number}`,
    object: { apiVersion: 'v1', kind, metadata, spec: { hosts: [`secret-host-${of}${number}`] } },
    ...more,
  })
}

const cart = [
  entry('a', {}, 1, { operation: 'baseline', author: { tool: 'unknown' } }),
  entry('a', {}, 2),
  entry('a', {}, 3, {
    author: { tool: 'console', manager: 'meshdeck:alice', user: 'alice' },
    reason: 'more room',
  }),
]
const vault = entry('b', { namespace: 'bank', name: 'vault' }, 4)
const elsewhere = entry('c', { cluster: 'west', name: 'far' }, 5)

beforeEach(async () => {
  east = await startFakeCluster({ allows: inCluster, objects: [namespaceRecord('shop'), namespaceRecord('bank')] })
  hub = await startFakeCluster({
    tokens: TOKENS,
    allows: onHub,
    objects: [clusterRecord('east'), meshRecord('mesh', ['east']), ...cart, vault, elsewhere],
  })
  app = await buildTestApp(hub, { east: east.url }, { modes: ['bearer'] })
})
afterEach(async () => {
  await app.close()
  await Promise.all([hub.close(), east.close()])
})

const as = (token: string) => ({ authorization: `Bearer ${token}` })

async function list(token: string, query: Record<string, string | boolean> = {}): Promise<HistoryPage> {
  const answer = await app.inject({ url: historyPaths.list('mesh', query), headers: as(token) })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const names = ({ items }: HistoryPage): string[] => items.map(({ name, number }) => `${name}${number}`)

describe('the history of a mesh', () => {
  it('lists changes of its clusters, newest first, and who made how many', async () => {
    const page = await list('admin')
    expect(names(page)).toEqual(['vault4', 'cart3', 'cart2'])
    expect(page.items[1]).toMatchObject({ tool: 'console', author: 'alice', reason: 'more room', cluster: 'east' })
    expect(page.authors).toEqual([
      { name: 'kubectl-edit', count: 2 },
      { name: 'alice', count: 1 },
    ])
    expect(page.limits).toEqual({ perObject: 50, total: 10_000, maxBytes: 262_144 })
    const bytes = [...cart, vault].reduce((sum, { data }) => sum + JSON.stringify(Object(data)['object']).length, 0)
    expect(page.kept).toEqual({ records: 4, objects: 2, bytes, oldest: '2026-01-01T12:00:01Z' })
    expect(JSON.stringify(page)).not.toContain('secret-host')
  })

  it('is found by kind, name, author, tool, time, and with how it began', async () => {
    expect(names(await list('admin', { author: 'alice' }))).toEqual(['cart3'])
    expect(names(await list('admin', { tool: 'kubectl', namespace: 'shop' }))).toEqual(['cart2'])
    expect(names(await list('admin', { name: 'cart', kind: 'VirtualService', baselines: true }))).toEqual([
      'cart3',
      'cart2',
      'cart1',
    ])
    expect(names(await list('admin', { since: '2026-01-01T12:00:03Z', until: '2026-01-01T12:00:03Z' }))).toEqual([
      'cart3',
    ])
    expect(names(await list('admin', { search: 'ROOM' }))).toEqual(['cart3'])
    const wrong = await app.inject({ url: historyPaths.list('mesh', { since: 'yesterday' }), headers: as('admin') })
    expect(wrong.statusCode).toBe(400)
    expect(wrong.json()).toMatchObject({ fields: [{ field: 'since' }] })
  })

  it('shows nobody what they may not list in the cluster itself', async () => {
    const page = await list('shopper')
    expect(names(page)).toEqual(['cart3', 'cart2'])
    expect({ all: page.all, kinds: page.kinds }).toEqual({ all: 2, kinds: [{ name: 'VirtualService', count: 2 }] })
    expect(JSON.stringify(page)).not.toContain('vault')
    const hidden = await app.inject({ url: historyPaths.list('mesh'), headers: as('nobody') })
    expect(hidden.json()).toMatchObject({ status: 403, code: 'forbidden', missing: { verb: 'list' } })
    expect((await app.inject({ url: historyPaths.list('mesh') })).statusCode).toBe(401)
  })

  it('says whom a change concerns, now and before, only to those who ask', async () => {
    const [asked] = (await list('admin', { reach: true, name: 'cart' })).items
    expect(asked?.reach?.map(({ hosts }) => hosts)).toEqual([
      ['secret-host-a3.shop.svc.cluster.local'],
      ['secret-host-a2.shop.svc.cluster.local'],
    ])
    expect((await list('admin', { name: 'cart' })).items.every(({ reach }) => reach === undefined)).toBe(true)
    expect(JSON.stringify(await list('shopper', { reach: true }))).not.toContain('vault')
  })

  it('shows one entry whole, with the one before it', async () => {
    await list('shopper')
    const answer = await app.inject({ url: historyPaths.record('mesh', id('a', 3)), headers: as('shopper') })
    const detail: HistoryDetail = answer.json()
    expect(detail.object?.spec).toEqual({ hosts: ['secret-host-a3'] })
    expect(detail.before).toMatchObject({ entry: { number: 2 }, object: { spec: { hosts: ['secret-host-a2'] } } })
  })

  it('tells what is hidden, what is of another mesh and what never was alike', async () => {
    await list('admin')
    const ask = async (token: string, of: string) => {
      const { statusCode, body } = await app.inject({ url: historyPaths.record('mesh', of), headers: as(token) })
      return [statusCode, body.replaceAll(/history-[a-z0-9-]+|"instance":"[^"]*"/g, '')]
    }
    const never = await ask('shopper', id('d', 1))
    expect(never[0]).toBe(404)
    expect(await ask('shopper', id('b', 4))).toEqual(never)
    expect((await ask('admin', id('b', 4)))[0]).toBe(200)
    expect((await ask('nobody', id('a', 3)))[0]).toBe(404)
    expect((await ask('admin', id('c', 5)))[0]).not.toBe(200)
  })

  it('tells those who may see it of a new entry at once, and nobody else', async () => {
    await list('admin')
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const [shopper, nobody] = await Promise.all([openEvents(url, as('shopper')), openEvents(url, as('nobody'))])
    await Promise.all([shopper, nobody].map((reader) => reader.until(({ type }) => type === 'ready')))
    hub.put(entry('a', {}, 6))
    await shopper.until((frame) => frame.type === 'change' && frame.name === 'cart')
    await vi.waitFor(async () => expect(names(await list('shopper'))[0]).toBe('cart6'))
    // A stream makes one frame of several changes: the last one must not say of what is gone that it was modified.
    hub.put(entry('a', {}, 7, { operation: 'deleted', deletes: true }))
    await shopper.until((frame) => frame.type === 'change' && frame.name === 'cart' && frame.op === 'deleted')
    expect(nobody.text()).not.toContain('cart')
    shopper.close()
    nobody.close()
  })
})

describe('a write of the console', () => {
  it('is signed with the name of its caller', async () => {
    const rule = virtualService('shop', 'signed')
    const url = paths.create('east', 'VirtualService')
    const answer = await app.inject({ method: 'POST', url, headers: { ...as('admin'), ...CSRF }, payload: rule })
    expect(answer.statusCode, answer.body).toBe(201)
    const sent = east.seen.find(({ method, path }) => method === 'POST' && path.endsWith('/virtualservices'))
    expect(sent?.query.get('fieldManager')).toBe('meshdeck:admin')
  })
})
