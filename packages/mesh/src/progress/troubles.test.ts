import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { troublesOf } from './troubles.ts'

const istiod = (conditions: object[] = []): KubeResource => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'istio-system' },
  status: { conditions },
})
const pod = (name: string, status: object): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'istio-system' },
  status,
})
const event = (kind: string, name: string, message: string, more: object = {}): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: message, namespace: 'istio-system' },
  type: 'Warning',
  reason: 'FailedCreate',
  message,
  involvedObject: { kind, name, namespace: 'istio-system' },
  lastTimestamp: '2026-11-29T06:00:00Z',
  count: 3,
  ...more,
})
const told = (...given: Parameters<typeof troublesOf>): string[] =>
  troublesOf(...given).map(({ kind, reason, message }) => `${kind} ${reason}: ${message}`)

describe('what keeps a workload from running', () => {
  it('is an image that cannot be pulled, a node that is not found, a container that ends', () => {
    const waiting = (reason: string, message: string) => ({ state: { waiting: { reason, message } } })
    expect(
      told(
        istiod(),
        [
          pod('istiod-1-a', { containerStatuses: [waiting('ImagePullBackOff', 'no such image')] }),
          pod('istiod-1-b', { containerStatuses: [waiting('ImagePullBackOff', 'no such image')] }),
          pod('istiod-1-c', { initContainerStatuses: [waiting('PodInitializing', '')] }),
          pod('istiod-1-d', {
            conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
          }),
          pod('istiod-1-e', { containerStatuses: [{ state: { terminated: { reason: 'Error', message: 'exit 1' } } }] }),
          pod('istiod-1-f', { containerStatuses: [{ state: { running: {} } }] }),
        ],
        [],
      ),
    ).toEqual(['Pod ImagePullBackOff: no such image', 'Pod Unschedulable: 0/3 nodes', 'Pod Error: exit 1'])
  })

  it('is a quota or a webhook that lets no pod be made, told by events of its ReplicaSets, the newest first', () => {
    const events = [
      event('ReplicaSet', 'istiod-6f', 'exceeded quota'),
      event('ReplicaSet', 'istiod-7c', 'webhook denied the request', { lastTimestamp: '2026-11-29T06:05:00Z' }),
      event('ReplicaSet', 'istiod-canary-7c', 'of another'),
      event('Pod', 'other', 'of another'),
      event('ReplicaSet', 'istiod-7c', 'all is well', { type: 'Normal' }),
      event('ReplicaSet', 'istiod-7c', 'elsewhere', {
        involvedObject: { kind: 'ReplicaSet', name: 'istiod-7c', namespace: 'other' },
      }),
    ]
    const conditions = [
      { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'none' },
      { type: 'Progressing', status: 'True', reason: 'ok', message: 'fine' },
    ]
    expect(told(istiod(conditions), [], events)).toEqual([
      'ReplicaSet FailedCreate: webhook denied the request',
      'ReplicaSet FailedCreate: exceeded quota',
      'Deployment MinimumReplicasUnavailable: none',
    ])
    expect(troublesOf(istiod(), [], events)[0]).toMatchObject({ count: 3, at: '2026-11-29T06:05:00Z' })
  })

  it('is nothing of what runs', () => {
    expect(told(istiod([{ type: 'Available', status: 'True', reason: 'ok', message: '' }]), [], [])).toEqual([])
  })
})
