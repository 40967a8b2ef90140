import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MeshParams, Topology, TopologyQuery } from '@meshdeck/contract'
import { splitList } from '../../../lib/paging.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { meshGraph } from './mesh-metrics.ts'
import { meshOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'

const DEFAULT_WINDOW_SECONDS = 60

/** Who calls whom in a mesh. */
export const topologyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { params: MeshParams, querystring: TopologyQuery, response: { 200: Topology } }
  app.get(`${API_ROOT}/meshes/:mesh/topology`, { schema }, async (request) => {
    const {
      view = 'workload',
      window = DEFAULT_WINDOW_SECONDS,
      at = alignedNow(),
      idle = false,
      latency = 'none',
      reporter = 'source',
      clusters,
      namespaces,
    } = request.query
    const mesh = await meshOf(request, request.params.mesh)
    const { graph, failures } = await meshGraph(request, mesh, {
      view,
      windowSeconds: window,
      at,
      idle,
      latency,
      prefer: reporter,
      clusters: splitList(clusters),
      namespaces: splitList(namespaces),
    })
    return { at, window, latency, nodes: graph.nodes, edges: graph.edges, failures: onePerCluster(failures) }
  })
}
