import type { TopologyNode } from '@meshdeck/contract'
import { meshClusters, type KubeResource, type Mesh } from '@meshdeck/kube'
import { indexBadges, type Finding, type GraphInventory, type GraphNode, type InventoryWorkload } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MeshAnalyses } from './mesh-analysis.ts'
import { readAll } from './mesh-scope.ts'

/** A graph does not wait longer for the first analysis of a large mesh; the next refresh has it. */
const PATIENCE_MS = 1_000

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
    Promise.race([findingsOf(request, mesh, analyze), sleep(PATIENCE_MS, [], { ref: false })]),
  ])
  const badgesOf = indexBadges({ virtualServices, destinationRules, found: findings })
  const workloadsOf = workloadsByNode(inventory)
  return nodes.map((node) => {
    const badges = badgesOf(node, workloadsOf(node))
    return badges.length === 0 ? node : { ...node, badges }
  })
}

/** What an analysis has to complain of; nothing when it fails: the page of findings says why. */
async function findingsOf(request: FastifyRequest, mesh: Mesh, analyze: MeshAnalyses): Promise<readonly Finding[]> {
  return analyze(request, mesh).then(
    ({ findings }) => findings.filter(({ level, suppressed }) => level !== 'info' && suppressed !== true),
    () => [],
  )
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
