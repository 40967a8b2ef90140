import { param, searchSchema } from '../../lib/search-params.ts'

export const TOPOLOGY_VIEWS = ['workload', 'service', 'version', 'namespace', 'cluster'] as const
export type TopologyView = (typeof TOPOLOGY_VIEWS)[number]

/** Which latency is shown; a quantile costs Prometheus about twenty times what a mean does. */
export const LATENCIES = ['none', 'mean', 'p50', 'p90', 'p95', 'p99'] as const

export const REPORTERS = ['source', 'destination'] as const

/** Seconds that rates may be averaged over. */
export const WINDOWS = [60, 300, 900, 3600, 21_600, 86_400] as const

/** How long before the moment that is shown lies the one that it is compared with, in seconds; 0 is none. */
export const COMPARED = [0, 300, 900, 3600, 21_600, 86_400, 604_800] as const

export const DIRECTIONS = ['both', 'up', 'down'] as const

/** All of the page's state; a copied address shows the same. */
export interface TopologySearch {
  view: TopologyView
  namespaces: string[]
  clusters: string[]
  /** Seconds. */
  window: number
  /** Unix seconds; 0 follows the present. */
  at: number
  idle: boolean
  latency: (typeof LATENCIES)[number]
  /** Whose report of a call is taken where there are several. */
  reporter: (typeof REPORTERS)[number]
  /** Seconds that the time line covers. */
  span: number
  /** Seconds before the moment that is shown; 0 compares with nothing. */
  compare: number
  /** Expressions: what stands out, and what is left out. */
  find: string
  hide: string
  /** Id of the node whose surroundings are shown; all is when empty. */
  focus: string
  hops: number
  direction: (typeof DIRECTIONS)[number]
  /** Ids of clusters and namespaces that are shown as one node. */
  collapsed: string[]
  /** Ids of namespaces that are shown in full where the others are not, since the graph is very large. */
  expanded: string[]
  grouped: 'auto' | 'off'
  display: 'graph' | 'table'
  /** Whether dots move along the calls of the picture. */
  motion: 'on' | 'off'
  /** Id of the node or edge whose panel is open. */
  selected: string
  rows: 'edges' | 'nodes'
  /** Column of the table; descending with a leading `-`. */
  sort: string
}

export const topologySearch = searchSchema<TopologySearch>({
  view: param.oneOf(TOPOLOGY_VIEWS, 'workload'),
  namespaces: param.list(),
  clusters: param.list(),
  window: param.integer(60, 20, 86_400),
  at: param.integer(0, 0),
  idle: param.flag(),
  latency: param.oneOf(LATENCIES, 'mean'),
  reporter: param.oneOf(REPORTERS, 'source'),
  span: param.integer(3600, 60, 86_400),
  compare: param.integer(0, 0, 31 * 86_400),
  find: param.text(),
  hide: param.text(),
  focus: param.text(),
  hops: param.integer(2, 1, 9),
  direction: param.oneOf(DIRECTIONS, 'both'),
  collapsed: param.list(),
  expanded: param.list(),
  grouped: param.oneOf(['auto', 'off'], 'auto'),
  display: param.oneOf(['graph', 'table'], 'graph'),
  motion: param.oneOf(['on', 'off'], 'on'),
  selected: param.text(),
  rows: param.oneOf(['edges', 'nodes'], 'edges'),
  sort: param.text('-rate'),
})
