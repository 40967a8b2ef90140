import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, ClusterParams, MeshParams, MeshRemoval, OrphanList, type ClusterLeftovers } from '@meshdeck/contract'
import { meshFootprint, MeshMode, type Cluster, type Mesh } from '@meshdeck/kube'
import { expectedLeftovers, placesOf, removalChecks, type Place, type RemovalSight } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { findLeftovers, toClusterLeftovers } from '../../../lib/leftovers.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { clusterRecords, onePerCluster } from './meshes.ts'
import { clustersOf, hubRecords, meshOf, readAll, snapshotsOf } from './mesh-scope.ts'

/** What deleting a mesh would touch and leave behind, and what deleted meshes have left. */
export const removalRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/removal`,
    { schema: { params: MeshParams, response: { 200: MeshRemoval } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      if (mesh.spec.mode === MeshMode.External)
        return { checks: removalChecks(mesh, [], clustersOf(mesh)), made: [], failures: [] }
      const records = await clusterRecords(request)
      const clusters = clustersOf(mesh)
      const [{ sights, failures }, made] = await Promise.all([
        sightsOf(request, mesh, records),
        Promise.all(meshFootprint(mesh).map((cluster) => madeIn(request, mesh, cluster, records))),
      ])
      const members = clusters.filter((cluster) => cluster !== mesh.spec.controlPlane.cluster)
      return { checks: removalChecks(mesh, sights, members), made, failures }
    },
  )

  app.get(
    `${API_ROOT}/clusters/:cluster/orphans`,
    { schema: { params: ClusterParams, response: { 200: OrphanList } } },
    async (request) => {
      const { cluster } = request.params
      const clusters = await hubRecords<Cluster>(request, 'Cluster')
      if (!clusters.some(({ metadata }) => metadata.name === cluster))
        throw new ProblemError('unknown-cluster', `There is no cluster ${cluster}`, { params: { cluster } })
      const meshes = await hubRecords<Mesh>(request, 'Mesh')
      const living = new Set(
        meshes.flatMap((mesh) =>
          mesh.spec.mode !== MeshMode.External && meshFootprint(mesh).includes(cluster) ? [mesh.metadata.name] : [],
        ),
      )
      const { byMesh, unread } = await findLeftovers(await request.kube(cluster))
      const items = [...byMesh]
        .filter(([owner]) => !living.has(owner))
        .map(([owner, found]) => toClusterLeftovers(owner, cluster, found, { seen: true, unread: [] }))
      return { items, unread }
    },
  )
}

async function sightsOf(request: FastifyRequest, mesh: Mesh, records: readonly Cluster[]) {
  const clusters = clustersOf(mesh)
  const [read, gateways] = await Promise.all([snapshotsOf(request, clusters), readAll(request, clusters, 'K8sGateway')])
  const failed = new Set(read.failures.map(({ cluster }) => cluster))
  const places = placesIn(mesh, records)
  const sights = await Promise.all(
    read.snapshots.map(async ({ cluster, pods, workloads }): Promise<RemovalSight> => {
      const may = async (kind: 'Pod' | 'Deployment'): Promise<boolean> =>
        !failed.has(cluster) &&
        (await request
          .rights(cluster)
          .mayList(kind)
          .catch(() => false))
      const place = places.find((each) => each.cluster === cluster)
      const own = place === undefined ? [] : expectedLeftovers(mesh, place, places)
      return {
        cluster,
        ...((await may('Pod')) ? { pods } : {}),
        ...((await may('Deployment')) ? { deployments: workloads.filter(({ kind }) => kind === 'Deployment') } : {}),
        gateways: gateways.find((each) => each.cluster === cluster)?.objects ?? [],
        otherRevisions: otherRevisions(mesh, records, cluster),
        own: new Set(
          own.flatMap(({ chart, namespace, name }) => (chart === 'gateway' ? [`${namespace}/${name}`] : [])),
        ),
      }
    }),
  )
  const failures = [...read.failures, ...gateways.flatMap(({ failure }) => failure ?? [])]
  return { sights, failures: onePerCluster(failures) }
}

/** Revisions of the control planes that a cluster has beside the mesh's own. */
function otherRevisions(mesh: Mesh, records: readonly Cluster[], cluster: string): string[] {
  const found = records.find(({ metadata }) => metadata.name === cluster)?.status?.istio ?? []
  const own = mesh.spec.controlPlane.revision ?? 'default'
  // A new revision of the mesh's own begins with its name.
  return found.map(({ revision }) => revision).filter((each) => each !== own && !each.startsWith(`${own}-`))
}

const placesIn = (mesh: Mesh, records: readonly Cluster[]): Place[] =>
  placesOf(
    mesh,
    (name) => records.find(({ metadata }) => metadata.name === name)?.spec.network,
    (name) => records.find(({ metadata }) => metadata.name === name)?.status?.platform,
  )

/** What is there of a mesh; where the cluster cannot be asked, what it would have made. */
async function madeIn(
  request: FastifyRequest,
  mesh: Mesh,
  cluster: string,
  records: readonly Cluster[],
): Promise<ClusterLeftovers> {
  const { name } = mesh.metadata
  try {
    const { failure } = request.server.fleetState.of(cluster)
    if (failure !== undefined) throw ProblemError.from(failure.problem)
    const { byMesh, unread } = await findLeftovers(await request.kube(cluster), name)
    return toClusterLeftovers(name, cluster, byMesh.get(name) ?? [], { seen: true, unread })
  } catch {
    const places = placesIn(mesh, records)
    // A member that has left the mesh had the part of a remote.
    const place = places.find((each) => each.cluster === cluster) ?? { cluster, role: 'remote' as const }
    return toClusterLeftovers(name, cluster, expectedLeftovers(mesh, place, places), { seen: false, unread: [] })
  }
}
