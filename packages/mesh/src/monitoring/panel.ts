/** What a dashboard is made of, as plain data; nothing here asks or draws anything. */

/** Who reports a request; see docs/monitoring.md. */
export const REPORTERS = ['source', 'destination', 'waypoint'] as const
export type Reporter = (typeof REPORTERS)[number]

/** Shares of requests, of which a latency or a size is not exceeded. */
export const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const
export type Quantile = (typeof QUANTILES)[number]

/** What the queries of a dashboard depend on. Empty lists bound nothing. */
export interface Variables {
  /** Seconds that rates are averaged over. */
  window: number
  /** Of istiod: its resources and gateways are told from everybody else's by it. */
  systemNamespace: string
  namespace: string
  /** A Service, or a workload: what the dashboard is about. */
  name: string
  reporter: Reporter
  quantiles: readonly number[]
  /** Only callers, called workloads or services of these names. */
  peers: readonly string[]
  peerNamespaces: readonly string[]
  /** Only what is asked for in these namespaces, where the dashboard is about more than one. Absent: everywhere. */
  within?: readonly string[]
  /** Only istiod of this revision. */
  revision?: string
  /** The cluster's name in the labels, where one Prometheus holds several clusters. */
  cluster?: string
  /** Labels by which the store holds series twice or more; rates count such series once. */
  replicas?: readonly string[]
}

export const UNITS = [
  'requestsPerSecond',
  'operationsPerSecond',
  'connectionsPerSecond',
  'bytesPerSecond',
  'milliseconds',
  'seconds',
  'bytes',
  'cores',
  'share',
  'count',
] as const
export type Unit = (typeof UNITS)[number]

/**
 * `number`: the latest figure over its own small line. `heatmap`: a histogram over time, its query's buckets by `le`.
 * `table`: a row for each set of labels, a column for each query, now.
 */
export type ChartKind = 'number' | 'line' | 'heatmap' | 'table'

export interface PanelQuery {
  /** Within the panel; names its series where labels do not. */
  id: string
  /** Labels by which its series are told apart; the answer has no others. */
  by: readonly string[]
  promql: (variables: Variables) => string
  /** What `promql` is a part of. Both are asked, added up over all Prometheus servers, then divided. */
  over?: (variables: Variables) => string
  /** When it is not the panel's own. */
  unit?: Unit
  /** Drawn downwards from zero, to stand against another. */
  below?: boolean
}

/** Single requests that stand behind the lines of a panel, each with the id of its trace. */
export interface PanelExemplars {
  /** Of whose series the exemplars are, as selectors united by `or`. */
  promql: (variables: Variables) => string
  /** Labels by which they are told apart, as the panel's lines are. */
  by: readonly string[]
  /** Who reports them, where it is not whom one chose. */
  reporter?: Reporter
  /** Whether their value is in the panel's unit. That of a counter is not: it counts, and the panel shows rates. */
  valued: boolean
}

export interface Panel {
  /** Within the dashboard. */
  id: string
  /** Key of its name and of what it shows; panels of several dashboards share it. */
  title: string
  chart: ChartKind
  unit: Unit
  queries: readonly PanelQuery[]
  /** Whether it can be kept to some namespaces. What cannot is only for those who may see the whole mesh. */
  bounded: boolean
  /** A line at this height, in the panel's unit: what is still good. */
  goal?: number
  /** Of panels of lines whose series carry exemplars: which those are. */
  exemplars?: PanelExemplars
}

export interface Section {
  id: string
  panels: readonly Panel[]
  /** Whether it begins closed: what most people do not look for costs nothing until they do. */
  closed?: boolean
}

export type DashboardId = 'mesh' | 'services' | 'workloads' | 'control-plane' | 'performance' | 'ztunnel'

export interface Dashboard {
  id: DashboardId
  /** Whether it is about one Service or one workload, which must then be named. */
  subject?: 'service' | 'workload'
  sections: readonly Section[]
}
