import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem, ResourcePage } from '@meshdeck/contract'
import type { Deployment, KubeResource, Pod } from '@meshdeck/kube'
import { Value } from 'typebox/value'
import type { BffApp } from './app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord, virtualService } from './testing/bff.ts'
import { openEvents } from './testing/event-reader.ts'
import { buildLabApp, ensure, openLab, remove, type Lab } from './testing/lab.ts'

// Its own for each run: a namespace takes its time to go.
const NAMESPACE = `bff-test-${process.pid}`
const clusters = [
  clusterRecord('bff-alpha', 'alpha'),
  clusterRecord('bff-beta', 'beta'),
  clusterRecord('bff-off', 'off'),
]
const mesh = meshRecord('bff-mesh', ['bff-alpha', 'bff-beta'])
const broken = meshRecord('bff-broken', ['bff-alpha', 'bff-off'])
const namespace: KubeResource = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }
const API = '/api/v1/clusters/bff-alpha/resources'
const VS = `${API}/virtual-services`

let lab: Lab
let app: BffApp

beforeAll(async () => {
  lab = openLab()
  const hub = lab.client('alpha')
  for (const object of [...clusters, mesh, broken]) await ensure(hub, object)
  for (const cluster of ['alpha', 'beta'] as const) {
    await lab.client(cluster).apply('Namespace', namespace, { fieldManager: 'bff-test', force: true })
    await ensure(lab.client(cluster), virtualService(NAMESPACE, `in-${cluster}`, { spec: routed('reviews') }))
  }
  // Port 1 of loopback: nobody listens there.
  app = await buildLabApp(lab, { off: 'https://127.0.0.1:1' })
})
afterAll(async () => {
  await app.close()
  for (const object of [mesh, broken, ...clusters]) await remove(lab.client('alpha'), object)
  for (const cluster of ['alpha', 'beta'] as const) await remove(lab.client(cluster), namespace)
  await lab.close()
})

const as = (person: Parameters<Lab['token']>[0]) => ({ authorization: `Bearer ${lab.token(person)}` })
const write = (
  method: 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
  headers: Record<string, string> = as('editor'),
) => app.inject({ method, url, headers: { ...LOCAL, ...CSRF, ...headers }, ...(payload ? { payload } : {}) })

function routed(host: string, weight?: number): object {
  return { hosts: [host], http: [{ route: [{ destination: { host }, ...(weight === undefined ? {} : { weight }) }] }] }
}

