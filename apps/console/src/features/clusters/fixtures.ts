import type { ClusterView, MeshView, Problem } from '@meshdeck/contract'

/** A cluster that is well; for tests. */
export const clusterView = (change: Partial<ClusterView> = {}): ClusterView => ({
  name: 'alpha',
  source: 'secret',
  hub: false,
  state: 'reachable',
  version: 'v1.36.3',
  nodes: 3,
  istio: [{ revision: 'default', version: '1.30.3', namespace: 'istio-system', ready: 1, replicas: 2 }],
  meshes: [],
  region: 'cn-east',
  network: 'blue',
  prometheusUrl: 'http://prom.example:9090',
  conditions: [
    { type: 'Reachable', status: 'True', reason: 'Answers', message: 'The API server answers.' },
    { type: 'Permitted', status: 'False', reason: 'Lacking', message: 'It may not list pods.' },
    { type: 'PrometheusReachable', status: 'True', reason: 'Answers', message: 'Prometheus answers queries.' },
  ],
  lastSeen: '2026-11-24T04:20:33Z',
  ...change,
})

/** A mesh on alpha; for tests. */
export const meshView = (change: Partial<MeshView> = {}): MeshView => ({
  name: 'shop',
  mode: 'External',
  phase: 'Running',
  namespace: 'istio-system',
  controlPlaneCluster: 'alpha',
  clusters: [{ name: 'alpha', state: 'reachable', phase: 'Running' }],
  conditions: [],
  protected: false,
  counters: { clusters: { healthy: 1, total: 1 } },
  ...change,
})

export const BROKEN: Problem = {
  type: 'about:blank',
  code: 'bad-request',
  title: 'Bad request',
  status: 400,
  detail: 'the words of the server',
}
export const FORBIDDEN: Problem = {
  type: 'about:blank',
  code: 'forbidden',
  title: 'Forbidden',
  status: 403,
  missing: { verb: 'list', group: 'meshdeck.io', resource: 'clusters' },
}
