import { MESHDECK_NAMESPACE, readPath, type Mesh } from '@meshdeck/kube'
import { READER_TOKEN } from '@meshdeck/mesh'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startSandboxFleet, type SandboxFleet } from '../testing/sandbox-fleet.ts'
import { issueIntermediate, issueRoot } from '../trust/issue-authority.ts'

const HOUR_MS = 3_600_000
const PATIENT = { timeout: 30_000, interval: 30 }

let fleet: SandboxFleet
beforeEach(async () => {
  fleet = await startSandboxFleet()
})
afterEach(() => fleet.stop())

const live = () => fleet.hub.get<Mesh>('Mesh', { name: 'shop' })
const phase = async (): Promise<unknown> => (await live()).status?.phase
const reachable = async (cluster: string): Promise<unknown> => {
  const { status } = await fleet.hub.get('Cluster', { name: cluster })
  const conditions = readPath({ status }, 'status.conditions')
  return Array.isArray(conditions) ? conditions.find(({ type }) => type === 'Reachable')?.status : undefined
}

/** A mesh over two clusters that runs, and a controller that does not look at it again by itself. */
async function settled(): Promise<void> {
  await Promise.all([fleet.join('east-1'), fleet.join('west-1')])
  const spec = {
    mode: 'Managed' as const,
    controlPlane: { cluster: 'east-1', version: '1.30.3' },
    members: [{ cluster: 'west-1' }],
  }
  await fleet.hub.create('Mesh', { apiVersion: 'meshdeck.io/v1alpha1', kind: 'Mesh', metadata: { name: 'shop' }, spec })
  fleet.control({ resyncMs: HOUR_MS, probeMs: HOUR_MS })
  await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 90_000 })
}

describe('a controller that looks at nothing by itself', { timeout: 180_000 }, () => {
  it('makes again what somebody deletes, and mends what somebody changes', async () => {
    await settled()
    const istio = { name: 'default' }
    const { uid } = (await fleet.east.get('Istio', istio)).metadata
    await fleet.east.delete('Istio', istio)
    await vi.waitFor(async () => {
      const again = await fleet.east.get('Istio', istio)
      expect(again.metadata.uid).not.toBe(uid)
    }, PATIENT)

    const token = { namespace: 'istio-system', name: READER_TOKEN }
    await fleet.west.delete('Secret', token)
    await vi.waitFor(async () => expect((await fleet.west.get('Secret', token)).kind).toBe('Secret'), PATIENT)

    // Somebody takes the mesh's mark off, and with it the object out of sight of those who ask for the mark.
    const unmarked = { metadata: { labels: { 'meshdeck.io/mesh': null } } }
    await fleet.west.patch('Secret', token, unmarked, { strategy: 'merge' })
    await vi.waitFor(async () => {
      const conditions = (await live()).status?.conditions
      expect(conditions).toContainEqual(expect.objectContaining({ type: 'ReaderReady', reason: 'BelongsToAnother' }))
    }, PATIENT)
  })

  it('says so when somebody takes a field of what it made', async () => {
    await settled()
    const values = { spec: { values: { global: { meshID: 'other' } } } }
    await fleet.east.patch('Istio', { name: 'default' }, values, { strategy: 'merge', fieldManager: 'kubectl-edit' })
    await vi.waitFor(async () => {
      const conditions = (await live()).status?.conditions
      expect(conditions).toContainEqual(expect.objectContaining({ reason: 'FieldConflict' }))
    }, PATIENT)
  })

  it('spreads an authority that is renewed on the hub', async () => {
    await settled()
    const root = await issueRoot('other', new Date())
    const issued = await issueIntermediate(root, { cluster: 'east-1', namespace: 'istio-system' }, new Date())
    const name = { namespace: MESHDECK_NAMESPACE, name: 'mesh-shop-ca' }
    const data = {
      'root-cert.pem': btoa(root.certificate),
      'root-key.pem': btoa(root.key),
      'ca-cert.pem': btoa(issued.certificate),
      'ca-key.pem': btoa(issued.key),
    }
    await fleet.hub.patch('Secret', name, { data }, { strategy: 'merge' })
    await vi.waitFor(async () => {
      const cacerts = await fleet.east.get('Secret', { namespace: 'istio-system', name: 'cacerts' })
      expect(readPath(cacerts, 'data')).toMatchObject({ 'root-cert.pem': data['root-cert.pem'] })
    }, PATIENT)
  })

  it('notices that a cluster is lost, and that it is back', async () => {
    await settled()
    await fleet.sandbox.cluster('west-1').api.setFaults({ down: true })
    await vi.waitFor(async () => expect(await reachable('west-1')).toBe('False'), PATIENT)
    await vi.waitFor(async () => expect(await phase()).toBe('Degraded'), PATIENT)
    await fleet.sandbox.cluster('west-1').api.setFaults({})
    await vi.waitFor(async () => expect(await reachable('west-1')).toBe('True'), { ...PATIENT, timeout: 60_000 })
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 60_000 })
    // What is changed after that is seen as before.
    const token = { namespace: 'istio-system', name: READER_TOKEN }
    await fleet.west.delete('Secret', token)
    await vi.waitFor(async () => expect((await fleet.west.get('Secret', token)).kind).toBe('Secret'), PATIENT)
  })
})
