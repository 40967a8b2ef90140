import { describe, expect, it } from 'vitest'
import { apiPath, apiVersionOf, findKindByPath, findKindOfObject, kindOf, KINDS } from './index.ts'

describe('registry of kinds', () => {
  it('has all fourteen Istio kinds, five of the Gateway API, five of Sail and our four', () => {
    const count = (...groups: string[]) => KINDS.filter((kind) => groups.includes(kind.group)).length
    expect(count('networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io')).toBe(14)
    expect(count('gateway.networking.k8s.io')).toBe(5)
    expect(count('sailoperator.io')).toBe(5)
    expect(count('meshdeck.io')).toBe(4)
  })

  it('names each kind once: id, path, and group with kind', () => {
    const unique = (values: string[]) => new Set(values).size
    expect(unique(KINDS.map((kind) => kind.id))).toBe(KINDS.length)
    expect(unique(KINDS.map((kind) => kind.path))).toBe(KINDS.length)
    expect(unique(KINDS.map((kind) => `${kind.group}/${kind.kind}`))).toBe(KINDS.length)
  })

  it('tells the two Gateways apart', () => {
    expect(findKindOfObject('networking.istio.io/v1beta1', 'Gateway')?.id).toBe('Gateway')
    expect(findKindOfObject('gateway.networking.k8s.io/v1', 'Gateway')?.id).toBe('K8sGateway')
    expect(findKindByPath('k8s-gateways')?.id).toBe('K8sGateway')
  })

  it('builds the paths of the API server', () => {
    expect(apiPath(kindOf('VirtualService'), 'shop', 'web')).toBe(
      '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/web',
    )
    expect(apiPath(kindOf('Namespace'), undefined, 'shop')).toBe('/api/v1/namespaces/shop')
    expect(apiPath(kindOf('Pod'))).toBe('/api/v1/pods')
    expect(apiVersionOf(kindOf('Pod'))).toBe('v1')
    expect(apiVersionOf(kindOf('Mesh'))).toBe('meshdeck.io/v1alpha1')
  })
})
