import type { ProxyConfigRow, ProxyPage, ProxyView } from '@meshdeck/contract'

const synced = { state: 'synced', sentAt: '2026-11-24T03:00:00Z' } as const
/** A sidecar that is in sync; for tests. */
export const proxyView = (change: Partial<ProxyView> = {}): ProxyView => ({
  cluster: 'alpha',
  namespace: 'shop',
  pod: 'cart-1',
  type: 'sidecar',
  version: '1.30.3',
  state: 'synced',
  xds: { CDS: synced, LDS: synced, EDS: synced, RDS: synced, ECDS: { state: 'ignored' } },
  istiod: { cluster: 'alpha', namespace: 'istio-system', pod: 'istiod-1' },
  connectedAt: '2026-11-24T02:00:00Z',
  workload: { kind: 'Deployment', name: 'cart' },
  ...change,
})

export const proxyPage = (items: readonly ProxyView[]): ProxyPage => ({
  items: [...items],
  total: items.length,
  all: items.length,
  page: 1,
  pageSize: 50,
  states: { synced: 1, rejected: 1 },
  elsewhere: 0,
  istiods: 1,
  failures: [],
})

/** A route to reviews that a VirtualService made; for tests. */
export const routeRow = (change: Partial<ProxyConfigRow> = {}): ProxyConfigRow => ({
  key: '8080 reviews:8080 /*',
  cells: {
    name: '8080',
    virtualHost: 'reviews:8080',
    domains: 'reviews',
    match: '/*',
    destination: 'outbound|8080|v1|reviews',
  },
  origin: { kind: 'VirtualService', namespace: 'shop', name: 'reviews' },
  resource: '8080',
  fingerprint: 'a',
  ...change,
})

/** A workload as a ztunnel knows it; for tests. */
export const workloadRow = (change: Partial<ProxyConfigRow> = {}): ProxyConfigRow => ({
  key: 'alpha//Pod/shop/journal-1',
  cells: {
    name: 'journal-1',
    namespace: 'shop',
    workload: 'journal',
    address: '10.1.0.4',
    protocol: 'HBONE',
    status: 'Healthy',
    waypoint: 'shop-waypoint',
    node: 'node-1',
    serviceAccount: 'journal',
    policies: '',
    meshCluster: 'alpha',
  },
  links: {
    workload: { kind: 'Deployment', namespace: 'shop', name: 'journal' },
    waypoint: { kind: 'K8sGateway', namespace: 'shop', name: 'shop-waypoint' },
  },
  resource: 'alpha//Pod/shop/journal-1',
  fingerprint: 'a',
  ...change,
})
