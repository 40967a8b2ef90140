import type { Topology } from '@meshdeck/contract'
import { namespaceGroups } from './shape-graph.ts'
import type { TopologySearch } from './topology-search.ts'

/** From here on, a picture of single nodes tells nobody anything, and moving it takes a processor's breath away. */
export const GROUPED_FROM = 1_500

/** Which groups a topology is shown by. */
export interface Grouping {
  /** Ids of clusters and namespaces that are shown as one node. */
  collapsed: readonly string[]
  /** Whether nobody asked for it: there are too many nodes. */
  automatic: boolean
}

type Asked = Pick<TopologySearch, 'collapsed' | 'expanded' | 'grouped' | 'focus'>

/** Shows a very large graph by its namespaces, but for those that were opened, unless its reader wants it otherwise. */
export function groupingOf(topology: Topology | undefined, { collapsed, expanded, grouped, focus }: Asked): Grouping {
  const asIs = collapsed.length > 0 || focus !== '' || grouped === 'off'
  if (asIs || topology === undefined || topology.nodes.length < GROUPED_FROM) return { collapsed, automatic: false }
  const closed = namespaceGroups(topology).filter((id) => !expanded.includes(id))
  return { collapsed: closed, automatic: closed.length > 0 }
}

/**
 * What to write into the address when a reader of an automatic grouping opens or closes groups: which are open, not the
 * hundreds that are closed.
 */
export function regrouped(topology: Topology, change: Partial<TopologySearch>): Partial<TopologySearch> {
  const { collapsed } = change
  // A saved view says itself how it is grouped.
  if (collapsed === undefined || change.grouped !== undefined) return change
  if (collapsed.length === 0) return { ...change, expanded: [], grouped: 'off' }
  const groups = namespaceGroups(topology)
  if (collapsed.some((id) => !groups.includes(id))) return change
  return { ...change, collapsed: [], expanded: groups.filter((id) => !collapsed.includes(id)) }
}
