import type { KubeResource, Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { admissionCheck } from './admission.ts'
import { capacityCheck, istiodDemand } from './capacity.ts'
import type { Fact } from './check.ts'
import { forbidden, none, object, some } from './check-fixtures.ts'
import { clockCheck } from './clock.ts'
import { loadBalancerCheck } from './load-balancer.ts'
import { storageCheck } from './storage.ts'

const node = (name: string, more: { spec?: object; status?: object } = {}): KubeResource =>
  object('Node', { name }, { spec: {}, status: { allocatable: { cpu: '4', memory: '8Gi' } }, ...more })
const mesh = (spec: Partial<Mesh['spec']> = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east', version: '1.30.3' }, ...spec },
})

describe('admission', () => {
  const webhook = (more: object = {}) =>
    object(
      'ValidatingWebhookConfiguration',
      { name: 'guard' },
      {
        webhooks: [
          {
            name: 'guard.example',
            failurePolicy: 'Fail',
            rules: [{ apiGroups: [''], resources: ['pods'] }],
            clientConfig: { service: { namespace: 'guard', name: 'guard' } },
            ...more,
          },
        ],
      },
    )
  const slice = (ready?: boolean) =>
    object(
      'EndpointSlice',
      { name: 'guard-1', namespace: 'guard', labels: { 'kubernetes.io/service-name': 'guard' } },
      { endpoints: [{ addresses: ['10.0.0.1'], conditions: ready === undefined ? {} : { ready } }] },
    )
  const ask = (validating: Fact<readonly KubeResource[]>, slices: KubeResource[] = []) =>
    admissionCheck({
      namespace: { name: 'istio-system', labels: {} },
      mutating: none,
      validating,
      endpointSlices: some(slices),
    })
  it('has none, answers, does not answer, is outside, is not read', () => {
    expect(ask(none)).toMatchObject({ level: 'ok', reason: 'none' })
    expect(ask(some([webhook()]), [slice(true)])).toMatchObject({ level: 'ok', reason: 'served' })
    expect(ask(some([webhook()]), [slice()])).toMatchObject({ level: 'ok', reason: 'served' })
    expect(ask(some([webhook()]), [slice(false)])).toMatchObject({
      level: 'error',
      reason: 'unserved',
      items: ['guard.example (guard/guard)'],
    })
    expect(ask(some([webhook({ clientConfig: { url: 'https://guard.example' } })]))).toMatchObject({
      level: 'unknown',
      reason: 'outside',
    })
    expect(ask(forbidden)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
  })
  it('that fails open, is for other kinds, or leaves the namespace out is no matter', () => {
    for (const more of [
      { failurePolicy: 'Ignore' },
      { rules: [{ apiGroups: ['cert-manager.io'], resources: ['*'] }] },
      { rules: [{ apiGroups: ['apps'], resources: ['statefulsets'] }] },
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['istio-system'] }],
        },
      },
    ])
      expect(ask(some([webhook(more)]))).toMatchObject({ level: 'ok', reason: 'none' })
  })
})

describe('room on the nodes', () => {
  const demand = istiodDemand(mesh({ controlPlane: { cluster: 'east', size: 'S2000P8000', highAvailability: true } }))
  const ask = (nodes: Fact<readonly KubeResource[]>, pods: Fact<readonly KubeResource[]> = none) =>
    capacityCheck({ demand, nodes, pods })
  const pod = (nodeName: string, cpu: string, phase = 'Running') =>
    object(
      'Pod',
      { name: 'p' },
      { spec: { nodeName, containers: [{ resources: { requests: { cpu } } }] }, status: { phase } },
    )
  it('asks for what the size says, or the mesh’s own quotas', () => {
    expect(demand).toEqual({ each: { cpu: 1.5, memory: 2_500 * 2 ** 20 }, replicas: 2 })
    const own = mesh({ controlPlane: { cluster: 'east', size: 'S50P200', resources: { requests: { cpu: '2' } } } })
    expect(istiodDemand(own)).toEqual({ each: { cpu: 2, memory: 0 }, replicas: 1 })
  })
  it('is enough for two that ask for nothing, on one node', () => {
    const bare = istiodDemand(mesh({ controlPlane: { cluster: 'east', highAvailability: true } }))
    expect(capacityCheck({ demand: bare, nodes: some([node('one')]), pods: none })).toMatchObject({ level: 'ok' })
  })
  it('is enough, taken, too small on every node, without nodes, not read', () => {
    expect(ask(some([node('one')]))).toMatchObject({ level: 'ok', reason: 'fits' })
    expect(ask(some([node('one')]), some([pod('one', '2')]))).toMatchObject({ level: 'warning', reason: 'noRoom' })
    expect(ask(some([node('one')]), some([pod('one', '2', 'Succeeded')]))).toMatchObject({ level: 'ok' })
    const small = node('one', { status: { allocatable: { cpu: '1', memory: '2Gi' } } })
    expect(ask(some([small]))).toMatchObject({ level: 'error', reason: 'nodesTooSmall' })
    const tainted = node('one', { spec: { taints: [{ effect: 'NoSchedule' }] } })
    expect(ask(some([tainted]))).toMatchObject({ level: 'warning', reason: 'noNodes' })
    expect(ask(forbidden)).toMatchObject({ level: 'unknown' })
    expect(ask(some([node('one')]), forbidden)).toMatchObject({ level: 'unknown' })
  })
})

