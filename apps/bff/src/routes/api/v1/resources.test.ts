import { Problem } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { Value } from 'typebox/value'
import { afterEach, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import {
  buildTestApp,
  clusterRecord,
  CSRF,
  LOCAL,
  meshRecord,
  namespaceRecord,
  virtualService,
} from '../../../testing/bff.ts'
import { startFakeCluster, type FakeCluster, type FakeClusterOptions } from '../../../testing/fake-cluster.ts'

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part.close()
})

/** A hub that knows one cluster, `alpha`, on a server of its own. */
async function startWorld(
  options: FakeClusterOptions = {},
): Promise<{ app: BffApp; alpha: FakeCluster; hub: FakeCluster }> {
  const alpha = await startFakeCluster(options)
  const hub = await startFakeCluster({ ...options, objects: [clusterRecord('alpha')] })
  const app = await buildTestApp(hub, { alpha: alpha.url })
  open.push(alpha, hub, app)
  return { app, alpha, hub }
}

const base = '/api/v1/clusters/alpha/resources/virtual-services'
const unheardOf = virtualService('shop', 'reviews', {
  metadata: {
    namespace: 'shop',
    name: 'reviews',
    labels: { 'example.com/unheard-of': 'kept' },
    annotations: { constructor: 'kept', 'example.com/other': '漢字' },
    futureField: { deep: [1, null, { x: true }] },
  },
  spec: { hosts: ['reviews'], http: [{ route: [], futureRule: { n: 1.5 } }], futureSpec: { kept: null } },
  futureTop: ['kept'],
})

describe('an object with fields nobody has heard of', () => {
  it('survives load, edit and save', async () => {
    const { app, alpha } = await startWorld({ objects: [unheardOf] })
    const loaded = (await app.inject({ url: `${base}/shop/reviews`, headers: LOCAL })).json<KubeResource>()
    expect(loaded).toEqual(alpha.find(unheardOf))
    const edited = { ...loaded, spec: { ...(loaded.spec as object), hosts: ['reviews', 'ratings'] } }
    const saved = await app.inject({
      method: 'PUT',
      url: `${base}/shop/reviews`,
      headers: { ...LOCAL, ...CSRF },
      payload: edited,
    })
    expect(saved.statusCode).toBe(200)
    const { resourceVersion: _old, ...metadata } = edited.metadata
    expect(alpha.find(unheardOf)).toMatchObject({ ...edited, metadata })
    expect(saved.json()).toEqual(alpha.find(unheardOf))
  })

  it('comes through a list whole, but for its managers', async () => {
    const { app, alpha } = await startWorld({
      objects: [{ ...unheardOf, metadata: { ...unheardOf.metadata, managedFields: [{ manager: 'kubectl' }] } }],
    })
    const page = (await app.inject({ url: base, headers: LOCAL })).json()
    const { managedFields: _managers, ...metadata } = alpha.find(unheardOf)?.metadata ?? { name: '' }
    expect(page.items).toEqual([{ cluster: 'alpha', resource: { ...alpha.find(unheardOf), metadata } }])
  })
})

