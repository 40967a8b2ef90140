/** The demand behind a fleet's metrics: who calls whom, how often, and how the called ones answer. */
export interface Traffic {
  /** By `namespace/workload`, wherever the workload runs. */
  readonly behaviours: Readonly<Record<string, Behaviour>>
  readonly calls: readonly Call[]
}

/** How a workload answers. */
export interface Behaviour {
  readonly latencyMs: { readonly median: number; readonly p99: number }
  readonly responseBytes?: number
  /** Share of requests that the application itself answers badly, and by which status. */
  readonly failures?: { readonly share: number; readonly code: number; readonly grpcStatus?: number }
}

export interface Call {
  readonly cluster: string
  /** The calling workload, as `namespace/name`. */
  readonly from: string
  /** A Service as `name.namespace`, or a host outside. */
  readonly to: string
  readonly protocol: 'http' | 'grpc' | 'tcp'
  /** Requests (or connections) a second that the workload makes by itself. */
  readonly perSecond?: number
  /** Calls for each request that the workload handles well. */
  readonly perRequest?: number
  /** Of TCP: bytes from the server for each connection. */
  readonly bytesPerConnection?: number
}
