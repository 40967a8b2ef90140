import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  MeshList,
  MeshOverview,
  MeshParams,
  MeshQuery,
  ResourceCounts,
  ResourcePage,
  ResourceQuery,
} from '@meshdeck/contract'
import { KINDS, type Cluster, type Mesh } from '@meshdeck/kube'
import { systemNamespaceOf } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { forbiddenProblem, toResourcePage } from '../../../lib/resource-rows.ts'
import { toComponents, toMeshView } from '../../../lib/views/meshes.ts'
import { clustersOf, hubRecords, meshOf, readAll, snapshotsOf, type Snapshots } from './mesh-scope.ts'
import { meshTraffic } from './mesh-traffic.ts'

const COUNTED = KINDS.filter((kind) => kind.home === 'cluster' && kind.watched && kind.category !== 'core')

/** Meshes: the fleet, one mesh's overview, and lists of its objects over all its clusters. */
export const meshRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes`,
    { schema: { querystring: MeshQuery, response: { 200: MeshList } } },
    async (request) => {
      const meshes = await hubRecords<Mesh>(request, 'Mesh')
      const clusters = await clusterRecords(request)
      const answers = await Promise.all(
        meshes.map(async (mesh) => {
          const snapshots = await snapshotsOf(request, clustersOf(mesh))
          const view = toView(request, mesh, snapshots, clusters)
          if (request.query.traffic !== true) return { view, failures: snapshots.failures }
          const { traffic, failures } = await meshTraffic(request, mesh)
          return { view: { ...view, ...(traffic ? { traffic } : {}) }, failures: [...snapshots.failures, ...failures] }
        }),
      )
      return {
        items: answers.map(({ view }) => view),
        failures: onePerCluster(answers.flatMap(({ failures }) => failures)),
      }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/overview`,
    { schema: { params: MeshParams, response: { 200: MeshOverview } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const clusters = await clusterRecords(request)
      const snapshots = await snapshotsOf(request, clustersOf(mesh))
      return {
        mesh: toView(request, mesh, snapshots, clusters),
        components: toComponents(snapshots.snapshots, systemNamespaceOf(mesh)),
        failures: onePerCluster(snapshots.failures),
      }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/resource-counts`,
    { schema: { params: MeshParams, response: { 200: ResourceCounts } } },
    async (request) => {
      const clusters = clustersOf(await meshOf(request, request.params.mesh))
      const counts = await Promise.all(
        COUNTED.map(async (kind) => {
          const readables = await readAll(request, clusters, kind.id)
          const count = readables.reduce((sum, { objects }) => sum + objects.length, 0)
          const forbidden = readables.some((readable) => readable.forbidden) && count === 0
          return { kind: kind.id, count, forbidden, failures: readables.flatMap(({ failure }) => failure ?? []) }
        }),
      )
      return {
        counts: counts.map(({ kind, count, forbidden }) => ({ kind, count, forbidden })),
        failures: onePerCluster(counts.flatMap(({ failures }) => failures)),
      }
    },
  )

  for (const kind of KINDS.filter(({ home, watched }) => home === 'cluster' && watched)) {
    const schema = {
      tags: [kind.category],
      params: MeshParams,
      querystring: ResourceQuery,
      response: { 200: ResourcePage },
    }
    app.get(`${API_ROOT}/meshes/:mesh/resources/${kind.path}`, { schema }, async (request) => {
      const clusters = clustersOf(await meshOf(request, request.params.mesh), request.query)
      const readables = await readAll(request, clusters, kind.id)
      const [first] = readables
      if (first !== undefined && readables.every(({ forbidden }) => forbidden)) {
        throw ProblemError.from(forbiddenProblem(kind, first.cluster))
      }
      return toResourcePage(kind, readables, request.query)
    })
  }
  app.get(`${API_ROOT}/meshes/:mesh/resources/*`, { schema: { hide: true } }, async (request) => {
    throw new ProblemError('unknown-kind', `There is no kind at ${request.url.split('?')[0]}`)
  })
}

function toView(request: FastifyRequest, mesh: Mesh, { snapshots, hidden }: Snapshots, clusters: readonly Cluster[]) {
  const { fleetState } = request.server
  const cluster = clusters.find(({ metadata }) => metadata.name === mesh.spec.controlPlane.cluster)
  const parts = { snapshots, services: !hidden('Service'), pods: !hidden('Pod'), workloads: !hidden('Deployment') }
  return toMeshView(mesh, (name) => fleetState.of(name), parts, cluster)
}

/** Who may see meshes need not see clusters; then what only their records tell is left out. */
export async function clusterRecords(request: FastifyRequest): Promise<readonly Cluster[]> {
  try {
    return await hubRecords<Cluster>(request, 'Cluster')
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'forbidden') return []
    throw error
  }
}

/** Several kinds fail with their cluster; it is named once. Failures of Prometheus stay beside those of the cluster. */
export function onePerCluster<T extends { cluster: string; problem: { code: string } }>(failures: readonly T[]): T[] {
  return [...new Map(failures.map((failure) => [`${failure.cluster} ${failure.problem.code}`, failure])).values()]
}
