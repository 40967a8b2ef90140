import type { Problem } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import type { ResourceRef } from '@meshdeck/kube'
import { createReflector, type Reflector, type ReflectorEvent } from '@meshdeck/kube-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const REF: ResourceRef = { cluster: 'east-1', kind: 'VirtualService', namespace: 'shop', name: 'reviews' }

let fleet: SandboxHub
let app: BffApp
let reflector: Reflector
const events: ReflectorEvent[] = []

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  await fleet.client('hub').create('Cluster', clusterRecord('east-1'))
  reflector = createReflector({
    client: fleet.client('east-1'),
    kind: 'VirtualService',
    // The managers of its fields are wanted here.
    trim: (object) => object,
    onEvent: (event) => events.push(event),
  })
  app = await fleet.start()
})
afterAll(async () => {
  await reflector.stop()
  await fleet.close()
})

const remove = (query: Record<string, string>) =>
  app.inject({ method: 'DELETE', url: paths.resource(REF, query), headers: { ...LOCAL, ...CSRF } })

it('deletes the version that was asked for and no other, and the last news of it tell who and why', async () => {
  await expect.poll(() => reflector.state.status).toBe('synced')
  const stale = await remove({ resourceVersion: '1', reason: 'too old' })
  expect([stale.statusCode, stale.json<Problem>().code]).toEqual([409, 'conflict'])
  const { metadata } = await fleet.client('east-1').get('VirtualService', { namespace: 'shop', name: 'reviews' })
  expect(metadata.annotations).toBeUndefined()

  const done = await remove({ resourceVersion: metadata.resourceVersion ?? '', reason: 'not needed' })
  expect(done.statusCode, done.body).toBe(200)
  await expect.poll(() => events.find(({ type }) => type === 'deleted')).toBeDefined()
  const last = events.find(({ type }) => type === 'deleted')?.object
  expect(last?.metadata.annotations).toEqual({ 'meshdeck.io/deletion-reason': 'not needed' })
  expect(JSON.stringify(last?.metadata.managedFields)).toContain('"manager":"meshdeck"')
})
