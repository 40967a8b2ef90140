import { apiVersionOf, kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import type { PickName } from './field-spec.ts'
import { PICK_READS, picked } from './picked.ts'

const object = (kind: KindId, name: string, more: Partial<KubeResource> = {}, namespace = 'shop'): KubeResource => ({
  apiVersion: apiVersionOf(kindOf(kind)),
  kind: kindOf(kind).kind,
  metadata: { name, namespace },
  ...more,
})
const page = (objects: readonly KubeResource[], total = objects.length) => ({
  items: objects.map((resource) => ({ cluster: 'alpha', resource })),
  total,
})
const OBJECTS: readonly (readonly [KindId, KubeResource])[] = [
  ['Service', object('Service', 'cart', { spec: { ports: [{ port: 80 }] } })],
  ['Service', object('Service', 'orders', {}, 'backend')],
  ['ServiceEntry', object('ServiceEntry', 'bank', { spec: { hosts: ['api.bank.example', '*.cdn.example'] } })],
  ['Gateway', object('Gateway', 'edge')],
  ['Gateway', object('Gateway', 'far', {}, 'infra')],
  ['VirtualService', object('VirtualService', 'part')],
  ['Namespace', object('Namespace', 'shop')],
  ['Secret', object('Secret', 'cert', { type: 'kubernetes.io/tls' })],
  ['Secret', object('Secret', 'other', { type: 'kubernetes.io/dockerconfigjson' })],
  ['ServiceAccount', object('ServiceAccount', 'web')],
  [
    'Deployment',
    object('Deployment', 'ingress', {
      spec: { template: { metadata: { labels: { istio: 'ingressgateway', app: 'in' } } } },
    }),
  ],
  ['K8sGateway', object('K8sGateway', 'front')],
  ['GatewayClass', object('GatewayClass', 'istio')],
]
const pagesOf = (pick: PickName) =>
  PICK_READS[pick].map((kind) => page(OBJECTS.filter(([own]) => own === kind).map(([, each]) => each)))
const missing = (pick: PickName, text: string) => picked(pick, 'shop', pagesOf(pick)).isMissing(text)

describe('what is picked', () => {
  it.each<[PickName, there: string[], not: string[]]>([
    [
      'host',
      [
        'cart',
        'cart.shop.svc.cluster.local',
        'orders.backend.svc.cluster.local',
        'api.bank.example',
        'a.cdn.example',
        '*',
      ],
      ['orders', 'cart.shop', 'cart.bank.svc.cluster.local', 'b.bank.example'],
    ],
    ['gateway', ['edge', 'shop/edge', 'infra/far', 'mesh'], ['far', 'infra/edge']],
    ['virtualService', ['part'], ['whole']],
    ['namespace', ['shop', 'sho*', '*'], ['shops']],
    ['exportTo', ['.', '*', '~', 'shop'], ['shops']],
    ['secret', ['cert', 'other', 'sds://x'], ['certs']],
    [
      'principal',
      ['cluster.local/ns/shop/sa/web', 'td/ns/shop/sa/web', '*', '*/ns/x/*', 'odd'],
      ['cluster.local/ns/shop/sa/cart', 'cluster.local/ns/bank/sa/web'],
    ],
    ['gatewayLabels', ['istio=ingressgateway', 'app=in'], ['istio=egressgateway']],
    ['service', ['cart', 'orders'], ['bank']],
    ['parent', ['front', 'cart'], ['edge']],
    ['target', ['front', 'cart', 'bank', 'istio'], ['edge']],
  ])('%s: tells what is there from what is not', (pick, there, not) => {
    expect(there.filter((text) => missing(pick, text))).toEqual([])
    expect(not.filter((text) => !missing(pick, text))).toEqual([])
    expect(missing(pick, '')).toBe(false)
    expect(picked(pick, 'shop', pagesOf(pick)).options.every((each) => !missing(pick, each))).toBe(true)
  })

  it('is nothing that is missing where not all could be read', () => {
    expect(picked('gateway', 'shop', [undefined]).isMissing('gone')).toBe(false)
    expect(picked('gateway', 'shop', []).isMissing('gone')).toBe(false)
    expect(picked('gateway', 'shop', [page([object('Gateway', 'edge')], 2_000)]).isMissing('gone')).toBe(false)
  })

  it('offers only Secrets that a gateway may use', () => {
    expect(picked('secret', 'shop', pagesOf('secret')).options).toEqual(['cert'])
  })
})
