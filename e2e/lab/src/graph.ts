import type { KubeObject } from './objects.ts'

/**
 * A described set of services and the traffic between them. One description makes both the objects
 * in the cluster (`graph-objects.ts`) and the metrics in Prometheus (`exposition.ts`), so that
 * inventory and topology agree.
 */
export interface ServiceGraph {
  readonly namespaces: readonly GraphNamespace[]
  readonly workloads: readonly GraphWorkload[]
  readonly edges: readonly GraphEdge[]
  /** Further objects, such as VirtualServices. */
  readonly objects: readonly KubeObject[]
}

export interface GraphNamespace {
  readonly name: string
  /** Whether it is labelled so that istiod's webhook puts a proxy into its pods. */
  readonly injection: boolean
}

export interface GraphWorkload {
  readonly namespace: string
  /** Name of its Deployment. */
  readonly name: string
  /** Its `app` label, and the name of the Service in front of it; several versions share one. */
  readonly app: string
  /** Its `version` label. */
  readonly version?: string
  readonly serviceAccount?: string
  readonly replicas?: number
  /** None for a workload that nobody calls. */
  readonly port?: { readonly name: string; readonly number: number }
  /** Already in the cluster: Istio's own installation made it. */
  readonly exists?: boolean
}

/** Where a call goes: to a workload as `namespace/name`, or to a host outside of the mesh. */
export type Target =
  | { readonly workload: string }
  /** A host that a ServiceEntry in this namespace declares. */
  | { readonly host: string; readonly declaredIn: string }
  /** Hosts that nobody declared: the proxy lets them pass, and does not know them. */
  | { readonly undeclared: true }

export type GraphEdge = RequestEdge | TcpEdge

interface EdgeEnds {
  /** The calling workload, as `namespace/name`. */
  readonly from: string
  readonly to: Target
}

export interface RequestEdge extends EdgeEnds {
  readonly protocol: 'http' | 'grpc'
  readonly requestsPerSecond: number
  readonly latencyMs: { readonly median: number; readonly p99: number }
  readonly requestBytes?: number
  readonly responseBytes?: number
  readonly failures?: readonly Failure[]
}

export interface TcpEdge extends EdgeEnds {
  readonly protocol: 'tcp'
  readonly sentBytesPerSecond: number
  readonly receivedBytesPerSecond: number
  readonly connectionsPerSecond: number
  /** How many connections are open at any time. */
  readonly openConnections: number
}

/** A share of the requests that ends badly. */
export interface Failure {
  readonly share: number
  /** HTTP status. */
  readonly code: number
  readonly grpcStatus?: number
  /** Envoy's response flags; `-` when the application itself answered so. */
  readonly flags: string
  /** Requests that never arrived are seen by the caller's proxy alone. */
  readonly arrived: boolean
}
