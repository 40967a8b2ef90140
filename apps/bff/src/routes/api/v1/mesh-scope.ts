import type { FastifyRequest } from 'fastify'
import type { ClusterFailure, ListQuery } from '@meshdeck/contract'
import {
  HUB,
  kindOf,
  meshClusters,
  type DaemonSet,
  type DetectedIstio,
  type KindId,
  type KubeResource,
  type Mesh,
  type Namespace,
  type Pod,
  type Service,
} from '@meshdeck/kube'
import { KubeStatusError } from '@meshdeck/kube-client'
import { splitList } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import type { Readable } from '../../../lib/readable.ts'
import { failuresOf, forbiddenProblem } from '../../../lib/resource-rows.ts'
import { indexSnapshot, type IndexedSnapshot, type Workload } from '../../../lib/views/snapshot.ts'

/** Records of the hub, as far as the caller may list them. Throws `ProblemError` (`forbidden`) when that is nowhere. */
export async function hubRecords<T extends KubeResource>(
  request: FastifyRequest,
  kind: 'Mesh' | 'Cluster' | 'Restart' | 'ServiceLevel',
): Promise<readonly T[]> {
  const { objects, forbidden, missing, failure } = await request.readable(HUB, kind)
  if (forbidden) throw ProblemError.from(forbiddenProblem(kindOf(kind), HUB))
  if (missing) throw new ProblemError('kind-not-installed', `The hub does not have Meshdeck’s own kind ${kind}`)
  if (failure !== undefined && objects.length === 0) throw ProblemError.from(failure.problem)
  return typed<T>(objects)
}

/** The mesh of an address. A fresh one that the cache has not seen yet is asked for. Throws `ProblemError` (`unknown-mesh`). */
export async function meshOf(request: FastifyRequest, name: string): Promise<Mesh> {
  const found = (await hubRecords<Mesh>(request, 'Mesh')).find(({ metadata }) => metadata.name === name)
  if (found !== undefined) return found
  try {
    return await (await request.kube(HUB)).get<Mesh>('Mesh', { name })
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
    throw new ProblemError('unknown-mesh', `There is no mesh ${name}`, { params: { mesh: name } })
  }
}

/** A mesh's clusters, less those that a query leaves out. */
export function clustersOf(mesh: Mesh, query: Pick<ListQuery, 'cluster'> = {}): string[] {
  const wanted = splitList(query.cluster)
  return meshClusters(mesh).filter((cluster) => wanted === undefined || wanted.has(cluster))
}

/** A kind in several clusters. A cluster that the hub does not know (any more) is a failure of its own, not of the answer. */
export async function readAll(request: FastifyRequest, clusters: readonly string[], kind: KindId): Promise<Readable[]> {
  return Promise.all(clusters.map((cluster) => readOne(request, cluster, kind)))
}

async function readOne(request: FastifyRequest, cluster: string, kind: KindId): Promise<Readable> {
  try {
    return await request.readable(cluster, kind)
  } catch (error) {
    const failure = { cluster, problem: request.problemOf(error, cluster) }
    return { cluster, objects: [], forbidden: false, missing: false, complete: false, failure }
  }
}

const SNAPSHOT_KINDS = ['Namespace', 'Service', 'Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const
type SnapshotKind = (typeof SNAPSHOT_KINDS)[number]

export interface Snapshots {
  snapshots: IndexedSnapshot[]
  failures: ClusterFailure[]
  /** Whether the caller may see nothing of a kind in any of the clusters. */
  hidden(kind: SnapshotKind): boolean
}

/** What the caller may see of several clusters, ready for views. `main` is the kind that the answer is about. */
export async function snapshotsOf(
  request: FastifyRequest,
  clusters: readonly string[],
  main?: SnapshotKind,
): Promise<Snapshots> {
  const read = await Promise.all(
    clusters.map(async (cluster) => {
      const readables = await Promise.all(SNAPSHOT_KINDS.map((kind) => readOne(request, cluster, kind)))
      const webhooks = await request.injectors(cluster).catch(() => undefined)
      return { cluster, readables: new Map(SNAPSHOT_KINDS.map((kind, index) => [kind, readables[index]])), webhooks }
    }),
  )
  const failures = read.flatMap(({ readables }) => {
    const failed = [...readables.values()].find((readable) => readable?.failure !== undefined)
    if (failed?.failure !== undefined) return [failed.failure]
    const own = main && readables.get(main)
    return main !== undefined && own !== undefined ? failuresOf(kindOf(main), own) : []
  })
  const snapshots = read.map(({ cluster, readables, webhooks }) => {
    const of = <T extends KubeResource>(kind: SnapshotKind): readonly T[] =>
      typed<T>(readables.get(kind)?.objects ?? [])
    return indexSnapshot({
      cluster,
      namespaces: of<Namespace>('Namespace'),
      services: of<Service>('Service'),
      pods: of<Pod>('Pod'),
      workloads: [
        ...of<Workload>('Deployment'),
        ...of<Workload>('StatefulSet'),
        ...of<DaemonSet & Workload>('DaemonSet'),
      ],
      replicaSets: of('ReplicaSet'),
      ...(webhooks === undefined ? {} : { webhooks }),
    })
  })
  const hidden = (kind: SnapshotKind): boolean => read.every(({ readables }) => readables.get(kind)?.forbidden === true)
  return { snapshots, failures, hidden }
}

/** The control planes that serve a cluster: its own, else those of the mesh's. */
export async function controlPlanesOf(
  request: FastifyRequest,
  mesh: Mesh,
  cluster: string,
): Promise<{ cluster: string; istiods: readonly DetectedIstio[] }> {
  const read = (name: string) => request.istiods(name).catch((): readonly DetectedIstio[] => [])
  const own = await read(cluster)
  const primary = mesh.spec.controlPlane.cluster
  // An injector without replicas is that of an istiod somewhere else.
  if (cluster === primary || own.some(({ replicas }) => replicas !== undefined)) return { cluster, istiods: own }
  return { cluster: primary, istiods: await read(primary) }
}

/** Throws `ProblemError` when the caller may see nothing of what the answer is about, in no cluster. */
export function assertVisible({ hidden }: Snapshots, kind: SnapshotKind, clusters: readonly string[]): void {
  const [first] = clusters
  if (first !== undefined && hidden(kind)) throw ProblemError.from(forbiddenProblem(kindOf(kind), first))
}

/** The boundary: objects of a kind, by the API server's promise. */
function typed<T extends KubeResource>(objects: readonly KubeResource[]): readonly T[] {
  return objects as readonly T[]
}
