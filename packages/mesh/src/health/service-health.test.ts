import { describe, expect, it } from 'vitest'
import { podOf } from '../injection/pod-fixtures.ts'
import { isInfrastructure, serviceHealth, type ServiceMember } from './service-health.ts'

const spec = { ports: [{ name: 'http', port: 80 }], selector: { app: 'reviews' } }
const inside = podOf({ injected: true })
const bare = podOf({})
const ambient = { metadata: { name: 'p', annotations: { 'ambient.istio.io/redirection': 'enabled' } } }
const member = (cluster: string, change: Partial<ServiceMember> = {}): ServiceMember => ({
  cluster,
  spec,
  pods: [inside],
  ...change,
})
const verdict = (...members: ServiceMember[]) => {
  const { status, reasons } = serviceHealth(members)
  return [status, ...reasons.map(({ code }) => code)]
}

describe('serviceHealth', () => {
  it.each([
    ['all injected, all alike', [member('a'), member('b')], ['running']],
    ['ztunnel counts', [member('a', { pods: [ambient] })], ['running']],
    ['some pods are not injected', [member('a', { pods: [inside, bare] })], ['warning', 'some-pods-not-injected']],
    ['one cluster has none', [member('a'), member('b', { pods: [bare] })], ['warning', 'some-pods-not-injected']],
    ['no pod is injected', [member('a', { pods: [bare, bare] })], ['error', 'no-pod-injected']],
    ['the selector finds nothing', [member('a', { pods: [] })], ['warning', 'no-pods']],
    ['no selector, no pods', [member('a', { spec: { type: 'ExternalName' }, pods: [] })], ['running']],
    [
      'ports differ',
      [member('a'), member('b', { spec: { ...spec, ports: [{ port: 80 }] } })],
      ['error', 'ports-differ'],
    ],
    [
      'selectors differ',
      [member('a'), member('b', { spec: { ...spec, selector: { app: 'x' } } })],
      ['error', 'selectors-differ'],
    ],
    ['types differ', [member('a'), member('b', { spec: { ...spec, type: 'NodePort' } })], ['error', 'types-differ']],
    [
      'one is headless',
      [member('a'), member('b', { spec: { ...spec, clusterIP: 'None' } })],
      ['error', 'types-differ'],
    ],
    [
      'defaults are no difference',
      [
        member('a'),
        member('b', {
          spec: {
            ...spec,
            type: 'ClusterIP',
            clusterIP: '10.0.0.1',
            ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }],
          },
        }),
      ],
      ['running'],
    ],
    [
      'both kinds of trouble, the worse first',
      [member('a', { pods: [inside, bare] }), member('b', { spec: { ...spec, type: 'NodePort' } })],
      ['error', 'types-differ', 'some-pods-not-injected'],
    ],
  ] as const)('%s', (_case, members, expected) => {
    expect(verdict(...members)).toEqual(expected)
  })

  it('says where sidecars lack, and how many', () => {
    const [reason] = serviceHealth([member('a'), member('b', { pods: [inside, bare] })]).reasons
    expect(reason?.params).toEqual({ pods: 3, injected: 2, clusters: ['b'] })
  })
})

describe('infrastructure', () => {
  it.each([
    ['the API server', { namespace: 'default', name: 'kubernetes', labels: {} }, true],
    ['DNS', { namespace: 'kube-system', name: 'kube-dns', labels: {} }, true],
    ['istiod', { namespace: 'istio-system', name: 'istiod', labels: { app: 'istiod' } }, true],
    [
      'a gateway',
      { namespace: 'istio-system', name: 'istio-ingressgateway', labels: { app: 'istio-ingressgateway' } },
      false,
    ],
    ['a service of that name elsewhere', { namespace: 'shop', name: 'kubernetes', labels: {} }, false],
  ])('%s: %o', (_what, service, expected) => {
    expect(isInfrastructure(service)).toBe(expected)
  })

  it('needs no sidecar and differs from cluster to cluster, but has to have pods', () => {
    const members = [
      member('a', { pods: [bare] }),
      member('b', { pods: [bare], spec: { ...spec, ports: [{ port: 1 }] } }),
    ]
    expect(serviceHealth(members, { infrastructure: true })).toEqual({ status: 'running', reasons: [] })
    expect(serviceHealth([member('a', { pods: [] })], { infrastructure: true }).status).toBe('warning')
  })
})
