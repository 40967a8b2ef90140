import type { TopologyNode } from '@meshdeck/contract'
import { meshClusters, type KubeResource, type Mesh } from '@meshdeck/kube'
import { indexBadges, type GraphInventory, type GraphNode, type InventoryWorkload } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import type { MeshAnalyses } from './mesh-analysis.ts'
import { readAll } from './mesh-scope.ts'

/** Nodes with what is in force for them at present, as far as the caller sees it. */
export async function withBadges(
  request: FastifyRequest,
  mesh: Mesh,
  { nodes, inventory, analyze }: { nodes: readonly GraphNode[]; inventory: GraphInventory; analyze: MeshAnalyses },
): Promise<TopologyNode[]> {
  const clusters = meshClusters(mesh)
  const objectsOf = async (kind: 'VirtualService' | 'DestinationRule'): Promise<KubeResource[]> =>
    (await readAll(request, clusters, kind)).flatMap(({ objects }) => objects)
  const [virtualServices, destinationRules, findings] = await Promise.all([
    objectsOf('VirtualService'),
    objectsOf('DestinationRule'),
    // A graph without findings is better than none; the page of findings says what is wrong.
    analyze(request, mesh).then(
      (analysis) => analysis.findings.filter(({ level, suppressed }) => level !== 'info' && suppressed !== true),
      () => [],
    ),
  ])
  const badgesOf = indexBadges({ virtualServices, destinationRules, found: findings })
  const workloadsOf = workloadsByNode(inventory)
  return nodes.map((node) => {
    const badges = badgesOf(node, workloadsOf(node))
    return badges.length === 0 ? node : { ...node, badges }
  })
}

/** The workloads that a node stands for, where it stands for workloads. */
function workloadsByNode({ workloads = [] }: GraphInventory): (node: GraphNode) => readonly InventoryWorkload[] {
  const named = Map.groupBy(workloads, ({ cluster, namespace, name }) => `workload:${cluster}/${namespace}/${name}`)
  const versioned = Map.groupBy(
    workloads,
    ({ cluster, namespace, name, app, version }) => `version:${cluster}/${namespace}/${app ?? name}/${version ?? ''}`,
  )
  return ({ id }) => named.get(id) ?? versioned.get(id) ?? []
}
