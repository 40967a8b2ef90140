import type { Topology, TopologyEdge, TopologyNode } from '@meshdeck/contract'

const NO_TRAFFIC = { requestRate: 0, bytesRate: 0 }

/** A node for tests. */
export function node(id: string, more: Partial<TopologyNode> = {}): TopologyNode {
  const [, cluster, namespace, name] = /^\w+:([^/]+)\/(?:([^/]+)\/)?(.+)$/.exec(id) ?? [
    undefined,
    undefined,
    undefined,
    id,
  ]
  return {
    id,
    type: 'workload',
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
    name: name ?? id,
    health: 'healthy',
    idle: false,
    inbound: NO_TRAFFIC,
    outbound: NO_TRAFFIC,
    ...more,
  }
}

/** An edge for tests. */
export function edge(source: string, target: string, more: Partial<TopologyEdge> = {}): TopologyEdge {
  return {
    id: `${source}->${target}:${more.protocol ?? 'http'}`,
    source,
    target,
    protocol: 'http',
    health: 'healthy',
    requestRate: 10,
    errorRate: 0,
    latencyMs: 20,
    sentRate: 0,
    receivedRate: 0,
    mtlsShare: 1,
    codes: { 200: 10 },
    flags: {},
    reporter: 'source',
    ...more,
  }
}

/** Nobody at the other end could tell of mutual TLS. */
function withoutServerReport({ mtlsShare: _mtlsShare, ...rest }: TopologyEdge): TopologyEdge {
  return rest
}

export const WEB = 'workload:alpha/shop/web'
export const CART = 'workload:alpha/shop/cart'
export const MYSQL = 'workload:alpha/backend/mysql'
export const BANK = 'external:api.bank.example'

/** A small shop: web → cart → mysql, and a bank outside. */
export function shopTopology(more: Partial<Topology> = {}): Topology {
  return {
    at: 1_795_489_160,
    window: 60,
    latency: 'p95',
    nodes: [
      node(BANK, { type: 'external', name: 'api.bank.example' }),
      node(MYSQL, { inbound: { requestRate: 0, bytesRate: 3000 } }),
      node(CART, {
        health: 'critical',
        injected: false,
        inbound: { requestRate: 8.25, errorRate: 0.125, latencyMs: 250, bytesRate: 0 },
      }),
      node(WEB, { outbound: { requestRate: 8.25, errorRate: 0.125, latencyMs: 250, bytesRate: 0 } }),
    ],
    edges: [
      withoutServerReport(
        edge(CART, BANK, { host: 'api.bank.example', requestRate: 0.5, latencyMs: 150, health: 'warning' }),
      ),
      edge(CART, MYSQL, {
        protocol: 'tcp',
        requestRate: 0,
        sentRate: 2000,
        receivedRate: 1000,
        host: 'mysql.backend.svc.cluster.local',
      }),
      edge(WEB, CART, {
        health: 'critical',
        requestRate: 8.25,
        errorRate: 0.125,
        latencyMs: 250,
        host: 'cart.shop.svc.cluster.local',
        codes: { 200: 7.21875, 503: 1.03125 },
        flags: { UH: 1.03125 },
      }),
    ],
    failures: [],
    ...more,
  }
}