describe('writing a resource', () => {
  it('refuses a stale version and shows what is there now', async () => {
    const { app, alpha } = await startWorld({ objects: [virtualService('shop', 'reviews')] })
    const opened = (await app.inject({ url: `${base}/shop/reviews`, headers: LOCAL })).json<KubeResource>()
    const theirs = alpha.put(virtualService('shop', 'reviews', { spec: { hosts: ['theirs'] } }))
    const answer = await app.inject({
      method: 'PUT',
      url: `${base}/shop/reviews`,
      headers: { ...LOCAL, ...CSRF },
      payload: opened,
    })
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({ code: 'conflict', cluster: 'alpha', current: theirs })
    expect(Value.Check(Problem, answer.json())).toBe(true)
  })

  it('says that a name is taken', async () => {
    const { app } = await startWorld({ objects: [virtualService('shop', 'reviews')] })
    const answer = await app.inject({
      method: 'POST',
      url: base,
      headers: { ...LOCAL, ...CSRF },
      payload: virtualService('shop', 'reviews'),
    })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'already-exists'])
  })

  it('keeps the words of an admission webhook, and writes nothing in a dry run', async () => {
    const message =
      'admission webhook "validation.istio.io" denied the request: configuration is invalid: weight -1 < 0'
    const { app } = await startWorld({
      intercept: ({ method, path }) =>
        method === 'POST' && path.endsWith('/virtualservices')
          ? { status: 400, body: { kind: 'Status', status: 'Failure', code: 400, reason: 'BadRequest', message } }
          : undefined,
    })
    const answer = await app.inject({
      method: 'POST',
      url: `${base}?dryRun=All`,
      headers: { ...LOCAL, ...CSRF },
      payload: virtualService('shop', 'x'),
    })
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'admission-denied', detail: message })
  })

  it('hands on warnings', async () => {
    const { app } = await startWorld({
      intercept: ({ method, path, body }) =>
        method === 'POST' && path.endsWith('/virtualservices')
          ? { status: 201, body, headers: { warning: '299 - "rule \\"b\\" not used"' } }
          : undefined,
    })
    const answer = await app.inject({
      method: 'POST',
      url: base,
      headers: { ...LOCAL, ...CSRF },
      payload: virtualService('shop', 'x'),
    })
    expect([answer.headers['warning']].flat()).toEqual(['299 - "rule \\"b\\" not used"'])
  })

  it.each([
    ['another kind', { ...virtualService('shop', 'reviews'), kind: 'DestinationRule' }, 'kind'],
    [
      'another version',
      { ...virtualService('shop', 'reviews'), apiVersion: 'networking.istio.io/v1beta1' },
      'apiVersion',
    ],
    ['another namespace', virtualService('other', 'reviews'), 'metadata.namespace'],
    ['another name', virtualService('shop', 'other'), 'metadata.name'],
    ['no version', virtualService('shop', 'reviews'), 'metadata.resourceVersion'],
    ['no metadata', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' }, 'metadata'],
  ])('refuses a body of %s, naming the field, before the cluster is asked', async (_what, payload, field) => {
    const { app, alpha } = await startWorld()
    const answer = await app.inject({
      method: 'PUT',
      url: `${base}/shop/reviews`,
      headers: { ...LOCAL, ...CSRF },
      payload,
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'invalid-input', fields: [{ field }] })
    expect(alpha.seen.filter(({ method, path }) => method === 'PUT' && path.includes('virtualservices'))).toEqual([])
  })

  it.each([
    ['POST', '/api/v1/clusters/alpha/resources/secrets'],
    ['PUT', '/api/v1/clusters/alpha/resources/pods/shop/x'],
    ['PATCH', '/api/v1/clusters/alpha/resources/events/shop/x'],
    ['DELETE', '/api/v1/clusters/alpha/resources/nodes/x'],
  ] as const)('never writes kinds that are only read: %s %s', async (method, url) => {
    const { app } = await startWorld()
    const payload = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'shop' } }
    const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}
    const answer = await app.inject({
      method,
      url,
      headers: { ...LOCAL, ...CSRF, ...type },
      ...(method === 'DELETE' ? {} : { payload }),
    })
    expect([answer.statusCode, answer.json().code]).toEqual([405, 'read-only-kind'])
  })

  it('refuses a body that is too large', async () => {
    const { app } = await startWorld()
    const payload = virtualService('shop', 'x', { spec: { hosts: ['a'.repeat(3_000_000)] } })
    const answer = await app.inject({ method: 'POST', url: base, headers: { ...LOCAL, ...CSRF }, payload })
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'too-large'])
  })
})

