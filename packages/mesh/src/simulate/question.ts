/** How the caller speaks. `https` is HTTP in TLS, which the caller itself or an edge ends; `tls` is anything in TLS. */
export const PROTOCOLS_ASKED = ['http', 'https', 'tls', 'tcp'] as const
export type AskedProtocol = (typeof PROTOCOLS_ASKED)[number]

/** Who calls. */
export type AskedSource =
  /** A pod of the mesh, named by its workload or by its own name. */
  | { from: 'workload'; namespace: string; name: string }
  /** Somebody outside, through a gateway (`Gateway` of Istio or of the Gateway API). */
  | { from: 'gateway'; kind: 'Gateway' | 'K8sGateway'; namespace: string; name: string }
  /** Something without a proxy that calls the service itself. */
  | { from: 'outside' }

/** A request that is thought of. */
export interface Question {
  source: AskedSource
  protocol: AskedProtocol
  /** As the caller writes it: `reviews`, `reviews.shop`, `shop.example.com`. With TLS it is the SNI too. */
  host: string
  /** The port that the caller connects to: of the service, or of the gateway's server. */
  port: number
  /** With the query, if any. */
  path: string
  method: string
  /** By name in lower case. */
  headers: Readonly<Record<string, string>>
  /** Claims of the token that the request carries; undefined: it carries none. That its signature is right is taken for granted. */
  claims?: Readonly<Record<string, unknown>>
  /** The caller's address, where it is known. */
  ip?: string
}
