import type { ReferenceView, ServiceDetail } from '@meshdeck/contract'
import { expect, it } from 'vitest'
import { askedAbout, rulesInForce } from './rules-in-force.ts'

const service: ServiceDetail['service'] = {
  namespace: 'shop',
  name: 'cart',
  clusters: ['east'],
  type: 'ClusterIP',
  status: 'running',
  reasons: [],
  pods: 0,
  readyPods: 0,
  injectedPods: 0,
  versions: [],
  ports: [],
  labels: {},
}
const detail = { service, workloads: [], addresses: [], pods: [], rules: [], failures: [] } satisfies ServiceDetail
const by = (kind: string, name: string, path: string): ReferenceView => ({
  object: { cluster: 'east', kind, namespace: 'shop', name },
  path,
  part: 'object',
  loose: false,
})

it('asks about the service, its namespace and the mesh, and about the mesh once', () => {
  expect(askedAbout(detail, 'istio-system').map(({ ref, reason }) => [ref.kind, ref.name, reason])).toEqual([
    ['Service', 'cart', 'names'],
    ['Namespace', 'shop', 'namespace'],
    ['Namespace', 'istio-system', 'mesh'],
  ])
  expect(askedAbout(detail, 'shop')).toHaveLength(2)
})

it('tells each rule once with all its reasons, and no other service', () => {
  const asked = askedAbout(detail, 'istio-system')
  const items = [
    {
      uses: [],
      usedBy: [by('VirtualService', 'vs', 'a'), by('VirtualService', 'vs', 'b'), by('Service', 'twin', 'c')],
    },
    { uses: [], usedBy: [by('PeerAuthentication', 'default', 'metadata.namespace')] },
    { uses: [], usedBy: [] },
  ]
  expect(rulesInForce(asked, { items }).map(({ object, reasons }) => [object.name, reasons])).toEqual([
    [
      'vs',
      [
        { reason: 'names', path: 'a' },
        { reason: 'names', path: 'b' },
      ],
    ],
    ['default', [{ reason: 'namespace', path: 'metadata.namespace' }]],
  ])
})
