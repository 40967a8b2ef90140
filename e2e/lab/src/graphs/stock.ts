import type { ServiceGraph } from '../graph.ts'

const http = { name: 'http', number: 8080 }
const bookinfoHttp = { name: 'http', number: 9080 }

/**
 * A small stock system in the mesh, called by an application that is not in it yet: `bookinfo` has
 * several workloads and no proxies, for tests of turning injection on.
 */
export const stock: ServiceGraph = {
  namespaces: [
    { name: 'stock', injection: true },
    { name: 'bookinfo', injection: false },
  ],
  workloads: [
    { namespace: 'stock', name: 'inventory', app: 'inventory', version: 'v1', replicas: 2, port: http },
    { namespace: 'stock', name: 'warehouse', app: 'warehouse', version: 'v1', port: http },
    { namespace: 'bookinfo', name: 'productpage-v1', app: 'productpage', version: 'v1', port: bookinfoHttp },
    { namespace: 'bookinfo', name: 'details-v1', app: 'details', version: 'v1', port: bookinfoHttp },
    { namespace: 'bookinfo', name: 'ratings-v1', app: 'ratings', version: 'v1', port: bookinfoHttp },
    { namespace: 'bookinfo', name: 'reviews-v1', app: 'reviews', version: 'v1', port: bookinfoHttp },
    { namespace: 'bookinfo', name: 'reviews-v2', app: 'reviews', version: 'v2', port: bookinfoHttp },
  ],
  edges: [
    {
      from: 'stock/inventory',
      to: { workload: 'stock/warehouse' },
      protocol: 'http',
      requestsPerSecond: 9,
      latencyMs: { median: 15, p99: 110 },
      failures: [{ share: 0.02, code: 500, flags: '-', arrived: true }],
    },
    {
      from: 'bookinfo/productpage-v1',
      to: { workload: 'stock/inventory' },
      protocol: 'http',
      requestsPerSecond: 4,
      latencyMs: { median: 20, p99: 140 },
    },
  ],
  objects: [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'warehouse', namespace: 'stock' },
      spec: {
        hosts: ['warehouse'],
        http: [{ route: [{ destination: { host: 'warehouse', port: { number: 8080 } } }], timeout: '3s' }],
      },
    },
  ],
}
