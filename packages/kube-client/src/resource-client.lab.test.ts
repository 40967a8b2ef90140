import { readFileSync } from 'node:fs'
import { labState } from '@meshdeck/lab'
import type { KubeResource } from '@meshdeck/kube'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createConnection, type ClusterConnection } from './connection.ts'
import { KubeStatusError } from './errors.ts'
import type { Identity } from './identity.ts'
import { parseKubeconfig } from './kubeconfig.ts'
import { createResourceClient, type ResourceClient } from './resource-client.ts'

const NAMESPACE = 'playground'
const NAME = 'kube-client-test'

let connection: ClusterConnection
let client: ResourceClient
let people: Awaited<ReturnType<typeof labState>>['users']

const as = ({ name, groups }: { name: string; groups: readonly string[] }): Identity => ({
  kind: 'impersonate',
  username: name,
  groups,
})

const virtualService = (spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeResource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: NAME, namespace: NAMESPACE, ...metadata },
  spec: { hosts: ['sleep'], http: [{ route: [{ destination: { host: 'sleep' } }] }], ...spec },
})

/** The error that a call ended with; fails when there was none. */
async function failure(call: Promise<unknown>): Promise<KubeStatusError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof KubeStatusError) return error
  throw new Error(`expected a KubeStatusError, got ${String(error)}`)
}

beforeAll(async () => {
  const state = await labState()
  people = state.users
  const spec = parseKubeconfig(readFileSync(state.kubeconfig, 'utf8'), { source: 'file' })
  connection = createConnection(spec)
  client = createResourceClient(connection, { kind: 'stored' })
})

afterEach(async () => {
  await client.delete('VirtualService', { namespace: NAMESPACE, name: NAME }).catch(() => undefined)
})

afterAll(() => connection.close())

describe('resource client on a real API server', () => {
  it('keeps fields that nobody has heard of, from read to write', async () => {
    await client.create('VirtualService', virtualService({}, { annotations: { 'example.test/unheard': 'of' } }))
    const read = await client.get('VirtualService', { namespace: NAMESPACE, name: NAME })
    await client.replace('VirtualService', { ...read, metadata: { ...read.metadata, labels: { step: 'two' } } })
    const after = await client.get('VirtualService', { namespace: NAMESPACE, name: NAME })
    expect(after.metadata.annotations).toMatchObject({ 'example.test/unheard': 'of' })
    expect(after.metadata.labels).toEqual({ step: 'two' })
    expect(after.metadata.managedFields).toHaveLength(1)
    expect(after.spec).toEqual(read.spec)
  })

  it('hands over istiod’s own words in a dry run, and leaves nothing behind', async () => {
    const broken = virtualService({ http: [{ route: [{ destination: { host: 'sleep' }, weight: -1 }] }] })
    const error = await failure(client.create('VirtualService', broken, { dryRun: true }))
    expect(error.message).toContain('weight -1 < 0')

    await client.create('VirtualService', virtualService({}), { dryRun: true })
    const missing = await failure(client.get('VirtualService', { namespace: NAMESPACE, name: NAME }))
    expect(missing.httpStatus).toBe(404)
  })

  it('answers a write on a stale version with a conflict', async () => {
    const { resource } = await client.create('VirtualService', virtualService({}))
    await client.replace('VirtualService', { ...resource, spec: virtualService({ hosts: ['other'] }).spec })
    const error = await failure(client.replace('VirtualService', resource))
    expect(error.httpStatus).toBe(409)
  })

  it('names the other manager when an apply meets its fields', async () => {
    await client.apply('VirtualService', virtualService({}), { fieldManager: 'first-hand' })
    const change = virtualService({ hosts: ['changed'] })
    const error = await failure(client.apply('VirtualService', change, { fieldManager: 'second-hand' }))
    expect(error.httpStatus).toBe(409)
    expect(JSON.stringify(error.status.details?.causes)).toContain('first-hand')
    const forced = await client.apply('VirtualService', change, { fieldManager: 'second-hand', force: true })
    expect(forced.resource.spec).toMatchObject({ hosts: ['changed'] })
  })

  it('impersonates a user with both of his groups', async () => {
    const review: KubeResource = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      metadata: { name: '' },
    }
    const { body } = await connection.request<{ status: { userInfo: { username: string; groups: string[] } } }>({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: review,
      identity: as(people.viewer),
    })
    expect(body.status.userInfo.username).toBe(people.viewer.name)
    expect(body.status.userInfo.groups).toEqual(expect.arrayContaining([...people.viewer.groups]))
  })

  it('lets the cluster decide what each kind of user may do', async () => {
    const clientOf = (person: { name: string; groups: readonly string[] }) =>
      createResourceClient(connection, as(person))
    const attempt = (person: { name: string; groups: readonly string[] }) =>
      clientOf(person).create('VirtualService', virtualService({}), { dryRun: true })
    await expect(attempt(people.editor)).resolves.toMatchObject({ resource: { kind: 'VirtualService' } })
    expect((await failure(attempt(people.viewer))).httpStatus).toBe(403)
    await expect(clientOf(people.viewer).list('VirtualService')).resolves.toHaveProperty('items')
    expect((await failure(clientOf(people.nobody).list('VirtualService'))).httpStatus).toBe(403)
  })

  it('reads all pages of a list', async () => {
    const whole = await client.list('Pod')
    const paged = await client.listAll('Pod', { limit: 2 })
    expect(whole.items.length).toBeGreaterThan(2)
    expect(paged.items.map((pod) => pod.metadata.uid).toSorted()).toEqual(
      whole.items.map((pod) => pod.metadata.uid).toSorted(),
    )
  })
})
