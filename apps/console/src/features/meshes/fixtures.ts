import type { ClusterView, MeshView, Problem } from '@meshdeck/contract'

/** A mesh that runs well on two clusters; for tests. */
export const meshView = (change: Partial<MeshView> = {}): MeshView => ({
  name: 'shop',
  mode: 'External',
  phase: 'Running',
  version: '1.30.3',
  namespace: 'istio-system',
  controlPlaneCluster: 'alpha',
  clusters: [
    { name: 'beta', state: 'reachable', phase: 'Running' },
    { name: 'alpha', state: 'reachable', phase: 'Running' },
  ],
  conditions: [{ type: 'ControlPlaneFound', status: 'True', reason: 'Found', message: 'Istio 1.30.3 runs.' }],
  protected: false,
  counters: {
    clusters: { healthy: 2, total: 2 },
    services: { healthy: 11, total: 18 },
    pods: { running: 20, injected: 20, total: 20 },
  },
  ...change,
})

/** A cluster with one Istio in it; for tests. */
export const clusterWithIstio = (change: Partial<ClusterView> = {}): ClusterView => ({
  name: 'alpha',
  source: 'secret',
  hub: false,
  state: 'reachable',
  istio: [{ revision: 'default', version: '1.30.3', namespace: 'istio-system', ready: 1, replicas: 1 }],
  meshes: [],
  conditions: [],
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
  missing: { verb: 'list', group: 'meshdeck.io', resource: 'meshes' },
}
