import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { DISCOVERY_LABEL, DISCOVERY_SCOPES, namespaceScope, scopeSidecar } from './namespace-scope.ts'

const ROOT = 'istio-system'
const sidecar = (
  namespace: string,
  name: string,
  hosts: readonly string[] | undefined,
  more: { labels?: Record<string, string>; created?: string; selector?: Record<string, string> } = {},
): KubeResource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: {
    name,
    namespace,
    ...(more.labels === undefined ? {} : { labels: more.labels }),
    ...(more.created === undefined ? {} : { creationTimestamp: more.created }),
  },
  spec: {
    ...(hosts === undefined ? {} : { egress: [{ hosts: [...hosts] }] }),
    ...(more.selector === undefined ? {} : { workloadSelector: { labels: more.selector } }),
  },
})
const scopeOf = (...sidecars: KubeResource[]) => namespaceScope('shop', ROOT, sidecars)

describe('the discovery scope of a namespace', () => {
  it.each([
    ['all', ['*/*']],
    ['local', ['./*']],
    ['local', ['./*', 'istio-system/*']],
    ['local', ['shop/*', '~/*']],
    ['local', ['./*', 'shop/reviews.shop.svc.cluster.local']],
    ['custom', ['./*', 'istio-system/*', 'billing/*']],
    ['custom', ['./*', '*/billing.example.com']],
    ['all', ['./*', '*/*', 'billing/*']],
  ])('is %s with the hosts %j', (scope, hosts) => {
    expect(scopeOf(sidecar('shop', 'default', hosts))).toMatchObject({
      scope,
      effective: scope,
      by: { name: 'default', owner: 'user' },
    })
  })

  it('names other namespaces, and single hosts that go beyond them', () => {
    const { namespaces, hosts } = scopeOf(
      sidecar('shop', 'default', ['./*', 'pay/*', 'billing/*', 'pay/x.pay', 'stock/api.stock.svc.cluster.local']),
    )
    expect(namespaces).toEqual(['billing', 'pay'])
    expect(hosts).toEqual(['stock/api.stock.svc.cluster.local'])
  })

  it('is inherited without a Sidecar for the whole namespace: from the root namespace, else it is all', () => {
    const ofOne = sidecar('shop', 'one', ['./*'], { selector: { app: 'one' } })
    expect(scopeOf(ofOne)).toEqual({ scope: 'inherit', namespaces: [], hosts: [], effective: 'all' })
    expect(scopeOf(ofOne, sidecar(ROOT, 'default', ['./*', `${ROOT}/*`]))).toMatchObject({
      scope: 'inherit',
      effective: 'local',
    })
    // One that says nothing of egress leaves what is above it, and is in the way all the same.
    expect(scopeOf(sidecar('shop', 'mine', undefined))).toMatchObject({ scope: 'inherit', by: { owner: 'user' } })
  })

  it('is that of the oldest of several', () => {
    const labels = { [DISCOVERY_LABEL]: 'namespace' }
    const found = scopeOf(
      sidecar('shop', 'a', ['*/*'], { created: '2026-02-01T00:00:00Z' }),
      sidecar('shop', 'b', ['./*'], { created: '2026-01-01T00:00:00Z', labels }),
    )
    expect(found).toMatchObject({ scope: 'local', by: { name: 'b', owner: 'meshdeck' } })
  })

  it.each(DISCOVERY_SCOPES)('is read back as it was written: %s', (scope) => {
    const written = scopeSidecar('shop', ROOT, { scope, namespaces: ['pay', 'shop', 'billing', 'pay', ROOT] })
    const read = namespaceScope('shop', ROOT, written === undefined ? [] : [written])
    expect(read.scope).toBe(scope)
    expect(read.namespaces).toEqual(scope === 'custom' ? ['billing', 'pay'] : [])
    if (written !== undefined) expect(read.by?.owner).toBe('meshdeck')
  })

  it('is changed in place: what else the Sidecar says stays', () => {
    const before = {
      ...sidecar('shop', 'meshdeck-discovery', ['*/*']),
      spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    }
    before.metadata.resourceVersion = '7'
    expect(scopeSidecar('shop', ROOT, { scope: 'local' }, before)).toMatchObject({
      metadata: { resourceVersion: '7' },
      spec: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, egress: [{ hosts: ['./*', 'istio-system/*'] }] },
    })
  })
})
