import { param, searchSchema } from '../../lib/search-params.ts'

export const SOURCES = ['workload', 'gateway', 'outside'] as const
export const PROTOCOLS = ['http', 'https', 'tls', 'tcp'] as const
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** The question as the page's address carries it. */
export interface ExplainSearch {
  from: (typeof SOURCES)[number]
  /** `namespace/name` of a workload; of a gateway `Gateway/namespace/name` or `K8sGateway/…`. */
  source: string
  protocol: (typeof PROTOCOLS)[number]
  host: string
  /** As typed; 0 and the like are told, not thrown away. */
  port: string
  path: string
  method: string
  /** One on a line. */
  headers: string
  /** JSON; empty without a token. */
  claims: string
  ip: string
}

export const explainSchema = searchSchema<ExplainSearch>({
  from: param.oneOf(SOURCES, 'workload'),
  source: param.text(),
  protocol: param.oneOf(PROTOCOLS, 'http'),
  host: param.text(),
  port: param.text(),
  path: param.text('/'),
  method: param.text('GET'),
  headers: param.text(),
  claims: param.text(),
  ip: param.text(),
})
