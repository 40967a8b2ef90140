import type { Deployment, Namespace, Pod } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { injectionLabelPatch } from './label-patch.ts'
import { namespaceInjection } from './namespace-injection.ts'
import { deploymentOf, podOf, proxy } from './pod-fixtures.ts'
import { webhooksOfRevision, webhooksOfTag } from './webhook-fixtures.ts'
import { injectionWebhooks } from './webhooks.ts'
import { workloadInjection } from './workload-injection.ts'

const namespaceWith = (labels: Record<string, string>) => ({ metadata: { name: 'shop', labels } })
const enabled = namespaceWith({ 'istio-injection': 'enabled' })
const disabled = namespaceWith({ 'istio-injection': 'disabled' })
const unset = namespaceWith({})

describe('workloadInjection', () => {
  it.each([
    {
      case: 'all pods have what new ones get',
      namespace: enabled,
      pods: [true, true],
      state: 'injected',
      injectedPods: 2,
    },
    {
      case: 'no pod has a sidecar and none would get it',
      namespace: unset,
      pods: [false],
      state: 'not-injected',
      injectedPods: 0,
    },
    {
      case: 'enabled, and not restarted yet',
      namespace: enabled,
      pods: [false, true],
      state: 'pending-restart',
      injectedPods: 1,
    },
    {
      case: 'disabled, and not restarted yet',
      namespace: disabled,
      pods: [true],
      state: 'pending-restart',
      injectedPods: 1,
    },
    { case: 'the policy was cleared', namespace: unset, pods: [true], state: 'pending-restart', injectedPods: 1 },
    { case: 'no pods, enabled', namespace: enabled, pods: [], state: 'injected', injectedPods: 0 },
    { case: 'no pods, unset', namespace: unset, pods: [], state: 'not-injected', injectedPods: 0 },
  ])('$case: $state', ({ namespace, pods, state, injectedPods }) => {
    const result = workloadInjection({
      namespace,
      workload: deploymentOf(),
      pods: pods.map((injected) => podOf({ injected })),
    })
    expect(result).toMatchObject({ state, injectedPods, pods: pods.length })
  })

  it('follows the labels of the template', () => {
    const workload = deploymentOf('reviews', { 'sidecar.istio.io/inject': 'false' })
    const result = workloadInjection({ namespace: enabled, workload, pods: [podOf({ injected: true })] })
    expect(result).toMatchObject({ state: 'pending-restart', expected: false, reason: 'pod-disabled' })
  })

  it('does not count pods that ended or are leaving', () => {
    const pods = [
      podOf({ phase: 'Succeeded' }),
      podOf({ deletionTimestamp: '2026-01-01T00:00:00Z' }),
      podOf({ injected: true }),
    ]
    expect(workloadInjection({ namespace: enabled, workload: deploymentOf(), pods })).toMatchObject({
      state: 'injected',
      pods: 1,
    })
  })

  it('waits for a restart when a tag has moved to another revision', () => {
    const webhooks = injectionWebhooks([webhooksOfTag('prod', 'new')])
    const namespace = namespaceWith({ 'istio.io/rev': 'prod' })
    const at = (revision: string) =>
      workloadInjection({ namespace, workload: deploymentOf(), pods: [podOf({ injected: true, revision })], webhooks })
        .state
    expect(at('old')).toBe('pending-restart')
    expect(at('new')).toBe('injected')
  })

  it('leaves a template alone that brings its own proxy', () => {
    const workload = deploymentOf('gateway', { 'sidecar.istio.io/inject': 'false' }, [proxy])
    const result = workloadInjection({ namespace: unset, workload, pods: [podOf({ injected: true })] })
    expect(result).toMatchObject({ state: 'injected', reason: 'own-proxy' })
  })

  it('takes the image `auto` for a place that the webhook fills', () => {
    const workload = deploymentOf('gateway', { 'sidecar.istio.io/inject': 'true' }, [
      { name: 'istio-proxy', image: 'auto' },
    ])
    expect(workloadInjection({ namespace: unset, workload, pods: [] })).toMatchObject({ reason: 'pod-enabled' })
  })

  it('reads whole objects of the API', () => {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop' },
      spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] },
    }
    const workload: Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } }
    const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
    expect(workloadInjection({ namespace, workload, pods: [pod] })).toMatchObject({ injectedPods: 1, expected: false })
  })
})

