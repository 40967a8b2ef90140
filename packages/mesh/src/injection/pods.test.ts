import { describe, expect, it } from 'vitest'
import { podOf } from './pod-fixtures.ts'
import { isInjected, isMachinery, proxyRevision, proxyVersion, type PodLike } from './pods.ts'
import { indexReplicaSets, podsByWorkload, workloadOf } from './workload-of.ts'

const withProxy = (image: string): PodLike => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'istio-proxy', image }] },
})

describe('isInjected', () => {
  it('sees a sidecar container, a native sidecar, and the mark of the webhook', () => {
    const native = {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'istio-proxy' }] },
    }
    const marked = { metadata: { name: 'p', annotations: { 'sidecar.istio.io/status': '{}' } } }
    expect([withProxy('x'), native, marked].map(isInjected)).toEqual([true, true, true])
  })

  it('is not misled by other init containers', () => {
    const pod = {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'istio-init' }] },
    }
    expect(isInjected(pod)).toBe(false)
  })
})

it('tells what carries a mesh from what runs in it', () => {
  const pod = (namespace: string, labels: Record<string, string> = {}): PodLike => ({
    metadata: { name: 'p', namespace, labels },
  })
  const machinery = [
    pod('kube-system'),
    pod('istio-system', { app: 'istiod' }),
    pod('istio-cni', { 'k8s-app': 'istio-cni-node' }),
    pod('ztunnel', { app: 'ztunnel' }),
    pod('sail-operator', { 'control-plane': 'sail-operator' }),
  ]
  expect(machinery.map(isMachinery)).toEqual(machinery.map(() => true))
  const others = [pod('shop', { app: 'cart' }), pod('istio-system', { app: 'istio-ingressgateway' })]
  expect(others.map(isMachinery)).toEqual([false, false])
})

describe('proxyVersion', () => {
  it.each([
    ['docker.io/istio/proxyv2:1.31.0-distroless', '1.31.0-distroless'],
    ['registry:5000/istio/proxyv2:1.30.3@sha256:abc', '1.30.3'],
    ['registry:5000/istio/proxyv2', undefined],
    ['istio/proxyv2@sha256:abc', undefined],
  ])('%s is %s', (image, version) => {
    expect(proxyVersion(withProxy(image))).toBe(version)
  })
})

describe('proxyRevision', () => {
  it('reads the mark, and forgives a broken one', () => {
    expect(proxyRevision(podOf({ injected: true, revision: 'canary' }))).toBe('canary')
    expect(
      proxyRevision({ metadata: { name: 'p', annotations: { 'sidecar.istio.io/status': 'injected' } } }),
    ).toBeUndefined()
    expect(proxyRevision(podOf({}))).toBeUndefined()
  })
})

describe('workloadOf', () => {
  const replicaSet = {
    metadata: {
      name: 'reviews-5d8f',
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'argoproj.io/v1', kind: 'Rollout', name: 'reviews', uid: 'u', controller: true }],
    },
  }
  const ownedBy = (kind: string, name: string, controller = true): PodLike => ({
    metadata: {
      name: 'p',
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'v1', kind, name, uid: 'u', controller }],
    },
  })

  it('finds the Deployment by the name of its ReplicaSet', () => {
    expect(workloadOf(podOf({}))).toEqual({ kind: 'Deployment', namespace: 'shop', name: 'reviews' })
  })

  it('believes the ReplicaSet where it is known', () => {
    expect(workloadOf(podOf({}), indexReplicaSets([replicaSet]))?.kind).toBe('Rollout')
    const bare = { metadata: { name: 'reviews-5d8f', namespace: 'shop' } }
    expect(workloadOf(podOf({}), indexReplicaSets([bare]))).toMatchObject({ kind: 'ReplicaSet', name: 'reviews-5d8f' })
  })

  it('takes other controllers as they are, and no owner that does not control', () => {
    expect(workloadOf(ownedBy('StatefulSet', 'db'))).toEqual({ kind: 'StatefulSet', namespace: 'shop', name: 'db' })
    expect(workloadOf(ownedBy('ReplicaSet', 'own'))).toMatchObject({ kind: 'ReplicaSet', name: 'own' })
    expect(workloadOf(ownedBy('StatefulSet', 'db', false))).toBeUndefined()
    expect(workloadOf({ metadata: { name: 'p' } })).toBeUndefined()
  })

  it('groups pods', () => {
    const groups = podsByWorkload([
      podOf({}),
      podOf({ deployment: 'ratings' }),
      podOf({}),
      { metadata: { name: 'bare' } },
    ])
    expect([...groups].map(([key, pods]) => [key, pods.length])).toEqual([
      ['Deployment/shop/reviews', 2],
      ['Deployment/shop/ratings', 1],
    ])
  })
})