describe('the clock', () => {
  const at = Date.parse('2026-01-01T00:00:00Z')
  const ready = node('one', { status: { conditions: [{ type: 'Ready', status: 'True' }] } })
  const lease = (renewTime: string) => object('Lease', { name: 'one' }, { spec: { renewTime } })
  const ask = (aheadMs: number, leases: Fact<readonly KubeResource[]> = none) =>
    clockCheck({ server: some({ aheadMs, at }), leases, nodes: some([ready]) })
  it.each([
    [0, 'ok', 'serverAgrees'],
    [5_000, 'ok', 'serverAgrees'],
    [-5_001, 'warning', 'off'],
    [120_000, 'warning', 'off'],
    [120_001, 'error', 'farOff'],
  ])('%i ms ahead is %s', (aheadMs, level, reason) => {
    expect(ask(aheadMs)).toMatchObject({ level, reason })
  })
  it('says whether it is ahead or behind', () => {
    expect(ask(-7_000).params).toEqual({ seconds: 7, direction: 'behind' })
  })
  it.each([
    ['2026-01-01T00:00:03.000000Z', 'ok', 'agree'],
    ['2025-12-31T23:59:40.000000Z', 'ok', 'agree'],
    ['2026-01-01T00:00:09.000000Z', 'warning', 'nodesOff'],
    ['2025-12-31T23:58:00.000000Z', 'warning', 'nodesOff'],
  ])('of a node that renewed its lease at %s is %s', (renewed, level, reason) => {
    expect(ask(0, some([lease(renewed)]))).toMatchObject({ level, reason })
  })
  it('of a node that is silent is no clock at all', () => {
    const silent = clockCheck({
      server: some({ aheadMs: 0, at }),
      leases: some([lease('2025-12-31T23:00:00Z')]),
      nodes: some([node('one')]),
    })
    expect(silent).toMatchObject({ level: 'ok' })
  })
  it('is open when it was not told', () => {
    expect(clockCheck({ server: { unread: 'failed' }, leases: none, nodes: none })).toMatchObject({ level: 'unknown' })
  })
})

describe('a load balancer', () => {
  const service = (ingress: object[]) =>
    object(
      'Service',
      { name: 'web', namespace: 'shop' },
      { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress } } },
    )
  const ask = (services: Fact<readonly KubeResource[]>, nodes: Fact<readonly KubeResource[]> = none, needed = true) =>
    loadBalancerCheck({ needed, services, nodes })
  it('is not needed, serves, lets wait, is of the cloud, was never seen, not read', () => {
    expect(ask(none, none, false)).toMatchObject({ level: 'ok', reason: 'notNeeded' })
    expect(ask(some([service([{ ip: '203.0.113.1' }])]))).toMatchObject({
      level: 'ok',
      reason: 'served',
      params: { service: 'shop/web', address: '203.0.113.1' },
    })
    expect(ask(some([service([])]))).toMatchObject({ level: 'warning', reason: 'pending', items: ['shop/web'] })
    const cloud = some([node('one', { spec: { providerID: 'aws:///eu-1a/i-1' } })])
    expect(ask(none, cloud)).toMatchObject({ level: 'unknown', reason: 'cloud', params: { cloud: 'aws' } })
    expect(ask(none)).toMatchObject({ level: 'warning', reason: 'unproven' })
    expect(ask(forbidden)).toMatchObject({ level: 'unknown', reason: 'forbidden' })
  })
})

describe('storage', () => {
  it('is not needed', () => {
    expect(storageCheck()).toEqual({ id: 'storage', level: 'ok', reason: 'notNeeded' })
  })
})