describe('an object on a real API server', () => {
  it.each([
    [
      'virtual-services',
      virtualService(NAMESPACE, 'whole', {
        metadata: {
          namespace: NAMESPACE,
          name: 'whole',
          labels: { 'example.com/unheard-of': 'kept' },
          annotations: { 'example.com/note': '漢字 "quoted"' },
        },
        spec: {
          hosts: ['whole'],
          http: [
            {
              name: 'a',
              corsPolicy: { maxAge: '24h' },
              fault: { delay: { percentage: { value: 0.1 }, fixedDelay: '5s' } },
              route: [{ destination: { host: 'whole' } }],
            },
          ],
        },
      }),
    ],
    [
      'envoy-filters',
      {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'EnvoyFilter',
        metadata: { namespace: NAMESPACE, name: 'whole' },
        spec: {
          configPatches: [
            {
              applyTo: 'CLUSTER',
              match: { context: 'ANY' },
              patch: { operation: 'MERGE', value: { nobody: { has: ['heard', { of: null, this: 1.5 }] } } },
            },
          ],
        },
      },
    ],
  ])('survives load, edit and save with all its fields: %s', async (path, object: KubeResource) => {
    const created = await write('POST', `${API}/${path}`, object)
    expect([created.statusCode, created.statusCode === 201 ? '' : created.body]).toEqual([201, ''])
    const url = `${API}/${path}/${NAMESPACE}/whole`
    const loaded = (await app.inject({ url, headers: as('editor') })).json<KubeResource>()
    const edited = { ...loaded, metadata: { ...loaded.metadata, labels: { ...loaded.metadata.labels, edited: 'yes' } } }
    expect((await write('PUT', url, edited)).statusCode).toBe(200)
    const kind = object.kind === 'EnvoyFilter' ? 'EnvoyFilter' : 'VirtualService'
    const stored = await lab.client('alpha').get(kind, { namespace: NAMESPACE, name: 'whole' })
    expect(stored.spec).toEqual(object.spec)
    expect(stored.metadata).toMatchObject({ ...object.metadata, labels: { ...object.metadata.labels, edited: 'yes' } })
    await remove(lab.client('alpha'), object)
  })

  it('hears istiod’s own refusal in a dry run, and nothing is written', async () => {
    const bad = virtualService(NAMESPACE, 'bad', { spec: routed('reviews', -1) })
    const answer = await write('POST', `${VS}?dryRun=All`, bad)
    expect(answer.json()).toMatchObject({
      code: 'admission-denied',
      cluster: 'bff-alpha',
      detail: expect.stringContaining('weight -1 < 0'),
    })
    const good = await write('POST', `${VS}?dryRun=All`, virtualService(NAMESPACE, 'bad', { spec: routed('reviews') }))
    expect(good.statusCode).toBe(201)
    const after = await app.inject({ url: `${VS}/${NAMESPACE}/bad`, headers: as('editor') })
    expect(after.json().code).toBe('not-found')
  })

  it('names the field that the schema refuses', async () => {
    const answer = await write(
      'POST',
      `${VS}?dryRun=All`,
      virtualService(NAMESPACE, 'bad', { spec: { hosts: 'not-a-list' } }),
    )
    expect(answer.json()).toMatchObject({ code: 'invalid-object', fields: [{ field: 'spec.hosts' }] })
  })

  it('shows theirs when it was changed meanwhile, and loses neither', async () => {
    const url = `${VS}/${NAMESPACE}/in-alpha`
    const opened = (await app.inject({ url, headers: as('editor') })).json<KubeResource>()
    await lab
      .client('alpha')
      .patch(
        'VirtualService',
        { namespace: NAMESPACE, name: 'in-alpha' },
        { metadata: { labels: { theirs: 'yes' } } },
        { strategy: 'merge' },
      )
    const answer = await write('PUT', url, { ...opened, metadata: { ...opened.metadata, labels: { yours: 'yes' } } })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { code: 'conflict', current: { metadata: { labels: { theirs: 'yes' } } } },
    ])
    expect(Value.Check(Problem, answer.json())).toBe(true)
  })
})

describe('people', () => {
  it('who only view are told which right they lack to write', async () => {
    const answer = await write('DELETE', `${VS}/${NAMESPACE}/in-alpha`, undefined, as('viewer'))
    expect([answer.statusCode, answer.json()]).toMatchObject([
      403,
      {
        code: 'forbidden',
        missing: { verb: 'delete', group: 'networking.istio.io', resource: 'virtualservices', namespace: NAMESPACE },
      },
    ])
    expect((await app.inject({ url: VS, headers: as('viewer') })).statusCode).toBe(200)
  })

  it('who are nobody see nothing', async () => {
    for (const url of [
      VS,
      `${VS}/${NAMESPACE}/in-alpha`,
      `${API}/secrets`,
      `${API}/pods`,
      '/api/v1/clusters',
      '/api/v1/meshes',
      '/api/v1/meshes/bff-mesh/services',
      '/api/v1/meshes/bff-mesh/topology',
      `${API}/namespaces`,
    ]) {
      const answer = await app.inject({ url, headers: as('nobody') })
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 403, 'forbidden'])
    }
  })
})

describe('a mesh of two clusters', () => {
  it('lists the rows of both, as the contract says', async () => {
    const page = (
      await app.inject({
        url: `/api/v1/meshes/bff-mesh/resources/virtual-services?namespace=${NAMESPACE}`,
        headers: as('viewer'),
      })
    ).json()
    expect(
      page.items.map(
        ({ cluster, resource }: { cluster: string; resource: KubeResource }) => `${cluster} ${resource.metadata.name}`,
      ),
    ).toEqual(['bff-alpha in-alpha', 'bff-beta in-beta'])
    expect(Value.Check(ResourcePage, page)).toBe(true)
    expect(page.failures).toEqual([])
  })

  it('goes on with one when the other is off, and names it', async () => {
    const page = (
      await app.inject({
        url: `/api/v1/meshes/bff-broken/resources/virtual-services?namespace=${NAMESPACE}`,
        headers: as('viewer'),
      })
    ).json()
    expect(page.items).toHaveLength(1)
    expect(page.failures).toEqual([
      expect.objectContaining({
        cluster: 'bff-off',
        problem: expect.objectContaining({
          code: 'cluster-unreachable',
          params: { cluster: 'bff-off', reason: 'refused' },
        }),
      }),
    ])
  })
})

