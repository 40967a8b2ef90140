import type { ServiceGraph } from '../graph.ts'

const http = { name: 'http', number: 8080 }

/**
 * A shop: a request enters by the gateway and fans out. It has one of each thing a console must
 * draw: two versions of a service, an application that fails, a service that cannot be reached, gRPC, TCP,
 * callers and servers without a proxy, a declared and an undeclared host outside.
 */
export const shop: ServiceGraph = {
  namespaces: [
    { name: 'shop', injection: true },
    { name: 'backend', injection: true },
    { name: 'legacy', injection: false },
  ],
  workloads: [
    {
      namespace: 'istio-system',
      name: 'istio-ingressgateway',
      app: 'istio-ingressgateway',
      serviceAccount: 'istio-ingressgateway-service-account',
      exists: true,
    },
    { namespace: 'shop', name: 'frontend', app: 'frontend', version: 'v1', replicas: 2, port: http },
    { namespace: 'shop', name: 'cart', app: 'cart', version: 'v1', port: http },
    { namespace: 'shop', name: 'reviews-v1', app: 'reviews', version: 'v1', port: http },
    { namespace: 'shop', name: 'reviews-v2', app: 'reviews', version: 'v2', port: http },
    { namespace: 'shop', name: 'recommender', app: 'recommender', version: 'v1', port: { name: 'grpc', number: 9090 } },
    { namespace: 'backend', name: 'checkout', app: 'checkout', version: 'v1', port: http },
    { namespace: 'backend', name: 'payment', app: 'payment', version: 'v1', port: http },
    { namespace: 'backend', name: 'orders', app: 'orders', version: 'v1', replicas: 2, port: http },
    { namespace: 'backend', name: 'mysql', app: 'mysql', version: 'v1', port: { name: 'tcp-mysql', number: 3306 } },
    { namespace: 'legacy', name: 'batch', app: 'batch' },
    { namespace: 'legacy', name: 'invoices', app: 'invoices', version: 'v1', port: http },
  ],
  edges: [
    {
      from: 'istio-system/istio-ingressgateway',
      to: { workload: 'shop/frontend' },
      protocol: 'http',
      requestsPerSecond: 40,
      latencyMs: { median: 45, p99: 400 },
      responseBytes: 24_000,
      failures: [{ share: 0.01, code: 404, flags: '-', arrived: true }],
    },
    {
      from: 'shop/frontend',
      to: { workload: 'shop/cart' },
      protocol: 'http',
      requestsPerSecond: 20,
      latencyMs: { median: 8, p99: 60 },
    },
    {
      from: 'shop/frontend',
      to: { workload: 'shop/reviews-v1' },
      protocol: 'http',
      requestsPerSecond: 18,
      latencyMs: { median: 12, p99: 90 },
    },
    {
      from: 'shop/frontend',
      to: { workload: 'shop/reviews-v2' },
      protocol: 'http',
      requestsPerSecond: 2,
      latencyMs: { median: 30, p99: 900 },
      failures: [{ share: 0.1, code: 500, flags: '-', arrived: true }],
    },
    {
      from: 'shop/frontend',
      to: { workload: 'shop/recommender' },
      protocol: 'grpc',
      requestsPerSecond: 15,
      latencyMs: { median: 5, p99: 35 },
      failures: [{ share: 0.03, code: 200, grpcStatus: 14, flags: '-', arrived: true }],
    },
    {
      from: 'shop/cart',
      to: { workload: 'backend/checkout' },
      protocol: 'http',
      requestsPerSecond: 6,
      latencyMs: { median: 60, p99: 600 },
    },
    {
      from: 'backend/checkout',
      to: { workload: 'backend/orders' },
      protocol: 'http',
      requestsPerSecond: 6,
      latencyMs: { median: 20, p99: 150 },
    },
    {
      from: 'backend/checkout',
      to: { workload: 'backend/payment' },
      protocol: 'http',
      requestsPerSecond: 6,
      latencyMs: { median: 80, p99: 1_200 },
      failures: [
        { share: 0.08, code: 503, flags: 'UF,URX', arrived: false },
        { share: 0.02, code: 504, flags: 'UT', arrived: false },
      ],
    },
    {
      from: 'backend/orders',
      to: { workload: 'backend/mysql' },
      protocol: 'tcp',
      sentBytesPerSecond: 52_000,
      receivedBytesPerSecond: 9_000,
      connectionsPerSecond: 0.5,
      openConnections: 12,
    },
    {
      from: 'backend/payment',
      to: { host: 'api.bank.example', declaredIn: 'backend' },
      protocol: 'http',
      requestsPerSecond: 5,
      latencyMs: { median: 120, p99: 800 },
    },
    {
      from: 'backend/payment',
      to: { undeclared: true },
      protocol: 'tcp',
      sentBytesPerSecond: 300,
      receivedBytesPerSecond: 2_500,
      connectionsPerSecond: 0.1,
      openConnections: 1,
    },
    {
      from: 'legacy/batch',
      to: { workload: 'backend/orders' },
      protocol: 'http',
      requestsPerSecond: 3,
      latencyMs: { median: 25, p99: 200 },
    },
    {
      from: 'backend/orders',
      to: { workload: 'legacy/invoices' },
      protocol: 'http',
      requestsPerSecond: 2,
      latencyMs: { median: 35, p99: 250 },
    },
  ],
  objects: [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'shop', namespace: 'shop' },
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example'] }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'frontend', namespace: 'shop' },
      spec: {
        hosts: ['shop.example'],
        gateways: ['shop'],
        http: [{ name: 'all', route: [{ destination: { host: 'frontend', port: { number: 8080 } } }] }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'reviews', namespace: 'shop' },
      spec: {
        host: 'reviews',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'reviews', namespace: 'shop' },
      spec: {
        hosts: ['reviews'],
        http: [
          {
            name: 'canary',
            route: [
              { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
              { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
            ],
            timeout: '5s',
            retries: { attempts: 2, perTryTimeout: '2s', retryOn: 'connect-failure,refused-stream,unavailable' },
          },
        ],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'payment', namespace: 'backend' },
      spec: {
        host: 'payment',
        trafficPolicy: {
          connectionPool: { http: { http1MaxPendingRequests: 50 } },
          outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s' },
        },
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'bank', namespace: 'backend' },
      spec: {
        hosts: ['api.bank.example'],
        location: 'MESH_EXTERNAL',
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'DNS',
      },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'payment-callers', namespace: 'backend' },
      spec: {
        selector: { matchLabels: { app: 'payment' } },
        action: 'ALLOW',
        rules: [{ from: [{ source: { principals: ['cluster.local/ns/backend/sa/checkout'] } }] }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'cart', port: 8080 }],
        rules: [{ backendRefs: [{ name: 'cart', port: 8080 }] }],
      },
    },
  ],
}