describe('addresses', () => {
  it.each([
    ['/api/v1/clusters/alpha/resources/no-such-kind', 404, 'unknown-kind'],
    ['/api/v1/clusters/gamma/resources/pods', 404, 'unknown-cluster'],
    ['/api/v1/clusters/alpha/resources/meshes', 404, 'unknown-kind'],
    ['/api/v1/clusters/-hub/resources/pods', 404, 'unknown-kind'],
    [`${base}/shop/missing`, 404, 'not-found'],
    [`${base}/shop/..%2f..%2fsecrets`, 400, 'invalid-input'],
    [`${base}?page=0`, 400, 'invalid-input'],
    [`${base}?page=1&page=2`, 400, 'invalid-input'],
    [`${base}?unknown=1`, 400, 'invalid-input'],
    [`${base}?sort=nothing`, 400, 'invalid-input'],
    [`${base}?labels=a%20in%20(b)`, 400, 'invalid-input'],
  ])('%s gives %i %s', async (url, status, code) => {
    const { app } = await startWorld()
    const answer = await app.inject({ url, headers: LOCAL })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(Value.Check(Problem, answer.json())).toBe(true)
  })

  it('tells a kind that is not installed from an object that is missing', async () => {
    const { app } = await startWorld({
      intercept: ({ path }) =>
        path.includes('virtualservices') ? { status: 404, body: '404 page not found' } : undefined,
    })
    expect((await app.inject({ url: `${base}/shop/x`, headers: LOCAL })).json().code).toBe('kind-not-installed')
    expect((await app.inject({ url: base, headers: LOCAL })).json()).toMatchObject({ items: [], missing: ['alpha'] })
  })
})

describe('secrets', () => {
  it('show their keys and never a value', async () => {
    const secret: KubeResource = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        namespace: 'shop',
        name: 'tls',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"c2VjcmV0"}', owner: 'me' },
      },
      type: 'kubernetes.io/tls',
      data: { 'tls.key': 'c2VjcmV0' },
    }
    const { app } = await startWorld({ objects: [secret] })
    for (const url of [
      '/api/v1/clusters/alpha/resources/secrets',
      '/api/v1/clusters/alpha/resources/secrets/shop/tls',
    ]) {
      const answer = await app.inject({ url, headers: LOCAL })
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain('tls.key')
      expect(answer.body).toContain('owner')
      expect(answer.body).not.toContain('c2VjcmV0')
    }
  })
})

describe('deleting an object of the history', () => {
  const ann = { authorization: 'Bearer ann' }
  const tokens = { ann: { name: 'ann', groups: [] } }
  const writes = ({ seen }: FakeCluster) =>
    seen.filter(({ method, path }) => ['PATCH', 'DELETE'].includes(method) && path.endsWith('/reviews'))
  const start = (more: FakeClusterOptions = {}) =>
    startWorld({ objects: [virtualService('shop', 'reviews')], tokens, ...more })
  const remove = (app: BffApp, query = '') =>
    app.inject({ method: 'DELETE', url: `${base}/shop/reviews${query}`, headers: ann })

  it('first writes into it who does it and why', async () => {
    const { app, alpha } = await start()
    expect((await remove(app, '?reason=not%20needed')).statusCode).toBe(200)
    const [patch, deletion] = writes(alpha)
    expect(patch?.body).toEqual({ metadata: { annotations: { 'meshdeck.io/deletion-reason': 'not needed' } } })
    expect(patch?.query.get('fieldManager')).toBe('meshdeck:ann')
    expect(deletion?.method).toBe('DELETE')
    expect(alpha.find(virtualService('shop', 'reviews'))).toBeUndefined()
  })

  it('is done without that by those who may delete and not write', async () => {
    const { app, alpha } = await start({ allows: (_user, { verb }) => verb !== 'patch' })
    expect((await remove(app, '?reason=x')).statusCode).toBe(200)
    expect(alpha.find(virtualService('shop', 'reviews'))).toBeUndefined()
  })

  it('writes nothing when it is only tried', async () => {
    const { app, alpha } = await start()
    await remove(app, '?dryRun=All&reason=x')
    expect(writes(alpha).map(({ method }) => method)).toEqual(['DELETE'])
  })

  it('takes no reason that is longer than is kept', async () => {
    const { app } = await start()
    const answer = await remove(app, `?reason=${'x'.repeat(1_001)}`)
    expect([answer.statusCode, answer.json<Problem>().fields?.[0]?.field]).toEqual([400, 'reason'])
  })
})

