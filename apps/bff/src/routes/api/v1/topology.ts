import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MeshParams, Topology, TopologyQuery } from '@meshdeck/contract'
import { splitList } from '../../../lib/paging.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { withBadges } from './graph-badges.ts'
import type { MeshAnalyses } from './mesh-analysis.ts'
import { meshGraph } from './mesh-metrics.ts'
import { meshOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'

const DEFAULT_WINDOW_SECONDS = 60

/** Who calls whom in a mesh. */
export const topologyRoutes: FastifyPluginAsyncTypebox<{ analyze: MeshAnalyses }> = async (app, { analyze }) => {
  const schema = { params: MeshParams, querystring: TopologyQuery, response: { 200: Topology } }
  app.get(`${API_ROOT}/meshes/:mesh/topology`, { schema }, async (request) => {
    const {
      view = 'workload',
      window = DEFAULT_WINDOW_SECONDS,
      at = alignedNow(),
      idle = false,
      latency = 'none',
      reporter = 'source',
      badges = false,
      clusters,
      namespaces,
    } = request.query
    const mesh = await meshOf(request, request.params.mesh)
    const { graph, inventory, recorded, failures } = await meshGraph(request, mesh, {
      view,
      windowSeconds: window,
      at,
      idle,
      latency,
      prefer: reporter,
      clusters: splitList(clusters),
      namespaces: splitList(namespaces),
    })
    const nodes = badges ? await withBadges(request, mesh, { nodes: graph.nodes, inventory, analyze }) : graph.nodes
    return { at, window, latency, nodes, edges: graph.edges, recorded, failures: onePerCluster(failures) }
  })
}
