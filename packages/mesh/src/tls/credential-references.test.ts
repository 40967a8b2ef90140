import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { inputOf } from '../analysis/corpus/input.ts'
import {
  destinationRule,
  gateway,
  INGRESS,
  k8sGateway,
  pod,
  referenceGrant,
  server,
} from '../analysis/corpus/objects.ts'
import { credentialReferences } from './credential-references.ts'

const told = (objects: KubeResource[], member?: KubeResource[]): string[] =>
  credentialReferences(inputOf({ objects, ...(member === undefined ? {} : { member }) })).map(
    ({ clusters, namespace, name, by, refused }) =>
      `${clusters.join('+')} ${namespace}/${name} by ${by.kind} ${by.name}${refused ? ', refused' : ''}`,
  )
const secure = (tls: object, name = 'edge') =>
  gateway(name, { selector: INGRESS, servers: [server('shop.example.com', 443, { tls })] })

describe('references to credentials', () => {
  it('of a gateway mean the Secret beside its pods, with mutual TLS that of the authority too', () => {
    expect(told([secure({ mode: 'SIMPLE', credentialName: 'shop' })])).toEqual([
      'east istio-system/shop by Gateway edge',
    ])
    expect(told([secure({ mode: 'MUTUAL', credentialName: 'shop' })])).toEqual([
      'east istio-system/shop by Gateway edge',
      'east istio-system/shop-cacert by Gateway edge',
    ])
    const several = { mode: 'SIMPLE', credentialNames: ['rsa', 'ecdsa'], caCertCredentialName: 'ca' }
    expect(told([secure(several)])).toHaveLength(3)
    expect(told([secure({ mode: 'SIMPLE', credentialName: 'kubernetes://other/shop' })])).toEqual([
      'east other/shop by Gateway edge',
    ])
    expect(told([secure({ mode: 'SIMPLE', credentialName: 'sds://shop' })])).toEqual([])
  })

  it('of a gateway whose pods are in another cluster mean that one first, then where the configuration is', () => {
    const far = pod('far', INGRESS, {}, { namespace: 'edge' })
    expect(told([secure({ mode: 'SIMPLE', credentialName: 'shop' })], [far])).toEqual([
      'east istio-system/shop by Gateway edge',
      'west+east edge/shop by Gateway edge',
    ])
  })

  it('of a destination rule mean its workloads when it selects some, else the gateways', () => {
    const policy = { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'SIMPLE', credentialName: 'bank' } }] }
    const host = 'bank.example'
    expect(told([destinationRule('bank', { host, trafficPolicy: policy })])).toEqual([
      'east istio-system/bank by DestinationRule bank',
    ])
    const workloadSelector = { matchLabels: { app: 'reviews' } }
    expect(
      told([destinationRule('bank', { host, workloadSelector, subsets: [{ name: 'v1', trafficPolicy: policy }] })]),
    ).toEqual(['east shop/bank by DestinationRule bank'])
  })

  it('of the Gateway API mean their own namespace, and another only by a grant', () => {
    const edge = (ref: object) =>
      k8sGateway('edge', { gatewayClassName: 'istio', listeners: [{ name: 'https', tls: { certificateRefs: [ref] } }] })
    const grant = (name?: string) =>
      referenceGrant(
        'grant',
        {
          from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'shop' }],
          to: [{ group: '', kind: 'Secret', ...(name === undefined ? {} : { name }) }],
        },
        { namespace: 'certs' },
      )
    const away = edge({ name: 'shop', namespace: 'certs' })
    expect(told([edge({ name: 'shop' })])).toEqual(['east shop/shop by K8sGateway edge'])
    expect(told([away])).toEqual(['east certs/shop by K8sGateway edge, refused'])
    expect(told([away, grant('other')])).toEqual(['east certs/shop by K8sGateway edge, refused'])
    expect(told([away, grant()])).toEqual(['east certs/shop by K8sGateway edge'])
    expect(told([edge({ kind: 'ConfigMap', name: 'shop' })])).toEqual([])
  })
})
