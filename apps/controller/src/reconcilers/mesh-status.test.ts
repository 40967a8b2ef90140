import type { Leaving, PlaceResult } from '../installation/install-mesh.ts'
import type { StepResult } from '../installation/install-plan.ts'
import type { Cluster, ClusterStatus, Condition, DetectedIstio, Mesh, MeshSpec, MeshStatus } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { meshStatus } from './mesh-status.ts'

const NOW = new Date('2026-11-24T03:00:00Z')

const mesh = (spec: Partial<MeshSpec> = {}, status?: Mesh['status']): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop', generation: 2 },
  spec: { mode: 'External', controlPlane: { cluster: 'a' }, ...spec },
  ...(status ? { status } : {}),
})
const cluster = (name: string, status?: ClusterStatus): Cluster => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { access: { kubeconfigContext: name } },
  ...(status ? { status } : {}),
})
const reachable = (status: 'True' | 'False'): Condition[] => [
  {
    type: 'Reachable',
    status,
    reason: status === 'True' ? 'Answers' : 'Refused',
    message: status === 'True' ? 'It answers.' : 'It refuses connections.',
    lastTransitionTime: '2026-11-24T01:00:00Z',
  },
]
const ISTIO = { revision: 'default', version: '1.30.3', namespace: 'istio-system', ready: 1, replicas: 2 }
const up = (name: string, ...istio: DetectedIstio[]) => cluster(name, { conditions: reachable('True'), istio })
const down = (name: string) => cluster(name, { conditions: reachable('False'), istio: [ISTIO] })

