import { afterEach, describe, expect, it } from 'vitest'
import type { EventFrame } from '@meshdeck/contract'
import type { BffApp } from '../app.ts'
import { buildTestApp, clusterRecord, meshRecord, namespaceRecord, virtualService } from '../testing/bff.ts'
import { openEvents, type EventReader } from '../testing/event-reader.ts'
import { startFakeCluster, type FakeCluster, type FakeClusterOptions } from '../testing/fake-cluster.ts'

const tokens = {
  admin: { name: 'admin', groups: [] },
  shopper: { name: 'shopper', groups: [] },
  nobody: { name: 'nobody', groups: [] },
}
const bearer = (token: keyof typeof tokens) => ({ authorization: `Bearer ${token}` })
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part.close()
})

/** `shopper` may list in namespace shop for as long as the namespace has its role binding. */
async function startWorld(
  more: FakeClusterOptions = {},
): Promise<{ app: BffApp; alpha: FakeCluster; url: string; roles: Set<string> }> {
  const roles = new Set(['shop'])
  const allows: FakeClusterOptions['allows'] = ({ name }, { namespace, resource }) =>
    name === 'admin' ||
    (name === 'shopper' && (resource === 'clusters' || (namespace !== undefined && roles.has(namespace))))
  const options = { tokens, allows, ...more }
  const alpha = await startFakeCluster({ ...options, objects: [namespaceRecord('shop'), namespaceRecord('bank')] })
  const hub = await startFakeCluster({ ...options, objects: [clusterRecord('alpha'), meshRecord('shop', ['alpha'])] })
  const app = await buildTestApp(hub, { alpha: alpha.url }, { modes: ['bearer'] })
  open.push(alpha, hub, app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  // The kind is watched once somebody has asked for it.
  await app.inject({ url: '/api/v1/clusters/alpha/resources/virtual-services', headers: bearer('admin') })
  return { app, alpha, url, roles }
}

async function follow(url: string, token: keyof typeof tokens): Promise<EventReader> {
  const reader = await openEvents(url, bearer(token))
  open.push(reader)
  await reader.until(({ type }) => type === 'ready')
  return reader
}

const isChange = (op: string, name: string) => (frame: EventFrame) =>
  frame.type === 'change' && frame.op === op && frame.name === name

describe('event stream', () => {
  it('names what changed, and never what it holds', async () => {
    const { alpha, url } = await startWorld()
    const admin = await follow(url, 'admin')
    alpha.put(virtualService('shop', 'reviews', { spec: { hosts: ['confidential.example'] } }))
    expect(await admin.until(isChange('added', 'reviews'))).toEqual({
      type: 'change',
      cluster: 'alpha',
      kind: 'VirtualService',
      op: 'added',
      namespace: 'shop',
      name: 'reviews',
    })
    alpha.remove(virtualService('shop', 'reviews'))
    await admin.until(isChange('deleted', 'reviews'))
    expect(admin.text()).not.toContain('confidential')
  })

  it('tells each reader only of what that one may list, deletions included', async () => {
    const { alpha, url } = await startWorld()
    const [admin, shopper, nobody] = await Promise.all([
      follow(url, 'admin'),
      follow(url, 'shopper'),
      follow(url, 'nobody'),
    ])
    for (const namespace of ['bank', 'shop']) alpha.put(virtualService(namespace, `in-${namespace}`))
    await shopper.until(isChange('added', 'in-shop'))
    for (const namespace of ['bank', 'shop']) alpha.remove(virtualService(namespace, `in-${namespace}`))
    await Promise.all([
      admin.until(isChange('deleted', 'in-shop')),
      admin.until(isChange('deleted', 'in-bank')),
      shopper.until(isChange('deleted', 'in-shop')),
    ])
    expect(shopper.text()).not.toContain('in-bank')
    expect(nobody.text()).not.toMatch(/in-(shop|bank)|alpha/)
  })

  it('tells of a deletion by the decision before it, when the rights went with the namespace', async () => {
    const { alpha, url, roles } = await startWorld()
    const shopper = await follow(url, 'shopper')
    alpha.put(virtualService('shop', 'reviews'))
    await shopper.until(isChange('added', 'reviews'))
    roles.delete('shop')
    alpha.remove(virtualService('shop', 'reviews'))
    await shopper.until(isChange('deleted', 'reviews'))
  })

  it('says that a cluster is lost, to those who may know of clusters', async () => {
    const { alpha, url } = await startWorld()
    const [shopper, nobody] = await Promise.all([follow(url, 'shopper'), follow(url, 'nobody')])
    await alpha.close()
    const lost = await shopper.until((frame) => frame.type === 'cluster' && frame.state === 'lost')
    expect(lost).toMatchObject({ cluster: 'alpha', problem: { code: 'cluster-unreachable' } })
    // One who comes later is told at once.
    const late = await follow(url, 'shopper')
    await late.until((frame) => frame.type === 'cluster' && frame.state === 'lost')
    expect(nobody.text()).not.toContain('alpha')
  }, 15_000)

  it('says when a kind is back after it could not be read, since answers given meanwhile told of that', async () => {
    let off = false
    const refusal = { kind: 'Status', status: 'Failure', code: 503, message: 'not now' }
    const { app, alpha, url } = await startWorld({
      intercept: ({ path }) => (off && path.includes('virtualservices') ? { status: 503, body: refusal } : undefined),
    })
    const admin = await follow(url, 'admin')
    off = true
    alpha.cut()
    const failures = async () =>
      (await app.inject({ url: '/api/v1/clusters/alpha/resources/virtual-services', headers: bearer('admin') })).json<{
        failures: unknown[]
      }>().failures.length
    await expect.poll(failures, { timeout: 10_000 }).toBe(1)
    off = false
    await admin.until((frame) => frame.type === 'resync' && frame.kind === 'VirtualService')
    expect(await failures()).toBe(0)
  }, 30_000)

  it('ends when the server stops, with a hint when to come back', async () => {
    const { app, url } = await startWorld()
    const admin = await follow(url, 'admin')
    await app.close()
    await expect(admin.until(() => false)).rejects.toThrow(/ended/)
    expect(admin.text()).toMatch(/^retry: \d+$/m)
  })

  it('is limited in number for each caller', async () => {
    const { url } = await startWorld()
    for (let i = 0; i < 32; i++) await follow(url, 'admin')
    await expect(openEvents(url, bearer('admin'))).rejects.toThrow(/429/)
    await follow(url, 'shopper')
  })
})
