import type { KubeResource, Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import type { PodLike } from '../injection/pods.ts'
import { placesOf } from '../install/place.ts'
import { cleanUpCommands, expectedLeftovers } from './left-behind.ts'
import { removalChecks, type RemovalSight } from './removal-checks.ts'

const mesh = (spec: Partial<Mesh['spec']> = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east', version: '1.30.3' }, ...spec },
})
const pod = (namespace: string, name: string, more: Partial<KubeResource['metadata']> = {}): PodLike => ({
  metadata: { namespace, name, ...more },
  spec: { containers: [{ name: 'istio-proxy', image: 'proxyv2:1.30.3' }] },
  status: { phase: 'Running' },
})
const injectedBy = (revision: string) => ({
  annotations: { 'sidecar.istio.io/status': JSON.stringify({ revision }) },
})
const deployment = (name: string, labels: Record<string, string>, own: Record<string, string> = {}): KubeResource => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'edge', name, labels: own },
  spec: { template: { metadata: { labels } } },
})
const gateway = (name: string, gatewayClassName: string): KubeResource => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { namespace: 'edge', name },
  spec: { gatewayClassName },
})
const sight = (more: Partial<RemovalSight> = {}): RemovalSight => ({
  cluster: 'east',
  pods: [
    pod('shop', 'a'),
    pod('shop', 'b'),
    pod('bank', 'c'),
    // A gateway's proxy is a gateway, and what ended has no sidecar any more.
    pod('edge', 'gateway', { labels: { istio: 'ingressgateway' } }),
    { ...pod('shop', 'done'), status: { phase: 'Succeeded' } },
    pod('shop', 'canary', injectedBy('next')),
  ],
  deployments: [
    deployment('ingress', { istio: 'ingressgateway' }),
    deployment('web-istio', { 'gateway.networking.k8s.io/gateway-name': 'web' }),
    deployment('istio-eastwestgateway', { istio: 'eastwestgateway' }, { 'meshdeck.io/mesh': 'shop' }),
    deployment('by-helm', { istio: 'eastwestgateway' }),
    deployment('of-another', { istio: 'ingressgateway', 'istio.io/rev': 'next' }),
    deployment('app', { app: 'app' }),
  ],
  gateways: [gateway('web', 'istio'), gateway('other', 'nginx')],
  otherRevisions: ['next'],
  own: new Set(['edge/by-helm']),
  ...more,
})
const of = (type: string, sights: RemovalSight[], object = mesh()) =>
  removalChecks(object, sights, []).find((each) => each.type === type)

describe('checks before a mesh is deleted', () => {
  it('count the sidecars of its own control plane, by namespace', () => {
    expect(of('sidecars', [sight()])).toEqual({
      type: 'sidecars',
      state: 'warning',
      count: 3,
      dependents: [
        { cluster: 'east', kind: 'Pod', namespace: 'shop', count: 2 },
        { cluster: 'east', kind: 'Pod', namespace: 'bank', count: 1 },
      ],
      unread: [],
    })
  })

  it('name each gateway once, and none that goes with the mesh or is another’s', () => {
    const names = of('gateways', [sight()])?.dependents.map(({ kind, name }) => `${kind} ${name}`)
    expect(names).toEqual(['Deployment ingress', 'K8sGateway web'])
  })

  it('say when something could not be read, but not that there is nothing', () => {
    const { pods: _pods, ...blind } = sight()
    expect(of('sidecars', [blind])).toMatchObject({ state: 'unknown', count: 0, unread: ['east'] })
    expect(of('sidecars', [sight({ pods: [] })])).toMatchObject({ state: 'passed', unread: [] })
  })

  it('name the members, and the lock', () => {
    const checks = removalChecks(mesh({ protected: true }), [], ['west'])
    expect(checks.find(({ type }) => type === 'members')).toMatchObject({ state: 'warning', count: 1 })
    expect(checks.find(({ type }) => type === 'protection')).toMatchObject({ state: 'blocking' })
  })

  it('leave out what an external mesh does not lose', () => {
    const checks = removalChecks(mesh({ mode: 'External' }), [sight()], ['east'])
    expect(checks.map(({ type }) => type)).toEqual(['members', 'protection'])
  })
})

describe('what a mesh leaves behind', () => {
  it('is known without asking the cluster, in the order in which it can go', () => {
    const managed = mesh({ mode: 'Managed', engine: 'Helm', members: [{ cluster: 'west', network: 'blue' }] })
    const places = placesOf(managed, () => undefined)
    const [primary, remote] = places
    if (!primary || !remote) throw new Error('two places')
    expect(expectedLeftovers(managed, primary, places).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'VirtualService istiod-vs',
      'Gateway cross-network-gateway',
      'Gateway istiod-gateway',
      'Secret cacerts',
      'Secret istio-remote-secret-west',
      'HelmRelease istio-eastwestgateway',
      'HelmRelease istiod',
      'HelmRelease istio-base',
      'Namespace istio-system',
    ])
    expect(cleanUpCommands('west', expectedLeftovers(managed, remote, places))).toEqual([
      'kubectl --context west delete secrets istio-reader-service-account-istio-remote-secret-token --namespace istio-system',
      'helm --kube-context west uninstall istio-eastwestgateway --namespace istio-system',
      'helm --kube-context west uninstall istiod --namespace istio-system',
      'helm --kube-context west uninstall istio-base --namespace istio-system',
      'kubectl --context west label namespace istio-system meshdeck.io/mesh- app.kubernetes.io/managed-by-',
    ])
  })

  it('is deleted by the full name of its kind', () => {
    expect(cleanUpCommands('east', [{ kind: 'Istio', name: 'default' }])).toEqual([
      'kubectl --context east delete istios.sailoperator.io default',
    ])
  })
})
