import { HUB, isRecord, KINDS, meshClusters, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import {
  ClusterUnreachableError,
  type ClusterChange,
  type ClusterConnection,
  type ClusterRegistry,
} from '@meshdeck/kube-client'
import { createFleetMember, type FleetMember } from './fleet-member.ts'
import type { ClusterState, Fleet } from './fleet.ts'
import type { Notice } from './frame-queue.ts'
import { problemOfError } from './problem-of-error.ts'
import { ProblemError } from './problem.ts'

/** What the pages of a mesh show first; watched from the start in its clusters, all else when it is first asked for. */
const MESH_KINDS: readonly KindId[] = [
  'Namespace',
  'Service',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'MutatingWebhookConfiguration',
  ...KINDS.filter(({ home, watched, category }) => home === 'cluster' && watched && category !== 'core').map(
    ({ id }) => id,
  ),
]

/** A credential that was refused or missing is looked for again this often. */
const CREDENTIAL_RETRY_MS = 30_000

export interface FleetOptions {
  hub: ClusterConnection
  registry: ClusterRegistry
}

/** Follows the hub's Cluster records: each becomes a member with its own connection and watches. */
export function createFleet({ hub, registry }: FleetOptions): Fleet {
  const listeners = new Set<(notice: Notice) => void>()
  const members = new Map<string, FleetMember>()
  const accesses = new Map<string, string>()
  const retries = new Map<string, NodeJS.Timeout>()
  const publish = (notice: Notice): void => {
    for (const listener of listeners) listener(notice)
  }

  const hubMember = createFleetMember({
    cluster: HUB,
    connect: () => Promise.resolve(hub),
    pulse: 'Cluster',
    publish,
    describe,
    onEvent: (kind, event) => {
      if (kind === 'Mesh' && event.type !== 'deleted') followMesh(event.object)
    },
  })
  // The pages of one restart and of one service level ask for no list, and follow it all the same.
  hubMember.watch(['Mesh', 'Restart', 'ServiceLevel'])
  const unfollow = registry.onChange(followCluster)

  /** A record's status changes all the time; only another way of access makes another member. */
  function followCluster(name: string, what: ClusterChange): void {
    if (what === 'credential') return void rejoin(name)
    const access = registry.get(name)?.spec.access
    const printed = access && JSON.stringify(access)
    if (accesses.get(name) === printed) return
    drop(name)
    if (printed === undefined) return
    accesses.set(name, printed)
    join(name)
  }

  function join(name: string, before?: FleetMember): void {
    const member = createFleetMember({
      cluster: name,
      connect: async () => {
        const connection = await registry.connection(name)
        if (connection === undefined)
          throw new ClusterUnreachableError('closed', name, `Cluster ${name} is no longer known to the hub`)
        return connection
      },
      pulse: 'Namespace',
      publish,
      describe,
      onCredentialFault: () => retryLater(name),
      ...(before === undefined ? {} : { state: before.state }),
    })
    members.set(name, member)
    if (before !== undefined) member.watch(before.kinds)
    void hubMember.cached('Mesh').then(({ objects }) => {
      for (const mesh of objects) followMesh(mesh)
    })
  }

  function retryLater(name: string): void {
    clearTimeout(retries.get(name))
    const timer = setTimeout(() => void renew(name), CREDENTIAL_RETRY_MS)
    timer.unref()
    retries.set(name, timer)
  }

  async function renew(name: string): Promise<void> {
    if (!members.has(name)) return
    await registry.forget(name)
    await rejoin(name)
  }

  /** Connects anew; what was watched before goes on being watched. */
  async function rejoin(name: string): Promise<void> {
    const before = members.get(name)
    if (before === undefined) return
    clearTimeout(retries.get(name))
    join(name, before)
    await before.close()
  }

  function followMesh(object: KubeResource): void {
    if (!isMesh(object)) return
    for (const cluster of meshClusters(object)) members.get(cluster)?.watch(MESH_KINDS)
  }

  function drop(name: string): void {
    accesses.delete(name)
    clearTimeout(retries.get(name))
    retries.delete(name)
    const member = members.get(name)
    members.delete(name)
    void member?.close()
  }

  async function memberOf(cluster: string): Promise<FleetMember> {
    if (cluster === HUB) return hubMember
    await registry.clusters.settled
    const member = members.get(cluster)
    if (member !== undefined) return member
    // Nobody knows what clusters there are while the hub has not answered.
    const { status, error } = registry.clusters.state
    if (status === 'syncing' && error !== undefined) throw error
    throw new ProblemError('unknown-cluster', `There is no cluster ${cluster}`, { cluster, params: { cluster } })
  }

  const all = (): FleetMember[] => [hubMember, ...members.values()]

  return {
    names: () => [...members.keys()].toSorted(),
    state: (cluster) => (cluster === HUB ? hubMember : members.get(cluster))?.state ?? { state: 'unknown' },
    cached: async (cluster, kind) => (await memberOf(cluster)).cached(kind),
    connection: async (cluster) => (await memberOf(cluster)).connection,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready: () => hubMember.state.state === 'reachable',
    figures: () => {
      const figures = all().map((member) => member.figures())
      const sum = (figure: 'watches' | 'objects' | 'reconnects'): number =>
        figures.reduce((total, one) => total + one[figure], 0)
      return {
        watches: sum('watches'),
        objects: sum('objects'),
        reconnects: sum('reconnects'),
        lost: all().filter(({ state }) => state.state === 'lost').length,
      }
    },
    async close() {
      unfollow()
      for (const timer of retries.values()) clearTimeout(timer)
      await Promise.all(all().map((member) => member.close()))
    },
  }
}

function describe(cluster: string, { state, since, error }: ClusterState): Notice {
  if (state !== 'lost') return { type: 'cluster', cluster, state: 'reachable' }
  return {
    type: 'cluster',
    cluster,
    state,
    ...(since === undefined ? {} : { since }),
    ...(error === undefined ? {} : { problem: problemOfError(error, cluster) }),
  }
}

/** The boundary: the hub's schema promises the rest. */
function isMesh(object: KubeResource): object is Mesh {
  return isRecord(object.spec) && isRecord(object.spec['controlPlane'])
}
