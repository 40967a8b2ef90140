import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { addressesCheck } from './addresses.ts'
import { addressKind, apiServerCheck } from './api-server.ts'
import type { Fact } from './check.ts'
import { forbidden, none, object, some } from './check-fixtures.ts'
import { overlaps, parseRange } from './cidr.ts'
import { gatewayCheck } from './gateway-address.ts'
import { proxiesCheck } from './proxies.ts'
import { servicesCheck } from './services.ts'
import { trustCheck } from './trust-root.ts'

describe('the gateway of the control plane', () => {
  const gateway = (ingress: object[]) =>
    object(
      'Service',
      { name: 'istio-eastwestgateway', namespace: 'istio-system' },
      { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress } } },
    )
  const ask = (services: Fact<readonly KubeResource[]>, address?: string) =>
    gatewayCheck({ namespace: 'istio-system', services, ...(address === undefined ? {} : { address }) })
  it('has an address, was given one, waits for one, is not there, is not read', () => {
    expect(ask(some([gateway([{ hostname: 'lb.example' }])]))).toMatchObject({
      level: 'ok',
      reason: 'has',
      params: { address: 'lb.example' },
    })
    const inside = object('Service', gateway([]).metadata, { spec: { type: 'ClusterIP', clusterIP: '10.96.0.9' } })
    expect(ask(some([inside]))).toMatchObject({ level: 'ok', reason: 'has', params: { address: '10.96.0.9' } })
    expect(ask(none, '198.51.100.7')).toMatchObject({ level: 'ok', reason: 'given' })
    expect(ask(some([gateway([])]))).toMatchObject({ level: 'error', reason: 'noAddress' })
    expect(ask(none)).toMatchObject({ level: 'unknown', reason: 'notYet' })
    expect(ask(forbidden)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
  })
})

describe('the address of an API server', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['localhost', 'loopback'],
    ['[::1]', 'loopback'],
    ['kubernetes.default.svc', 'inCluster'],
    ['api.shop.svc.cluster.local', 'inCluster'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['100.64.0.1', 'private'],
    ['[fd00::1]', 'private'],
    ['203.0.113.7', 'public'],
    ['[2001:db8::1]', 'public'],
    ['api.example.com', 'name'],
  ])('%s is %s', (host, kind) => {
    expect(addressKind(host)).toBe(kind)
  })
  it('is proof of nothing, and told where it cannot mean the same elsewhere', () => {
    expect(apiServerCheck(some('loopback'))).toMatchObject({ level: 'warning', reason: 'loopback' })
    expect(apiServerCheck(some('inCluster'))).toMatchObject({ level: 'warning', reason: 'inCluster' })
    for (const kind of ['private', 'public', 'name'] as const)
      expect(apiServerCheck(some(kind))).toMatchObject({ level: 'unknown', reason: kind })
    expect(apiServerCheck({ unread: 'failed' })).toMatchObject({ level: 'unknown', reason: 'failed' })
  })
})

describe('sidecars that run already', () => {
  const pod = (image: string, list = 'containers') =>
    object('Pod', { name: 'p' }, { spec: { [list]: [{ name: 'istio-proxy', image }] } })
  it.each([
    ['r.example/istio/proxyv2:1.30.1', 'ok', 'fit'],
    ['r.example/istio/proxyv2:1.29.6-distroless', 'ok', 'fit'],
    ['r.example:5000/istio/proxyv2:1.28.10', 'warning', 'apart'],
    ['r.example/istio/proxyv2:1.31.0', 'warning', 'apart'],
  ])('%s is %s', (image, level, reason) => {
    expect(proxiesCheck('1.30.3', some([pod(image)]))).toMatchObject({ level, reason })
  })
  it('may be native ones, none, or not read', () => {
    expect(proxiesCheck('1.30.3', some([pod('proxyv2:1.28.1', 'initContainers')]))).toMatchObject({
      items: ['1.28.1 (1)'],
    })
    expect(proxiesCheck('1.30.3', none)).toMatchObject({ level: 'ok', reason: 'none' })
    expect(proxiesCheck('1.30.3', forbidden)).toMatchObject({ level: 'unknown' })
  })
})

describe('the root of trust', () => {
  const root = (pem: string): Fact<readonly KubeResource[]> =>
    some([object('ConfigMap', { name: 'istio-ca-root-cert', namespace: 'shop' }, { data: { 'root-cert.pem': pem } })])
  it('is none yet, the same, another one, that of a mesh without one, not read', () => {
    expect(trustCheck({ ofMesh: root('A'), ofMember: none })).toMatchObject({ level: 'ok', reason: 'none' })
    expect(trustCheck({ ofMesh: root('A\nB'), ofMember: root('A\nB\n') })).toMatchObject({
      level: 'ok',
      reason: 'same',
    })
    expect(trustCheck({ ofMesh: root('A'), ofMember: root('B') })).toMatchObject({
      level: 'warning',
      reason: 'differs',
      items: ['shop'],
    })
    expect(trustCheck({ ofMesh: none, ofMember: root('B') })).toMatchObject({ level: 'warning', reason: 'meshUnborn' })
    expect(trustCheck({ ofMesh: root('A'), ofMember: forbidden })).toMatchObject({ level: 'unknown' })
    expect(trustCheck({ ofMesh: forbidden, ofMember: root('B') })).toMatchObject({ level: 'unknown' })
  })
})