describe('injection', () => {
  it('is set, and the restarted workload gets a sidecar from istiod’s own webhook', async () => {
    const alpha = lab.client('alpha')
    const name = 'echo'
    const labels = { app: name }
    const deployment: Deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: NAMESPACE, name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'example/echo:1' }] } },
      },
    }
    await ensure(alpha, deployment)
    const view = async () =>
      (
        await app.inject({
          url: `/api/v1/meshes/bff-mesh/workloads?cluster=bff-alpha&namespace=${NAMESPACE}`,
          headers: as('viewer'),
        })
      ).json().items[0]
    await expect
      .poll(view, { timeout: 20_000 })
      .toMatchObject({ name, pods: 1, injectedPods: 0, injection: 'not-injected' })

    const body = {
      action: 'enable',
      restart: true,
      targets: [
        { cluster: 'bff-alpha', namespace: NAMESPACE },
        { cluster: 'bff-alpha', namespace: 'no-such' },
      ],
    }
    const tried = await write('POST', '/api/v1/meshes/bff-mesh/injection', { ...body, dryRun: true }, as('admin'))
    expect(tried.json().results).toMatchObject([
      { ok: true, labels: [{ label: 'istio-injection', after: 'enabled' }] },
      { ok: false, problem: { code: 'not-found' } },
    ])
    expect((await alpha.get('Namespace', { name: NAMESPACE })).metadata.labels).not.toHaveProperty('istio-injection')

    const refused = await write('POST', '/api/v1/meshes/bff-mesh/injection', body, as('viewer'))
    expect(refused.json().results[0]).toMatchObject({
      ok: false,
      problem: { code: 'forbidden', missing: { verb: 'patch', resource: 'namespaces' } },
    })

    const { results } = (await write('POST', '/api/v1/meshes/bff-mesh/injection', body, as('admin'))).json()
    expect(results).toMatchObject([
      { target: `bff-alpha/namespaces/${NAMESPACE}`, ok: true },
      { target: `bff-alpha/deployments/${NAMESPACE}/${name}`, ok: true },
      { target: 'bff-alpha/namespaces/no-such', ok: false, problem: { code: 'not-found' } },
    ])
    await expect
      .poll(view, { timeout: 20_000 })
      .toMatchObject({ pods: 1, injectedPods: 1, injection: 'injected', reason: 'namespace-enabled' })
    const { items } = await alpha.listAll<Pod>('Pod', { namespace: NAMESPACE, labelSelector: 'app=echo' })
    const containers = items.flatMap(({ spec }) =>
      [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((container) => container.name),
    )
    expect(containers).toContain('istio-proxy')
  })
})

describe('events', () => {
  it('reach those who may list within a second of the write, and nobody else', async () => {
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const [viewer, nobody] = await Promise.all([openEvents(url, as('viewer')), openEvents(url, as('nobody'))])
    await Promise.all([viewer, nobody].map((reader) => reader.until(({ type }) => type === 'ready')))
    const object = virtualService(NAMESPACE, 'noticed', { spec: routed('reviews') })
    const began = performance.now()
    await ensure(lab.client('alpha'), object)
    await viewer.until((frame) => frame.type === 'change' && frame.cluster === 'bff-alpha' && frame.name === 'noticed')
    expect(performance.now() - began).toBeLessThan(1000)
    await remove(lab.client('alpha'), object)
    await viewer.until((frame) => frame.type === 'change' && frame.op === 'deleted' && frame.name === 'noticed')
    expect(nobody.text()).not.toMatch(/noticed|bff-/)
    viewer.close()
    nobody.close()
  })
})
