import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord, MESHDECK_API_VERSION, type KubeResource } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { labState, labTokens, type LabState, type PersonName } from '@meshdeck/lab'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildApp, type BffApp } from './app.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
const CLUSTER = 'bff-test-alpha'
const MESH = 'bff-test'
const NAMESPACE = 'playground'
const NAME = 'bff-test'
const OBJECT = `/api/v1/clusters/${CLUSTER}/resources/virtual-services/${NAMESPACE}/${NAME}`
const CREATE = `/api/v1/clusters/${CLUSTER}/resources/virtual-services`

let lab: LabState
let tokens: Readonly<Record<PersonName, string>>
let hub: ClusterConnection
let owner: ResourceClient
let app: BffApp

const virtualService = (spec: Record<string, unknown> = {}): KubeResource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: NAME, namespace: NAMESPACE },
  spec: { hosts: ['sleep'], http: [{ route: [{ destination: { host: 'sleep' } }] }], ...spec },
})

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const ask = (person: PersonName, method: Method, url: string, payload?: object) =>
  app.inject({ method, url, headers: { authorization: `Bearer ${tokens[person]}` }, ...(payload ? { payload } : {}) })

beforeAll(async () => {
  lab = await labState()
  tokens = await labTokens(lab)
  const kubectl = (...args: string[]) =>
    execFileSync(lab.bin.kubectl, ['--kubeconfig', lab.kubeconfig, '--context', 'alpha', ...args])
  kubectl('apply', '--server-side', '-f', join(REPOSITORY, 'deploy/crds'))
  kubectl('wait', '--for=condition=Established', 'crd/clusters.meshdeck.io', 'crd/meshes.meshdeck.io', '--timeout=30s')

  const text = readFileSync(lab.kubeconfig, 'utf8')
  const spec = parseKubeconfig(text, { source: 'file' })
  hub = createConnection(spec)
  owner = createResourceClient(hub, { kind: 'stored' })
  const record = { apiVersion: MESHDECK_API_VERSION, kind: 'Cluster', metadata: { name: CLUSTER } }
  await owner.apply(
    'Cluster',
    { ...record, spec: { access: { kubeconfigContext: 'alpha' } } },
    { fieldManager: 'test' },
  )
  const mesh = { ...record, kind: 'Mesh', metadata: { name: MESH } }
  await owner.apply(
    'Mesh',
    { ...mesh, spec: { mode: 'External', controlPlane: { cluster: CLUSTER } } },
    { fieldManager: 'test' },
  )
  app = await buildApp({
    hub: spec,
    kubeconfig: { text, directory: lab.dir },
    host: '127.0.0.1',
    modes: ['bearer'],
    basePath: '',
    logger: false,
  })
  await app.ready()
  // The hub's records reach the cache by a watch.
  await vi.waitFor(
    async () => expect((await ask('admin', 'GET', `/api/v1/meshes/${MESH}/services`)).statusCode).toBe(200),
    { timeout: 20_000, interval: 100 },
  )
})

afterEach(async () => {
  await owner.delete('VirtualService', { namespace: NAMESPACE, name: NAME }).catch(() => undefined)
})

afterAll(async () => {
  await app.close()
  await Promise.allSettled([owner.delete('Mesh', { name: MESH }), owner.delete('Cluster', { name: CLUSTER })])
  await hub.close()
})

