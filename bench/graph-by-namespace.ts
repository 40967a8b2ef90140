/** For requests and for bytes: from unknown callers, from other namespaces, and out of the namespace. */
const QUERIES_PER_NAMESPACE = 6

const LABELS = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'source_canonical_service',
  'destination_cluster',
  'destination_service_namespace',
  'destination_service',
  'destination_service_name',
  'destination_workload_namespace',
  'destination_workload',
  'destination_canonical_service',
].join(',')
const OUTCOME = 'request_protocol,response_code,grpc_response_status,response_flags'

/**
 * Asks for each namespace what comes from unknown callers, what comes from other namespaces and what goes out, for requests
 * and for bytes: one query after the other, as consoles do that build their graph by namespaces. Gives how many were sent.
 */
export async function askByNamespace(
  url: string,
  at: number,
  namespaces: readonly string[],
  windowSeconds: number,
): Promise<number> {
  for (const namespace of namespaces) {
    for (const query of queriesOf(namespace, windowSeconds)) {
      const body = new URLSearchParams({ query, time: String(at) })
      const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body })
      if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}`)
      await answer.text()
    }
  }
  return namespaces.length * QUERIES_PER_NAMESPACE
}

function queriesOf(namespace: string, windowSeconds: number): string[] {
  const calls = [
    `reporter="destination",source_workload="unknown",destination_workload_namespace="${namespace}"`,
    `reporter="source",source_workload_namespace!="${namespace}",destination_service_namespace="${namespace}"`,
    `reporter="source",source_workload_namespace="${namespace}"`,
  ]
  const sum = (metric: string, matchers: string, labels: string): string =>
    `sum by (${labels}) (rate(${metric}{${matchers}}[${windowSeconds}s])) > 0`
  return [
    ...calls.map((matchers) => sum('istio_requests_total', matchers, `${LABELS},${OUTCOME}`)),
    ...calls.map((matchers) => sum('istio_tcp_sent_bytes_total', matchers, `${LABELS},response_flags`)),
  ]
}
