import type { Topology } from '@meshdeck/contract'
import { focusOn, type FocusDirection } from '@meshdeck/mesh'

/** Ids of the nodes that are a service: one for each cluster that has it. */
export function nodesOfService({ nodes }: Topology, service: { namespace: string; name: string }): string[] {
  return nodes.flatMap(({ id, namespace, name }) =>
    id.startsWith('service:') && namespace === service.namespace && name === service.name ? [id] : [],
  )
}

/** The part of a graph around some nodes. Empty when none of them is there. */
export function surroundingsOf(
  topology: Topology,
  centres: readonly string[],
  reach: { hops: number; direction: FocusDirection },
): Topology {
  const parts = centres.map((id) => focusOn(topology, id, reach))
  const near = new Set(parts.flatMap(({ nodes }) => nodes.map(({ id }) => id)))
  return {
    ...topology,
    nodes: topology.nodes.filter(({ id }) => near.has(id)),
    edges: topology.edges.filter(({ source, target }) => near.has(source) && near.has(target)),
  }
}
