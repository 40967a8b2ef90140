import {
  tlsPaths,
  type CreateTlsSecret,
  type Problem,
  type TlsSecretDetail,
  type TlsSecretPage,
  type TlsSecretView,
} from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { createReflector, type ReflectorEvent, type ResourceClient } from '@meshdeck/kube-client'
import { CertificateAuthority, type KeyPair } from '@meshdeck/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../../start.ts'
import { clusterRecord, CSRF, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const MESH = 'shop'
const INGRESS = { cluster: 'east-1', namespace: 'istio-system' }
const DAY_MS = 86_400_000
/** A fleet on a busy machine. */
const SLOW_MS = 60_000

let fleet: SandboxHub
let address: string
let east: ResourceClient
let root: KeyPair
let shop: KeyPair
let next: KeyPair
let soon: KeyPair
/** Every answer and every line of the log, to look for keys in. */
const said: string[] = []

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  east = fleet.client('east-1')
  const hub = fleet.client('hub')
  for (const name of ['east-1', 'east-2']) await hub.create('Cluster', clusterRecord(name))
  await hub.create('Mesh', meshRecord(MESH, ['east-1', 'east-2']))
  const authority = await CertificateAuthority.create('shop-authority')
  root = await authority.pair()
  shop = await authority.host(['shop.example.com'])
  next = await authority.host(['shop.example.com', 'www.shop.example.com'])
  soon = await authority.host(['soon.example.com'], {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 9 * DAY_MS),
  })
  await secret('soon', { 'tls.crt': soon.certificate, 'tls.key': soon.key }, 'kubernetes.io/tls')
  await secret('generic', { cert: shop.certificate, key: shop.key, cacert: root.certificate })
  await secret('broken', { 'tls.crt': 'no', 'tls.key': shop.key }, 'kubernetes.io/tls')
  await secret('unrelated', { password: 'open sesame' })
  await istio('Gateway', 'secure', {
    selector: { istio: 'ingressgateway' },
    servers: [
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['shop.example.com'],
        tls: { mode: 'SIMPLE', credentialName: 'shop-tls' },
      },
    ],
  })
  await istio('DestinationRule', 'bank', {
    host: 'bank.example',
    trafficPolicy: { tls: { mode: 'MUTUAL', credentialName: 'generic' } },
  })
  const logger = createLogger('trace', { write: (line) => said.push(line) })
  const app = await fleet.start({ modes: ['local', 'bearer'], logger })
  address = await app.listen({ host: '127.0.0.1', port: 0 })
}, SLOW_MS)
afterAll(() => fleet.close())

async function secret(name: string, data: Record<string, string>, type = 'Opaque'): Promise<void> {
  await east.create('Secret', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: INGRESS.namespace },
    type,
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  })
}

async function istio(kind: 'Gateway' | 'DestinationRule', name: string, spec: object): Promise<void> {
  await east.create(kind, { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec })
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

async function ask<T = Problem>(method: Method, url: string, body?: object, as: Record<string, string> = {}) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(address + url, { method, headers: { ...CSRF, ...type, ...as }, ...json })
  const text = await answer.text()
  said.push(text)
  // The boundary: tests take the contract at its word.
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T }
}

const listed = async (query: Record<string, string> = {}) =>
  (await ask<TlsSecretPage>('GET', tlsPaths.list(MESH, query))).body
const refOf = (name: string) => ({ ...INGRESS, name })
const create = <T = Problem>(body: Partial<CreateTlsSecret>, dryRun = false) =>
  ask<T>('POST', tlsPaths.create(MESH, dryRun), { ...INGRESS, name: 'shop-tls', ...body })
const bearer = (person: string) => ({
  authorization: `Bearer ${fleet.sandbox.clusters.find(({ name }) => name === 'hub')?.token(person) ?? ''}`,
})