describe('namespaceInjection', () => {
  const workloads = [deploymentOf('reviews'), deploymentOf('ratings')]
  const pods = [podOf({ deployment: 'reviews', injected: true }), podOf({ deployment: 'ratings' })]

  it.each([
    {
      case: 'enabled with a workload that waits',
      namespace: enabled,
      policy: 'enabled',
      state: 'enabled-pending',
      pending: 'ratings',
    },
    {
      case: 'disabled with a workload that waits',
      namespace: disabled,
      policy: 'disabled',
      state: 'disabled-pending',
      pending: 'reviews',
    },
    { case: 'unset stays unset', namespace: unset, policy: 'unset', state: 'unset', pending: 'reviews' },
  ])('$case', ({ namespace, policy, state, pending }) => {
    expect(namespaceInjection({ namespace, workloads, pods })).toMatchObject({
      policy,
      state,
      pods: 2,
      injectedPods: 1,
      workloads: 2,
      pendingWorkloads: 1,
      pending: [{ kind: 'Deployment', namespace: 'shop', name: pending }],
    })
  })

  it('is settled when every pod follows', () => {
    const result = namespaceInjection({ namespace: enabled, workloads, pods: [pods[0] ?? podOf({})] })
    expect(result).toMatchObject({ state: 'enabled', pending: [], injectsNewPods: true, reason: 'namespace-enabled' })
  })

  it('shows the revision only when it is what counts', () => {
    const byRevision = namespaceWith({ 'istio.io/rev': 'canary', 'istio.io/dataplane-mode': 'ambient' })
    const both = namespaceWith({ 'istio.io/rev': 'canary', 'istio-injection': 'enabled' })
    expect(namespaceInjection({ namespace: byRevision, workloads: [], pods: [] })).toMatchObject({
      policy: 'enabled',
      revision: 'canary',
      ambient: true,
    })
    expect(namespaceInjection({ namespace: both, workloads: [], pods: [] })).not.toHaveProperty('revision')
  })

  it('decides by the webhooks it is given', () => {
    const webhooks = injectionWebhooks([webhooksOfRevision('canary')])
    const result = namespaceInjection({ namespace: enabled, workloads: [], pods: [], webhooks })
    expect(result).toMatchObject({ policy: 'enabled', injectsNewPods: false, reason: 'revision-unknown' })
  })
})

describe('injectionLabelPatch', () => {
  const both = { 'istio-injection': 'disabled', 'istio.io/rev': 'canary' }
  it.each([
    ['enable', {}, undefined, 'enabled', null],
    ['enable', {}, 'canary', null, 'canary'],
    ['enable', {}, 'default', 'enabled', null],
    ['enable', both, undefined, null, 'canary'],
    ['enable', both, 'default', 'enabled', null],
    ['disable', both, undefined, 'disabled', null],
    ['clear', both, undefined, null, null],
  ] as const)('%s on %j with revision %s', (action, labels, revision, injection, rev) => {
    expect(injectionLabelPatch(action, labels, revision)).toEqual({
      metadata: { labels: { 'istio-injection': injection, 'istio.io/rev': rev } },
    })
  })

  it('leads to the policy it names', () => {
    for (const action of ['enable', 'disable', 'clear'] as const) {
      const patch = injectionLabelPatch(action, both).metadata.labels
      const labels = Object.fromEntries(
        Object.entries(patch).filter((entry): entry is [string, string] => entry[1] !== null),
      )
      const { policy } = namespaceInjection({ namespace: namespaceWith(labels), workloads: [], pods: [] })
      expect(policy).toBe({ enable: 'enabled', disable: 'disabled', clear: 'unset' }[action])
    }
  })
})