/** Phase, version, and each condition as `Type=Status Reason`. */
function judge(spec: Partial<MeshSpec>, ...clusters: Cluster[]) {
  const find = (name: string) => clusters.find(({ metadata }) => metadata.name === name)
  const status = meshStatus(mesh(spec), find, NOW)
  return {
    phase: status.phase,
    version: status.version,
    conditions: status.conditions?.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`),
    messages: status.conditions?.map(({ message }) => message).join(' '),
    members: status.members?.map(
      ({ cluster: name, phase, conditions }) => `${name} ${phase} ${conditions?.[0]?.reason}`,
    ),
  }
}

const two = { members: [{ cluster: 'b' }] }

describe('an external mesh', () => {
  it('runs when its istiod is ready and all clusters answer', () => {
    expect(judge(two, up('a', ISTIO), up('b'))).toMatchObject({
      phase: 'Running',
      version: '1.30.3',
      conditions: ['ControlPlaneFound=True Found', 'MembersReachable=True AllReachable'],
      members: ['a Running Answers', 'b Running Answers'],
    })
  })

  it('is degraded when a member is lost, and names it', () => {
    const judged = judge(two, up('a', ISTIO), down('b'))
    expect(judged).toMatchObject({
      phase: 'Degraded',
      conditions: ['ControlPlaneFound=True Found', 'MembersReachable=False SomeUnreachable'],
      members: ['a Running Answers', 'b Degraded Refused'],
    })
    expect(judged.messages).toContain('1 of 2 clusters cannot be used: b')
  })

  it('is degraded when its own cluster is lost, in that cluster’s words', () => {
    const judged = judge({}, down('a'))
    expect(judged).toMatchObject({
      phase: 'Degraded',
      conditions: ['ControlPlaneFound=Unknown ClusterUnreachable', expect.any(String)],
    })
    expect(judged.messages).toContain('It refuses connections.')
  })

  it('goes on running while a new member waits for its first look', () => {
    expect(judge(two, up('a', ISTIO), cluster('b'))).toMatchObject({
      phase: 'Running',
      conditions: ['ControlPlaneFound=True Found', 'MembersReachable=Unknown Waiting'],
      members: ['a Running Answers', 'b Pending Waiting'],
    })
  })

  it.each([
    ['waits for its cluster’s first look', [cluster('a')], 'Pending', 'Waiting', 'has not been looked at yet'],
    ['fails without its Cluster', [], 'Failed', 'ClusterUnknown', 'no Cluster a on the hub; join it'],
    ['fails without an Istio', [up('a')], 'Failed', 'NotFound', 'there is none at all. Install Istio'],
    [
      'fails when istiod may not be read',
      [cluster('a', { conditions: reachable('True') })],
      'Failed',
      'NotPermitted',
      'condition Permitted',
    ],
    ['is degraded when no istiod is ready', [up('a', { ...ISTIO, ready: 0 })], 'Degraded', 'NotReady', '0 of 2'],
    [
      'runs by an istiod elsewhere',
      [up('a', { revision: 'r', version: 'unknown', namespace: 'n' })],
      'Running',
      'OutsideCluster',
      'outside of this cluster',
    ],
  ])('%s', (_, clusters, phase, reason, words) => {
    const judged = judge({}, ...clusters)
    expect([judged.phase, judged.conditions?.[0]?.split(' ')[1]]).toEqual([phase, reason])
    expect(judged.messages).toContain(words)
  })

  it('takes the Istio of its namespace and revision, and names what there is otherwise', () => {
    const others = up('a', ISTIO, { ...ISTIO, revision: 'canary', version: '1.31.0', namespace: 'mesh' })
    const of = (controlPlane: object) => judge({ controlPlane: { cluster: 'a', ...controlPlane } }, others)
    expect(of({ namespace: 'mesh' }).version).toBe('1.31.0')
    expect(of({ revision: 'default' }).version).toBe('1.30.3')
    expect(of({ namespace: 'mesh', revision: 'default' })).toMatchObject({
      phase: 'Failed',
      version: undefined,
      messages: expect.stringContaining(
        'No istiod of revision default in namespace mesh is in cluster a; there is 1.30.3 (revision default, namespace istio-system), 1.31.0',
      ),
    })
  })

  it('keeps its version and the dates of its members while a cluster is lost', () => {
    const before = meshStatus(
      mesh(two),
      (name) => (name === 'a' ? up('a', ISTIO) : up('b')),
      new Date('2026-11-24T02:00:00Z'),
    )
    const after = meshStatus(mesh(two, before), (name) => (name === 'a' ? down('a') : up('b')), NOW)
    expect(after).toMatchObject({ version: '1.30.3', observedGeneration: 2 })
    expect(after.members?.map(({ conditions }) => conditions?.[0]?.lastTransitionTime)).toEqual([
      '2026-11-24T03:00:00Z',
      '2026-11-24T02:00:00Z',
    ])
  })
})

describe('a mesh of several clusters', () => {
  const member = (cluster: string, ...steps: StepResult[]): PlaceResult => ({
    place: { cluster, role: cluster === 'a' ? 'primary' : 'remote' },
    kind: 'installed',
    message: 'by the operator',
    steps,
  })
  const step = (status: 'True' | 'False' | 'Unknown', reason = 'Ready'): StepResult => ({
    step: 'controlPlane',
    status,
    reason,
    message: `${reason}.`,
  })
  const status = (places: PlaceResult[], before: Partial<MeshStatus> = {}, leaving: Leaving[] = []) => {
    const record = { ...mesh({ mode: 'Managed', ...two }), status: before }
    const clusters = [up('a', ISTIO), up('b')]
    const find = (name: string) => clusters.find(({ metadata }) => metadata.name === name)
    return meshStatus(record, find, NOW, { places, leaving })
  }

  it('is as far as the cluster that has come the least far, and says which', () => {
    const creating = status([member('a', step('True')), member('b', step('Unknown', 'Starting'))])
    expect(creating.phase).toBe('Creating')
    expect(creating.conditions?.find(({ type }) => type === 'ControlPlaneReady')?.message).toBe('b: Starting.')
    expect(creating.members?.map(({ phase }) => phase)).toEqual(['Running', 'Creating'])
    expect(status([member('a', step('True')), member('b', step('True'))]).phase).toBe('Running')
    expect(status([member('a', step('False', 'Refused')), member('b')]).phase).toBe('Failed')
  })

  it('whose control plane is well is not failed by a member', () => {
    expect(status([member('a', step('True')), member('b', step('False', 'Refused'))]).phase).toBe('Degraded')
    const lost: PlaceResult = { place: { cluster: 'b', role: 'remote' }, kind: 'unreachable', message: 'away' }
    const running = { phase: 'Running' as const, members: [{ cluster: 'b', phase: 'Running' as const }] }
    const after = status([member('a', step('True')), lost], running)
    expect(after.phase).toBe('Degraded')
    expect(after.members?.[1]).toMatchObject({ cluster: 'b', phase: 'Degraded' })
  })

  it('names a cluster that has left until nothing is left there', () => {
    const before = { members: [{ cluster: 'c', phase: 'Running' as const }] }
    const places = [member('a', step('True')), member('b', step('True'))]
    const leaving = status(places, before, [{ cluster: 'c', message: 'Still to go: Istio default.' }])
    expect(leaving.members?.[2]).toMatchObject({
      cluster: 'c',
      phase: 'Deleting',
      conditions: [{ type: 'Removed', message: 'Still to go: Istio default.' }],
    })
    expect(status(places, before).members).toHaveLength(2)
  })
})