describe('meshdeck’s own records', () => {
  it('keep a protected mesh, and a cluster that a mesh names', async () => {
    const { app, hub } = await startWorld()
    hub.put(meshRecord('shop', ['alpha'], { protected: true }))
    const mesh = await app.inject({
      method: 'DELETE',
      url: '/api/v1/clusters/-hub/resources/meshes/shop',
      headers: { ...LOCAL, ...CSRF },
    })
    expect([mesh.statusCode, mesh.json().code]).toEqual([409, 'mesh-protected'])
    for (const url of ['/api/v1/clusters/alpha', '/api/v1/clusters/-hub/resources/clusters/alpha']) {
      const cluster = await app.inject({ method: 'DELETE', url, headers: { ...LOCAL, ...CSRF } })
      expect(cluster.json()).toMatchObject({ code: 'cluster-in-use', params: { meshes: ['shop'] } })
    }
    expect(hub.find(clusterRecord('alpha'))).toBeDefined()
  })
})

describe('rows of a list', () => {
  const tokens = { some: { name: 'ann', groups: ['a', 'b'] }, none: { name: 'nobody', groups: [] } }
  const objects = [
    namespaceRecord('shop'),
    namespaceRecord('bank'),
    virtualService('shop', 'reviews'),
    virtualService('bank', 'money'),
  ]
  const allows: NonNullable<FakeClusterOptions['allows']> = ({ name }, { namespace }) =>
    name === 'ann' && namespace === 'shop'

  it('are those of the namespaces that the caller may list', async () => {
    const { app, alpha } = await startWorld({ objects, tokens, allows })
    const page = (await app.inject({ url: base, headers: { authorization: 'Bearer some' } })).json()
    expect(page.items.map(({ resource }: { resource: KubeResource }) => resource.metadata.name)).toEqual(['reviews'])
    expect([page.total, page.all]).toEqual([1, 1])
    const asked = alpha.seen.filter(({ path }) => path.endsWith('selfsubjectaccessreviews'))
    expect(asked.every(({ user }) => user.name === 'ann' && user.groups.join() === 'a,b')).toBe(true)
  })

  it('are those that have all the traits asked for', async () => {
    const mirrored = { ...virtualService('shop', 'mirrored') }
    mirrored.spec = { hosts: ['a'], gateways: ['edge'], http: [{ mirror: { host: 'b' } }] }
    const { app } = await startWorld({ objects: [...objects, mirrored], tokens: { all: { name: 'ann', groups: [] } } })
    const ask = async (traits: string) =>
      (await app.inject({ url: `${base}?traits=${traits}`, headers: { authorization: 'Bearer all' } })).json()
    const names = (page: { items: { resource: KubeResource }[] }) =>
      page.items.map(({ resource }) => resource.metadata.name)
    expect(names(await ask('mirror,gateway'))).toEqual(['mirrored'])
    expect(names(await ask('mesh'))).toEqual(['money', 'reviews'])
    expect(names(await ask('mesh,mirror'))).toEqual([])
    expect(await ask('mirrors')).toMatchObject({ code: 'invalid-input', fields: [{ field: 'traits' }] })
  })

  it('are none for nobody, who is told which right is missing', async () => {
    const { app } = await startWorld({ objects, tokens, allows })
    const answer = await app.inject({ url: base, headers: { authorization: 'Bearer none' } })
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({
      code: 'forbidden',
      missing: { verb: 'list', group: 'networking.istio.io', resource: 'virtualservices' },
    })
    const write = await app.inject({
      method: 'DELETE',
      url: `${base}/shop/reviews`,
      headers: { authorization: 'Bearer none' },
    })
    expect(write.json()).toMatchObject({
      code: 'forbidden',
      missing: { verb: 'delete', namespace: 'shop', name: 'reviews' },
    })
  })
})