describe('TLS secrets', { timeout: SLOW_MS }, () => {
  it('are listed by what is public of them, those that end first in front, and others are not', async () => {
    const { items, failures, hidden } = await listed()
    expect({ failures, hidden }).toEqual({ failures: [], hidden: [] })
    expect(items.map(({ name, state, hasKey }) => [name, state, hasKey])).toEqual([
      ['broken', 'broken', true],
      ['soon', 'soon', true],
      ['generic', 'valid', true],
    ])
    expect(items[1]?.chain).toMatchObject([{ names: ['soon.example.com'], issuer: 'CN=shop-authority' }])
    expect((await listed({ state: 'soon,expired' })).items.map(({ name }) => name)).toEqual(['soon'])
    expect((await listed({ search: 'soon.example' })).total).toBe(1)
    expect((await listed({ namespace: 'shop' })).total).toBe(0)
    expect((await ask('GET', tlsPaths.list(MESH, { sort: 'key' }))).status).toBe(400)
  })

  it('say who names them: where the gateway’s pods are, not where the Gateway is', async () => {
    const { status, body } = await create<TlsSecretView>({ certificate: shop.certificate, key: shop.key }, true)
    expect(status).toBe(200)
    await expect(east.get('Secret', { namespace: INGRESS.namespace, name: 'shop-tls' })).rejects.toThrow(/not found/)
    const path = 'spec.servers[0].tls.credentialName'
    expect(body.users).toEqual([{ cluster: 'east-1', kind: 'Gateway', namespace: 'shop', name: 'secure', path }])
    const elsewhere = { namespace: 'shop', certificate: shop.certificate, key: shop.key }
    expect((await create<TlsSecretView>(elsewhere, true)).body.users).toEqual([])
    const { items } = await listed({ search: 'generic' })
    expect(items[0]?.users).toMatchObject([{ kind: 'DestinationRule', name: 'bank' }])
  })

  it('are made from PEM only when they can be served, and else the field is named', async () => {
    const { status, body } = await create({ certificate: shop.certificate, key: next.key })
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'invalid-input',
      fields: [{ field: 'key', message: 'does not belong to the certificate' }],
      params: { faults: [{ code: 'key.mismatch' }] },
    })
    expect((await create({})).body.fields?.map(({ field }) => field)).toEqual(['certificate', 'key'])
    expect((await create({ name: 'Not a name' })).body.fields?.map(({ field }) => field)).toEqual(['name'])
    expect((await create({ cluster: 'west-1', authority: root.certificate })).body.fields).toEqual([
      { field: 'cluster', message: 'is not of this mesh' },
    ])
    expect((await create({ certificate: shop.certificate + root.certificate, key: shop.key })).status).toBe(201)
    const kept = await east.get('Secret', { namespace: INGRESS.namespace, name: 'shop-tls' })
    expect(kept).toMatchObject({
      type: 'kubernetes.io/tls',
      data: { 'tls.key': Buffer.from(shop.key).toString('base64') },
    })
    expect((await create({ certificate: shop.certificate, key: shop.key })).body.code).toBe('already-exists')
    expect((await create<TlsSecretView>({ name: 'root', authority: root.certificate })).body).toMatchObject({
      type: 'Opaque',
      hasKey: false,
      authorities: [{ isSelfSigned: true }],
    })
  })

  it('are replaced with the same checks, and only in the version that was opened', async () => {
    const one = async () => (await ask<TlsSecretDetail>('GET', tlsPaths.one(MESH, refOf('generic')))).body.secret
    const { resourceVersion = '' } = await one()
    const put = (body: object, dryRun = false) =>
      ask('PUT', tlsPaths.one(MESH, refOf('generic'), dryRun ? { dryRun: 'All' } : {}), { resourceVersion, ...body })
    expect((await put({ certificate: next.certificate })).body.fields).toMatchObject([{ field: 'key' }])
    expect((await put({ certificate: next.certificate, key: next.key }, true)).status).toBe(200)
    expect((await one()).chain[0]?.names).toEqual(['shop.example.com'])
    expect((await put({ certificate: next.certificate, key: next.key })).status).toBe(200)
    expect((await one()).chain[0]?.names).toEqual(['shop.example.com', 'www.shop.example.com'])
    // Its form and what else it holds stay.
    const { data } = await east.get('Secret', { namespace: INGRESS.namespace, name: 'generic' })
    expect(Object.keys(Object(data))).toEqual(['cert', 'key', 'cacert'])
    const late = await put({ certificate: shop.certificate, key: shop.key })
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(late.body).not.toHaveProperty('current')
  })

  it('are not deleted while something names them, unless one insists', async () => {
    const refused = await ask('DELETE', tlsPaths.one(MESH, refOf('generic')))
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'secret-in-use', params: { users: ['DestinationRule shop/bank'] } },
    })
    expect((await ask('DELETE', tlsPaths.one(MESH, refOf('generic'), { force: true }))).status).toBe(204)
    expect((await ask('DELETE', tlsPaths.one(MESH, refOf('soon')))).status).toBe(204)
    for (const method of ['GET', 'DELETE'] as const)
      expect((await ask(method, tlsPaths.one(MESH, refOf('unrelated')))).status).toBe(404)
    await east.get('Secret', { namespace: INGRESS.namespace, name: 'unrelated' })
  })

  it('say in their last state why they are deleted, and in which version alone', async () => {
    const { resource } = await east.create<KubeResource>('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'moved', namespace: INGRESS.namespace },
      type: 'Opaque',
      data: { cacert: Buffer.from(root.certificate).toString('base64') },
    })
    const events: ReflectorEvent[] = []
    const reflector = createReflector({
      client: east,
      kind: 'Secret',
      trim: (object) => object,
      onEvent: (event) => events.push(event),
    })
    try {
      await expect.poll(() => reflector.state.status).toBe('synced')
      const remove = (resourceVersion: string) =>
        ask('DELETE', tlsPaths.one(MESH, refOf('moved'), { resourceVersion, reason: 'moved away' }))
      expect((await remove('1')).status).toBe(409)
      expect((await remove(resource.metadata.resourceVersion ?? '')).status).toBe(204)
      const gone = () => events.find(({ type, object }) => type === 'deleted' && object?.metadata.name === 'moved')
      await expect.poll(gone).toBeDefined()
      expect(gone()?.object?.metadata.annotations).toEqual({ 'meshdeck.io/deletion-reason': 'moved away' })
      expect(JSON.stringify(gone()?.object?.metadata.managedFields)).toContain('"manager":"meshdeck"')
    } finally {
      await reflector.stop()
    }
  })

  it('are for those who may: by the caller’s own rights, and told by name', async () => {
    const asked = await ask('GET', tlsPaths.list(MESH), undefined, bearer('viewer'))
    expect(asked).toMatchObject({
      status: 403,
      body: { code: 'forbidden', missing: { verb: 'list', resource: 'secrets' } },
    })
    const body = { ...refOf('mine'), certificate: shop.certificate, key: shop.key }
    expect((await ask('POST', tlsPaths.create(MESH), body, bearer('viewer'))).status).toBe(403)
    // Who may in some namespaces only sees those.
    await east.create('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'own', namespace: 'shop' },
      type: 'Opaque',
      data: { cacert: Buffer.from(root.certificate).toString('base64') },
    })
    const own = await ask<TlsSecretPage>('GET', tlsPaths.list(MESH), undefined, bearer('workspace-admin'))
    expect(own.body.items.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['shop/own'])
  })

  it('never show a key, in no answer and in no line of the log', () => {
    expect(said.length).toBeGreaterThan(30)
    for (const { key } of [root, shop, next, soon]) {
      const bytes = key.split('\n')[1] ?? ''
      expect(bytes.length).toBe(64)
      const again = Buffer.from(key).toString('base64').slice(60, 120)
      for (const text of said) {
        expect(text).not.toContain(bytes)
        expect(text).not.toContain(again)
      }
    }
    expect(said.join('')).not.toMatch(/PRIVATE KEY-----\\n/)
  })
})
