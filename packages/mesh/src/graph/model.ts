import type { HealthLevel, HealthThresholds } from '../health/health.ts'

/** Views that a graph is assembled for; clusters are made of namespaces afterwards (`mergeIntoClusters`). */
export type AssembledView = 'service' | 'workload' | 'version' | 'namespace'
export type GraphView = AssembledView | 'cluster'

/** Which latency a graph has. A mean can be added up over edges; of quantiles only the largest part is known. */
export type LatencyStatistic = 'none' | 'mean' | 'p50' | 'p90' | 'p95' | 'p99'

/** One element of an instant vector of Prometheus. */
export interface EdgeSample {
  metric: Readonly<Record<string, string>>
  value: number
}

/**
 * What Prometheus says of one instant, all reporters together: rates grouped by the labels the view needs
 * (`apps/bff/src/lib/prometheus/graph-queries.ts` asks for them). Labels that are missing count as unknown.
 */
export interface GraphSamples {
  /** `istio_requests_total`, requests per second. */
  requests: readonly EdgeSample[]
  /** `istio_tcp_sent_bytes_total`, bytes per second from the server to the client. */
  tcpSent: readonly EdgeSample[]
  /** `istio_tcp_received_bytes_total`, bytes per second from the client to the server. */
  tcpReceived: readonly EdgeSample[]
  /** A quantile of `istio_request_duration_milliseconds`, milliseconds. */
  latency?: readonly EdgeSample[]
  /** `istio_request_duration_milliseconds_sum`, milliseconds per second; for means, with the next. */
  durationSum?: readonly EdgeSample[]
  /** `istio_request_duration_milliseconds_count`, per second. */
  durationCount?: readonly EdgeSample[]
}

export type GraphNodeType =
  | 'workload'
  | 'service'
  | 'gateway'
  | 'waypoint'
  | 'external'
  | 'unknown'
  | 'passthrough'
  | 'blackhole'
  | 'version'
  | 'namespace'
  | 'cluster'
  | 'other'
export type GraphProtocol = 'http' | 'grpc' | 'tcp'
export type Reporter = 'source' | 'waypoint' | 'destination'

export interface Traffic {
  /** Requests per second. */
  requestRate: number
  /** Share 0–1; absent without requests. */
  errorRate?: number
  /** Milliseconds: the mean over the edges, or a quantile of the slowest edge. */
  latencyMs?: number
  /** TCP bytes per second, both directions. */
  bytesRate: number
}

export interface GraphNode {
  id: string
  type: GraphNodeType
  cluster?: string
  namespace?: string
  name: string
  app?: string
  version?: string
  health: HealthLevel
  /** Whether it has a sidecar; absent when the inventory does not say. */
  injected?: boolean
  /** Whether ztunnel carries its connections in place of a sidecar; absent when the inventory does not say so. */
  ambient?: true
  /** No traffic in the window: it is here because the inventory knows it. */
  idle: boolean
  inbound: Traffic
  outbound: Traffic
}

export interface GraphEdge {
  id: string
  source: string
  target: string
  protocol: GraphProtocol
  /** The host that was called; the busiest where several lead to the same target. */
  host?: string
  health: HealthLevel
  requestRate: number
  errorRate?: number
  /** Milliseconds, of the statistic that the graph has. */
  latencyMs?: number
  /** Bytes per second from the server to the client. */
  sentRate: number
  /** Bytes per second from the client to the server. */
  receivedRate: number
  /** Share 0–1 of requests (of bytes for TCP) under mutual TLS, as the server saw it; absent when nobody could tell. */
  mtlsShare?: number
  /** Requests per second by HTTP code, or `grpc-<status>`. */
  codes: Readonly<Record<string, number>>
  /** Requests (bytes for TCP) per second by Envoy response flag; `-` is left out. */
  flags: Readonly<Record<string, number>>
  /** Whose numbers these are; `destination` marks an edge that no client reported, unless servers are preferred. */
  reporter: Reporter
}

export interface MeshGraph {
  view: GraphView
  latency: LatencyStatistic
  nodes: GraphNode[]
  edges: GraphEdge[]
  /** Sum over the edges: a request counts once for each hop. */
  totals: Traffic
}

/** What the clusters say exists: names metrics cannot give, and what has no traffic. */
export interface GraphInventory {
  workloads?: readonly InventoryWorkload[]
  services?: readonly InventoryService[]
}
export interface InventoryWorkload {
  cluster: string
  namespace: string
  name: string
  app?: string
  version?: string
  /** Absent for those that need no sidecar. */
  injected?: boolean
  ambient?: true
  gateway?: boolean
  /** A gateway for what is spoken in the connections of ambient workloads. */
  waypoint?: true
  /** Names of the services that select it, so that the service view can say who calls. */
  services?: readonly string[]
}
export interface InventoryService {
  cluster: string
  namespace: string
  name: string
  injected?: boolean
  ambient?: true
  gateway?: boolean
}

export interface GraphOptions {
  view: AssembledView
  /** What `latency` or the durations of the samples are; `none` when absent. */
  latency?: LatencyStatistic
  /** Whose report of a call is taken where there are several: its client's (the default) or its server's. */
  prefer?: 'source' | 'destination'
  inventory?: GraphInventory
  /** Add nodes of the inventory that have no traffic. */
  idle?: boolean
  thresholds?: HealthThresholds
  /**
   * From the cluster id in Istio's labels (`Kubernetes` unless configured) to the name that the inventory uses; it is
   * asked with undefined when the label says nothing. Ids are names when absent.
   */
  clusterOf?: (istioClusterId: string | undefined) => string | undefined
}
