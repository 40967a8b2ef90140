import { referencesPath, type Problem, type ReferencesAnswer } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const WAIT = { timeout: 20_000 }
let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  const hub = fleet.client('hub')
  for (const name of ['east-1', 'east-2']) await hub.create('Cluster', clusterRecord(name))
  await hub.create('Mesh', meshRecord('shop', ['east-1', 'east-2']))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

const ask = (targets: object[]) =>
  app.inject({ method: 'POST', url: referencesPath('shop'), headers: { ...LOCAL, ...CSRF }, payload: { targets } })
const read = async (...targets: object[]): Promise<ReferencesAnswer> => {
  const answer = await ask(targets)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const at = (kind: string, name: string, namespace = 'shop') => ({ cluster: 'east-1', kind, namespace, name })

describe('references of objects', () => {
  it('are told in both directions, for each that was asked for', async () => {
    await expect.poll(async () => (await read(at('DestinationRule', 'reviews'))).items[0]?.usedBy.length, WAIT).toBe(2)
    const { items, hidden, failures } = await read(at('Gateway', 'shop'), at('DestinationRule', 'reviews'))
    expect([hidden, failures]).toEqual([[], []])
    const [gateway, rule] = items
    expect(gateway?.usedBy).toEqual([
      {
        object: { cluster: 'east-1', kind: 'VirtualService', namespace: 'shop', name: 'frontend' },
        path: 'spec.gateways[0]',
        part: 'object',
        loose: false,
      },
    ])
    expect(rule?.usedBy.map(({ object, part, name }) => [object.name, part, name])).toEqual([
      ['reviews', 'subset', 'v1'],
      ['reviews', 'subset', 'v2'],
    ])
    expect(rule?.uses.map(({ object, path }) => [object.kind, object.name, path])).toEqual([
      ['Service', 'reviews', 'spec.host'],
    ])
  })

  it('go through the providers of the mesh’s settings', async () => {
    const east = fleet.client('east-1')
    const settings = await east.get('ConfigMap', { namespace: 'istio-system', name: 'istio' })
    const mesh =
      'extensionProviders:\n- name: opa\n  envoyExtAuthzHttp:\n    service: shop/cart.shop.svc.cluster.local\n    port: 80\n'
    await east.replace('ConfigMap', { ...settings, data: { mesh } })
    await east.create('AuthorizationPolicy', {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace: 'shop', name: 'ask-opa' },
      spec: { action: 'CUSTOM', provider: { name: 'opa' }, rules: [{}] },
    })
    const usersOfCart = async () =>
      (await read(at('Service', 'cart'))).items[0]?.usedBy.map(({ object, part, name }) => [object.name, part, name])
    await expect.poll(usersOfCart, WAIT).toContainEqual(['ask-opa', 'provider', 'opa'])
  })

  it('are none of what is not there, and unknown kinds are refused', async () => {
    expect((await read(at('Gateway', 'nobody'))).items).toEqual([{ uses: [], usedBy: [] }])
    const answer = await ask([at('Nothing', 'x')])
    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([404, 'unknown-kind'])
    expect((await ask([])).statusCode).toBe(400)
  })
})
