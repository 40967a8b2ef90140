import { expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'

/** As Istio before 1.8 wrote them: no clusters, no canonical services, no response flags, no gRPC status. */
const OLD = {
  reporter: 'source',
  request_protocol: 'http',
  response_code: '500',
  connection_security_policy: 'unknown',
  source_workload: 'web',
  source_workload_namespace: 'shop',
  destination_workload: 'cart',
  destination_workload_namespace: 'shop',
  destination_service: 'cart.shop.svc.cluster.local',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
}

it('makes a graph of telemetry that lacks the labels of later versions', () => {
  const samples = [
    { metric: OLD, value: 1 },
    { metric: { ...OLD, response_code: '200' }, value: 3 },
    // The server's report of the same calls does not count again.
    {
      metric: { ...OLD, reporter: 'destination', response_code: '200', connection_security_policy: 'mutual_tls' },
      value: 3,
    },
    { metric: { ...OLD, reporter: 'destination', connection_security_policy: 'mutual_tls' }, value: 1 },
  ]
  for (const view of ['workload', 'service', 'namespace'] as const) {
    const graph = assembleGraph(
      { requests: samples, tcpSent: [], tcpReceived: [] },
      { view, clusterOf: (id) => id ?? 'east', inventory: { workloads: [], services: [] }, idle: false },
    )
    expect(graph.edges, view).toHaveLength(1)
    expect(graph.edges[0], view).toMatchObject({ requestRate: 4, errorRate: 0.25 })
    for (const node of graph.nodes) expect(node.cluster, view).toBe('east')
  }
})