describe('BFF on a real API server', () => {
  it('keeps fields that nobody has heard of, through read and save', async () => {
    const odd = virtualService()
    odd.metadata.annotations = { 'example.test/unheard': 'of' }
    odd.metadata.finalizers = []
    expect((await ask('editor', 'POST', CREATE, odd)).statusCode).toBe(201)
    const opened = (await ask('editor', 'GET', OBJECT)).json<KubeResource>()
    const saved = await ask('editor', 'PUT', OBJECT, {
      ...opened,
      metadata: { ...opened.metadata, labels: { step: 'two' } },
    })
    expect(saved.statusCode).toBe(200)
    const live = await owner.get('VirtualService', { namespace: NAMESPACE, name: NAME })
    expect(live.metadata.annotations).toMatchObject({ 'example.test/unheard': 'of' })
    expect(live.metadata.labels).toEqual({ step: 'two' })
    expect(live.spec).toEqual(opened.spec)
  })

  it('hands over istiod’s own words at review, and writes nothing', async () => {
    const broken = virtualService({
      http: [{ match: [{ uri: { regex: '[' } }], route: [{ destination: { host: 'sleep' } }] }],
    })
    const refused = await ask('editor', 'POST', `${CREATE}?dryRun=All`, broken)
    expect(refused.json()).toMatchObject({ code: 'admission-denied', detail: expect.stringContaining('regex') })
    expect((await ask('editor', 'POST', `${CREATE}?dryRun=All`, virtualService())).statusCode).toBeLessThan(300)
    expect((await ask('editor', 'GET', OBJECT)).json()).toMatchObject({ code: 'not-found', status: 404 })
  })

  it('answers a stale save with the present copy', async () => {
    await ask('editor', 'POST', CREATE, virtualService())
    const opened = (await ask('editor', 'GET', OBJECT)).json<KubeResource>()
    await owner.patch(
      'VirtualService',
      { namespace: NAMESPACE, name: NAME },
      { spec: { hosts: ['meanwhile'] } },
      { strategy: 'merge' },
    )
    const answer = await ask('editor', 'PUT', OBJECT, opened)
    expect(answer.json()).toMatchObject({ code: 'conflict', status: 409, current: { spec: { hosts: ['meanwhile'] } } })
  })

  it('refuses a viewer’s write with the right that is missing', async () => {
    const answer = await ask('viewer', 'POST', CREATE, virtualService())
    expect(answer.json()).toMatchObject({
      code: 'forbidden',
      status: 403,
      missing: { verb: 'create', group: 'networking.istio.io', resource: 'virtualservices', namespace: NAMESPACE },
    })
  })

  it('shows a viewer what he may list, and nobody nothing', async () => {
    const list = `/api/v1/meshes/${MESH}/resources/virtual-services`
    await expect
      .poll(async () => (await ask('viewer', 'GET', list)).json<{ total?: number }>().total ?? 0)
      .toBeGreaterThan(0)
    const hidden = await ask('nobody', 'GET', list)
    const items = hidden.json<{ items?: unknown[] }>().items ?? []
    expect(items).toEqual([])
    expect(hidden.body).not.toContain('frontend')
    const services = (await ask('nobody', 'GET', `/api/v1/meshes/${MESH}/services`)).body
    expect(services).not.toContain('frontend')
  })

  it('never shows a Secret’s data', async () => {
    const answer = await ask('admin', 'GET', `/api/v1/clusters/${CLUSTER}/resources/secrets?namespace=istio-system`)
    const { items } = answer.json<{ items: { resource: KubeResource }[] }>()
    expect(items.length).toBeGreaterThan(0)
    for (const { resource } of items) {
      const values = isRecord(resource['data']) ? Object.values(resource['data']) : []
      expect(values.every((value) => value === '' || value === null)).toBe(true)
    }
  })

  it('is closed without a session', async () => {
    for (const url of [CREATE, OBJECT, '/api/v1/meshes', '/api/v1/clusters', '/api/v1/events', '/api/v1/session']) {
      expect((await app.inject({ url })).json(), url).toMatchObject({ status: 401 })
    }
    const forged = await app.inject({ url: '/api/v1/meshes', headers: { authorization: 'Bearer forged' } })
    expect(forged.json()).toMatchObject({ code: 'invalid-token', status: 401 })
  })

  it('refuses names that try paths', async () => {
    for (const name of ['..', '..%2f..', '%2e%2e', 'a%2fb']) {
      const answer = await ask(
        'admin',
        'GET',
        `/api/v1/clusters/${CLUSTER}/resources/virtual-services/${NAMESPACE}/${name}`,
      )
      expect(answer.statusCode, name).toBeGreaterThanOrEqual(400)
      expect(answer.statusCode, name).toBeLessThan(500)
    }
  })
})
