import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, ListQuery, MeshParams, WorkloadPage, type WorkloadView } from '@meshdeck/contract'
import { pageOf, type RowReader } from '../../../lib/paging.ts'
import { toWorkloadViews } from '../../../lib/views/workloads.ts'
import { assertVisible, clustersOf, meshOf, snapshotsOf } from './mesh-scope.ts'

/** Deployments, stateful sets and daemon sets of a mesh, with their sidecars. */
export const workloadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { params: MeshParams, querystring: ListQuery, response: { 200: WorkloadPage } }
  app.get(`${API_ROOT}/meshes/:mesh/workloads`, { schema }, async (request) => {
    const clusters = clustersOf(await meshOf(request, request.params.mesh), request.query)
    const read = await snapshotsOf(request, clusters, 'Deployment')
    assertVisible(read, 'Deployment', clusters)
    return { ...pageOf(read.snapshots.flatMap(toWorkloadViews), request.query, workloadRows), failures: read.failures }
  })
}

const workloadRows: RowReader<WorkloadView> = {
  columns: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    cluster: ({ cluster }) => cluster,
    kind: ({ kind }) => kind,
    version: ({ version }) => version,
    pods: ({ pods }) => pods,
    ready: ({ ready }) => ready,
    injection: ({ injection }) => injection,
    created: ({ created }) => created,
  },
  texts: ({ services }) => services,
  labels: ({ labels }) => labels,
  namespace: ({ namespace }) => namespace,
  clusters: ({ cluster }) => [cluster],
}