describe('ranges of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.244.3.0/24', true],
    ['10.244.3.7', '10.244.3.0/24', true],
    ['10.244.2.0/24', '10.244.3.0/24', false],
    ['fd00::/16', 'fd00:1::1', true],
    ['fd00:1::/64', 'fd00:2::/64', false],
    ['::/0', '10.0.0.0/8', false],
    ['0.0.0.0/0', '255.255.255.255', true],
  ])('%s and %s: %s', (a, b, expected) => {
    const [left, right] = [parseRange(a), parseRange(b)]
    expect(left !== undefined && right !== undefined && overlaps(left, right)).toBe(expected)
  })
  it.each(['', 'None', '10.0.0', '10.0.0.256', '10.0.0.0/33', 'fd00::1::2', '10.0.0.0/', 'fd00::/129'])(
    '"%s" is none',
    (text) => {
      expect(parseRange(text)).toBeUndefined()
    },
  )
})

describe('addresses of pods', () => {
  const nodes = (...ranges: string[]): Fact<readonly KubeResource[]> =>
    some([object('Node', { name: 'one' }, { spec: ranges.length === 0 ? {} : { podCIDRs: ranges } })])
  const service = (clusterIP: string): Fact<readonly KubeResource[]> =>
    some([object('Service', { name: 'web' }, { spec: { clusterIP } })])
  const cluster = (
    name: string,
    network: string,
    ranges: Fact<readonly KubeResource[]>,
    services: Fact<readonly KubeResource[]> = none,
  ) => ({
    cluster: name,
    network,
    nodes: ranges,
    services,
  })
  it('are apart by network, distinct, the same, a service’s, without ranges, not read', () => {
    const ask = (member: ReturnType<typeof cluster>, other: ReturnType<typeof cluster>) =>
      addressesCheck(member, [other])
    const east = cluster('east', 'a', nodes('10.1.0.0/16'))
    expect(ask(cluster('west', 'b', nodes('10.1.0.0/16')), east)).toMatchObject({ level: 'ok', reason: 'apart' })
    expect(ask(cluster('west', 'a', nodes('10.2.0.0/16')), east)).toMatchObject({ level: 'ok', reason: 'distinct' })
    expect(ask(cluster('west', 'a', nodes('10.1.3.0/24')), east)).toMatchObject({
      level: 'error',
      reason: 'podsOverlap',
      items: ['10.1.3.0/24 (east)'],
    })
    expect(ask(cluster('west', 'a', nodes('10.2.0.0/16'), service('10.1.9.9')), east)).toMatchObject({
      level: 'warning',
      reason: 'servicesOverlap',
    })
    expect(ask(cluster('west', 'a', nodes()), east)).toMatchObject({ level: 'unknown', reason: 'noRanges' })
    expect(ask(cluster('west', 'a', forbidden), east)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
    expect(ask(cluster('west', 'a', nodes('10.2.0.0/16')), cluster('east', 'a', forbidden))).toMatchObject({
      level: 'unknown',
    })
  })
})

describe('services of one name', () => {
  const service = (namespace: string, name: string, spec: object = {}, labels: Record<string, string> = {}) =>
    object(
      'Service',
      { namespace, name, labels },
      { spec: { ports: [{ port: 80, name: 'http' }], selector: { app: name }, ...spec } },
    )
  const ask = (mine: KubeResource[], theirs: Fact<readonly KubeResource[]>) =>
    servicesCheck({ cluster: 'west', services: some(mine) }, [{ cluster: 'east', services: theirs }], 'istio-system')
  it('are the same, or differ in ports, selection, owner', () => {
    const web = service('shop', 'web')
    expect(ask([web], some([web]))).toMatchObject({ level: 'ok', reason: 'same', params: { count: 1 } })
    expect(ask([web], some([service('bank', 'web')]))).toMatchObject({ level: 'ok', reason: 'none' })
    const other = service(
      'shop',
      'web',
      { ports: [{ port: 81 }], selector: { app: 'site' } },
      { 'app.kubernetes.io/managed-by': 'Helm' },
    )
    expect(ask([web], some([other]))).toMatchObject({
      level: 'warning',
      reason: 'clash',
      items: ['shop/web (east: ports, selector, owner)'],
    })
  })
  it('of the system do not count, and what was not read stays open', () => {
    const dns = service('kube-system', 'dns')
    expect(ask([dns], some([service('kube-system', 'dns', { selector: {} })]))).toMatchObject({
      level: 'ok',
      reason: 'none',
    })
    expect(ask([], forbidden)).toMatchObject({ level: 'unknown' })
    expect(servicesCheck({ cluster: 'west', services: forbidden }, [], 'istio-system')).toMatchObject({
      level: 'unknown',
    })
  })
})
