import type { KubeResource, Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { placesOf } from '../install/place.ts'
import type { Fact } from './check.ts'
import { none, some } from './check-fixtures.ts'
import { isBlocked, preflight, type HostFacts, type MemberFacts, type PreflightFacts } from './preflight.ts'

const mesh = (spec: Partial<Mesh['spec']> = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east', version: '1.30.3' }, ...spec },
})
const managed = mesh({
  mode: 'Managed',
  members: [
    { cluster: 'east', network: 'a' },
    { cluster: 'west', network: 'b' },
  ],
})

const member = (cluster: string, more: Partial<MemberFacts> = {}): MemberFacts => ({
  cluster,
  nodes: none,
  services: none,
  roots: none,
  ...more,
})
const host = (cluster: string, more: Partial<HostFacts> = {}): HostFacts => ({
  ...member(cluster),
  version: some('v1.36.3'),
  clock: some({ aheadMs: 0, at: 0 }),
  missingRights: some([]),
  apiServer: some('private'),
  meshes: [],
  istiods: some([]),
  namespaces: none,
  pods: none,
  deployments: none,
  leases: none,
  definitions: none,
  mutating: none,
  validating: none,
  endpointSlices: none,
  ...more,
})
const ask = (of: Mesh, more: Partial<PreflightFacts>) =>
  preflight({
    mesh: of,
    places: placesOf(of, () => undefined),
    hosts: [],
    members: [],
    ownMissing: some([]),
    charts: { state: 'notSeen' },
    ...more,
  })
const idsOf = (all: ReturnType<typeof preflight>, cluster: string) =>
  all.find((each) => each.cluster === cluster)?.checks.map(({ id }) => id)

describe('checks before a mesh', () => {
  it('are those of the hub and of the one cluster that it is to be in', () => {
    const all = ask(mesh(), { hosts: [host('east')] })
    expect(all.map(({ cluster, role }) => `${cluster} ${role}`)).toEqual(['-hub hub', 'east primary'])
    expect(idsOf(all, '-hub')).toEqual(['ownRights', 'charts'])
    expect(idsOf(all, 'east')).toEqual([
      'reach',
      'kubernetes',
      'rights',
      'engine',
      'images',
      'definitions',
      'istio',
      'admission',
      'capacity',
      'clock',
      'loadBalancer',
      'storage',
    ])
  })

  it('look at each member of a new mesh as one that joins, without the address of a gateway that is not there yet', () => {
    const ids = idsOf(ask(managed, { hosts: [host('east'), host('west')] }), 'west')
    expect(ids).toEqual(
      expect.arrayContaining(['loadBalancer', 'apiServer', 'proxies', 'trust', 'addresses', 'services']),
    )
    expect(ids).not.toContain('gateway')
    expect(ids).not.toContain('storage')
  })

  it('say of a cluster that does not answer nothing but that, and stand in the way', () => {
    const all = ask(mesh(), { hosts: [host('east', { lost: 'it refuses connections' })] })
    expect(all[1]?.checks).toEqual([
      { id: 'reach', level: 'error', reason: 'lost', params: { message: 'it refuses connections' } },
    ])
    expect(isBlocked(all)).toBe(true)
  })

  it('ask for a load balancer only where a gateway waits for an address', () => {
    const balancer = (of: Mesh, cluster: string) =>
      ask(of, { hosts: [host('east'), host('west')] })
        .find((each) => each.cluster === cluster)
        ?.checks.find(({ id }) => id === 'loadBalancer')?.reason
    expect(balancer(mesh(), 'east')).toBe('notNeeded')
    expect(balancer(managed, 'east')).toBe('unproven')
    expect(balancer(managed, 'west')).toBe('unproven')
    const oneNetwork = mesh({ mode: 'Managed', members: [{ cluster: 'west' }] })
    expect(balancer(oneNetwork, 'west')).toBe('notNeeded')
    const given = mesh({
      ...managed.spec,
      controlPlane: { cluster: 'east', version: '1.30.3', access: { address: '198.51.100.7' } },
    })
    expect(balancer(given, 'east')).toBe('notNeeded')
    expect(balancer(given, 'west')).toBe('unproven')
    const byPort = mesh({
      ...managed.spec,
      controlPlane: { cluster: 'east', version: '1.30.3', access: { type: 'NodePort', address: '198.51.100.7' } },
    })
    expect(balancer(byPort, 'west')).toBe('notNeeded')
  })
})

describe('checks before a cluster joins', () => {
  it('are of that cluster alone, and look into the others for what they share', () => {
    const root = (pem: string): Fact<readonly KubeResource[]> =>
      some([
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'istio-ca-root-cert', namespace: 'bank' },
          data: { 'root-cert.pem': pem },
        },
      ])
    const all = ask(managed, {
      hosts: [host('west', { roots: root('theirs') })],
      members: [member('east', { roots: root('ours') })],
    })
    expect(all.map(({ cluster }) => cluster)).toEqual(['-hub', 'west'])
    const checks = all[1]?.checks ?? []
    expect(checks.find(({ id }) => id === 'trust')).toMatchObject({ level: 'warning', reason: 'differs' })
    expect(checks.find(({ id }) => id === 'gateway')).toMatchObject({ level: 'unknown', reason: 'notYet' })
    expect(checks.map(({ id }) => id)).not.toContain('capacity')
  })

  it('leave open what hangs on a control plane’s cluster that cannot be asked', () => {
    const all = ask(managed, { hosts: [host('west')] })
    expect(all[1]?.checks.find(({ id }) => id === 'gateway')).toMatchObject({ level: 'unknown', reason: 'failed' })
  })
})
