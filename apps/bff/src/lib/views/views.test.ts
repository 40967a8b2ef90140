import { describe, expect, it } from 'vitest'
import type { Cluster, KubeResource, Mesh, Namespace, Pod, Service } from '@meshdeck/kube'
import { clusterRecord, meshRecord } from '../../testing/bff.ts'
import { meshesOf, toClusterView } from './clusters.ts'
import { toComponents, toMeshView } from './meshes.ts'
import { toNamespaceViews } from './namespaces.ts'
import { toServiceDetail, toServiceViews } from './services.ts'
import { indexSnapshot, type ClusterSnapshot, type IndexedSnapshot, type Workload } from './snapshot.ts'
import { toWorkloadViews } from './workloads.ts'

/** All inputs are frozen: a view that changes one fails. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

const namespace = (name: string, labels: Record<string, string> = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
})
const service = (name: string, spec: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name },
  spec: {
    selector: { app: name },
    ports: [{ port: 80, name: 'grpc-web', targetPort: 'web' }, { port: 9 }],
    clusterIP: '10.0.0.1',
    ...spec,
  },
})
const deployment = (
  name: string,
  more: { namespace?: string; labels?: Record<string, string>; image?: string } = {},
): Workload => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: more.namespace ?? 'shop', name: `${name}-v1`, labels: { app: name } },
  spec: {
    replicas: 1,
    selector: {},
    template: {
      metadata: { labels: { app: name, version: 'v1', ...more.labels } },
      spec: { containers: [{ name: 'app', image: more.image ?? 'a:1' }] },
    },
  },
  status: { readyReplicas: 1 },
})
const pod = (app: string, injected: boolean, more: { namespace?: string; ready?: boolean } = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: more.namespace ?? 'shop',
    name: `${app}-v1-abc-${injected ? 'in' : 'out'}`,
    labels: { app, version: 'v1', 'pod-template-hash': 'abc' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-v1-abc`, uid: 'u', controller: true }],
  },
  spec: {
    nodeName: 'n1',
    containers: [{ name: 'app' }, ...(injected ? [{ name: 'istio-proxy', image: 'proxyv2:1.30.3' }] : [])],
  },
  status:
    more.ready === false
      ? {
          phase: 'Pending',
          containerStatuses: [
            {
              name: 'app',
              ready: false,
              restartCount: 3,
              image: '',
              imageID: '',
              state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
            },
          ],
        }
      : { phase: 'Running', podIP: '10.1.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
})

const snapshot = (more: Partial<ClusterSnapshot> = {}): IndexedSnapshot =>
  indexSnapshot(
    freeze({
      cluster: 'alpha',
      namespaces: [namespace('shop', { 'istio-injection': 'enabled' })],
      services: [],
      pods: [],
      workloads: [],
      replicaSets: [],
      ...more,
    }),
  )

describe('namespace view', () => {
  it('tells policy, pods and what waits for a restart', () => {
    const [shop, system] = toNamespaceViews(
      snapshot({
        namespaces: [namespace('shop', { 'istio-injection': 'enabled' }), namespace('istio-system')],
        workloads: [deployment('reviews'), deployment('ratings')],
        pods: [pod('reviews', true), pod('ratings', false)],
      }),
      'istio-system',
    )
    expect(shop).toMatchObject({
      policy: 'enabled',
      state: 'enabled-pending',
      pods: 2,
      injectedPods: 1,
      workloads: 2,
      pendingWorkloads: 1,
      system: false,
    })
    expect(system).toMatchObject({ policy: 'unset', system: true, pods: 0 })
    expect(shop).not.toHaveProperty('pending')
  })

  it('knows what carries the cluster: Kubernetes, Istio, Meshdeck and the platform', () => {
    const names = ['kube-public', 'istio-system', 'mesh-root', 'ztunnel', 'meshdeck-system', 'kpanda-system', 'shop']
    const views = toNamespaceViews(snapshot({ namespaces: names.map((name) => namespace(name)) }), 'mesh-root')
    expect(views.filter(({ system }) => !system).map(({ name }) => name)).toEqual(['shop'])
  })
})

describe('workload view', () => {
  it('joins pods by their owner, and services by their selector', () => {
    const [view] = toWorkloadViews(
      snapshot({
        workloads: [deployment('reviews')],
        pods: [pod('reviews', true), pod('other', false)],
        services: [service('reviews'), service('all', { selector: {} })],
      }),
    )
    expect(view).toMatchObject({
      name: 'reviews-v1',
      version: 'v1',
      replicas: 1,
      ready: 1,
      pods: 1,
      injectedPods: 1,
      injection: 'injected',
      proxyVersions: ['1.30.3'],
      services: ['reviews'],
    })
  })
})

describe('service view', () => {
  const alpha = snapshot({
    services: [service('reviews')],
    pods: [pod('reviews', true)],
    workloads: [deployment('reviews')],
  })

  it('is one row over all clusters, with what differs between them', () => {
    const beta = snapshot({
      cluster: 'beta',
      services: [service('reviews', { ports: [{ port: 81 }] }), service('only-beta')],
      pods: [pod('reviews', false)],
    })
    const [reviews, only] = toServiceViews([alpha, beta])
    expect(reviews).toMatchObject({
      name: 'reviews',
      clusters: ['alpha', 'beta'],
      status: 'error',
      pods: 2,
      readyPods: 2,
      injectedPods: 1,
      versions: ['v1'],
    })
    expect(reviews?.reasons.map(({ code }) => code)).toContain('ports-differ')
    expect(reviews?.ports).toEqual([
      { name: 'grpc-web', port: 80, targetPort: 'web', protocol: 'TCP', appProtocol: 'grpc-web' },
      { port: 9, protocol: 'TCP' },
    ])
    expect(only?.clusters).toEqual(['beta'])
  })

  it('shows the rules that name its host in any form, and no other', () => {
    const rule = (
      name: string,
      spec: object,
      home = 'shop',
      kind: 'VirtualService' | 'DestinationRule' = 'VirtualService',
    ) => ({
      cluster: 'alpha',
      kind,
      resource: {
        apiVersion: 'networking.istio.io/v1',
        kind,
        metadata: { namespace: home, name },
        spec,
      } satisfies KubeResource,
    })
    const detail = toServiceDetail([alpha], 'shop', 'reviews', [
      rule('short', { hosts: ['reviews'] }),
      rule('short-elsewhere', { hosts: ['reviews'] }, 'bank'),
      rule('full-elsewhere', { hosts: ['x', 'reviews.shop.svc.cluster.local'] }, 'bank'),
      rule('destination', { host: 'reviews.shop' }, 'bank', 'DestinationRule'),
      rule('broken', { hosts: 'reviews' }),
    ])
    expect(detail?.rules.map(({ name }) => name)).toEqual(['short', 'full-elsewhere', 'destination'])
    expect(detail).toMatchObject({
      addresses: [{ cluster: 'alpha', host: 'reviews.shop.svc.cluster.local', ips: ['10.0.0.1'] }],
      workloads: [{ name: 'reviews-v1' }],
      pods: [{ workload: 'Deployment/reviews-v1', ready: true }],
    })
    expect(toServiceDetail([alpha], 'shop', 'none', [])).toBeUndefined()
  })

  it('says why a pod is not ready in the words of its status', () => {
    const detail = toServiceDetail(
      [snapshot({ services: [service('reviews')], pods: [pod('reviews', false, { ready: false })] })],
      'shop',
      'reviews',
      [],
    )
    expect(detail?.pods[0]).toMatchObject({ ready: false, restarts: 3, problem: 'ImagePullBackOff: no such image' })
  })
})

describe('mesh view', () => {
  const mesh: Mesh = { ...meshRecord('shop', ['alpha', 'beta']), status: { phase: 'Running', version: '1.30.3' } }
  const reachable = (cluster: string) => ({ state: cluster === 'alpha' ? ('reachable' as const) : ('lost' as const) })
  const snapshots = [
    snapshot({
      services: [service('reviews')],
      pods: [pod('reviews', true)],
      workloads: [
        deployment('istio-ingressgateway', { namespace: 'istio-system', labels: { istio: 'ingressgateway' } }),
      ],
    }),
  ]

  it('counts what the caller may see', () => {
    const view = toMeshView(
      freeze(mesh),
      reachable,
      { snapshots, services: true, pods: true, workloads: true },
      undefined,
    )
    expect(view).toMatchObject({
      phase: 'Running',
      version: '1.30.3',
      clusters: [
        { name: 'alpha', state: 'reachable' },
        { name: 'beta', state: 'lost' },
      ],
    })
    expect(view.counters).toEqual({
      clusters: { healthy: 1, total: 2 },
      services: { healthy: 1, total: 1 },
      pods: { running: 1, injected: 1, total: 1 },
      proxyVersions: [{ version: '1.30.3', pods: 1 }],
      gateways: { ingress: 1, egress: 0 },
    })
  })

  it('has no counter for what the caller may not see', () => {
    const view = toMeshView(mesh, reachable, { snapshots, services: true, pods: false, workloads: false }, undefined)
    expect(view.counters).toEqual({ clusters: { healthy: 1, total: 2 } })
  })

  it('lists Istio’s own parts, and not what is merely in their namespace', () => {
    const parts = toComponents(
      [
        snapshot({
          workloads: [
            deployment('istiod', { namespace: 'istio-system', image: 'pilot:1.30.3' }),
            deployment('grafana', { namespace: 'istio-system' }),
            deployment('reviews'),
          ],
        }),
      ],
      'istio-system',
    )
    expect(parts.map(({ name, version }) => [name, version])).toEqual([['istiod-v1', '1.30.3']])
  })
})

describe('cluster view', () => {
  it('says where its credential comes from, which meshes it is in, and whether it is the hub', () => {
    const cluster: Cluster = {
      ...clusterRecord('alpha'),
      status: { clusterUid: 'u', istio: [{ revision: 'default', version: '1.30.3', namespace: 'istio-system' }] },
    }
    const meshes = [meshRecord('one', ['beta', 'alpha']), meshRecord('two', ['beta'])]
    const view = toClusterView(freeze(cluster), meshes, { state: 'reachable' }, 'u')
    expect(view).toMatchObject({
      name: 'alpha',
      source: 'kubeconfig',
      hub: true,
      state: 'reachable',
      meshes: ['one'],
      istio: [{ version: '1.30.3' }],
    })
    expect(toClusterView({ ...cluster, status: {} }, [], { state: 'unknown' }, undefined).hub).toBe(false)
    expect(meshesOf('beta', meshes)).toEqual(['one', 'two'])
  })
})
