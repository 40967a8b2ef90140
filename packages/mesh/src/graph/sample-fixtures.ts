import type { EdgeSample, GraphSamples, Reporter } from './model.ts'

/** Labels of a call between two workloads of the Bookinfo kind, as Istio's standard metrics have them; for tests. */
export interface Call {
  reporter?: Reporter
  from?: string
  fromNamespace?: string
  to?: string
  toNamespace?: string
  host?: string
  cluster?: string
  toCluster?: string
  labels?: Readonly<Record<string, string>>
}

/** A rate between workloads `from` and `to` (`reviews-v1`); the canonical name is what stands before the dash. */
export function sample(value: number, call: Call = {}): EdgeSample {
  const { reporter = 'source', from = 'frontend-v1', to = 'reviews-v1', cluster = 'c1' } = call
  const fromNamespace = call.fromNamespace ?? (from === 'unknown' ? 'unknown' : 'shop')
  const toNamespace = call.toNamespace ?? (to === 'unknown' ? 'unknown' : 'shop')
  const [service = to, version = 'latest'] = to.split('-')
  const host = call.host ?? `${service}.${toNamespace}.svc.cluster.local`
  return Object.freeze({
    value,
    metric: Object.freeze({
      reporter,
      source_cluster: from === 'unknown' ? 'unknown' : cluster,
      source_workload: from,
      source_workload_namespace: fromNamespace,
      source_canonical_service: from.split('-')[0] ?? from,
      source_canonical_revision: from.split('-')[1] ?? 'latest',
      destination_cluster: call.toCluster ?? (to === 'unknown' ? 'unknown' : cluster),
      destination_workload: to,
      destination_workload_namespace: toNamespace,
      destination_canonical_service: service,
      destination_canonical_revision: version,
      destination_service: host,
      destination_service_name: host.split('.')[0] ?? host,
      destination_service_namespace: toNamespace,
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      connection_security_policy: reporter === 'source' ? 'unknown' : 'mutual_tls',
      ...call.labels,
    }),
  })
}

export const samplesOf = (samples: Partial<GraphSamples>): GraphSamples => ({
  requests: [],
  tcpSent: [],
  tcpReceived: [],
  ...samples,
})

/** A failure before the server: the client knows the service it called and nothing behind it. */
export const unresolved = {
  to: 'unknown',
  host: 'reviews.shop.svc.cluster.local',
  labels: {
    destination_service_namespace: 'shop',
    response_code: '503',
    response_flags: 'UH',
  },
}
