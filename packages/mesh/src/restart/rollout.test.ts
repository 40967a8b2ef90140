import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { rolloutOf } from './rollout.ts'

const workload = (kind: string, generation: number, spec: object, status: object): KubeResource => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web', namespace: 'shop', generation },
  spec,
  status,
})
const deployment = (generation: number, status: object): KubeResource =>
  workload('Deployment', generation, { replicas: 3 }, status)
const settled = { observedGeneration: 5, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 }

describe('rolloutOf', () => {
  it('does not take the state before the restart for its end', () => {
    expect(rolloutOf(deployment(5, settled), 5).state).toBe('waiting')
    expect(rolloutOf(deployment(6, settled), 5)).toEqual({ state: 'running', updated: 0, wanted: 3 })
  })

  it('is done when all pods are new, available, and the old ones gone', () => {
    expect(rolloutOf(deployment(5, settled), 4)).toEqual({ state: 'done', updated: 3, wanted: 3 })
    expect(rolloutOf(deployment(5, { ...settled, updatedReplicas: 2 }), 4)).toMatchObject({
      state: 'running',
      updated: 2,
    })
    expect(rolloutOf(deployment(5, { ...settled, availableReplicas: 2 }), 4).state).toBe('running')
    expect(rolloutOf(deployment(5, { ...settled, replicas: 4 }), 4).state).toBe('running')
  })

  it('is done at once where there are no pods', () => {
    expect(rolloutOf(workload('Deployment', 2, { replicas: 0 }, { observedGeneration: 2 }), 1)).toEqual({
      state: 'done',
      updated: 0,
      wanted: 0,
    })
  })

  it('says why it is stuck', () => {
    const conditions = [
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
    ]
    expect(rolloutOf(deployment(5, { ...settled, updatedReplicas: 1, conditions }), 4)).toMatchObject({
      state: 'stuck',
      updated: 1,
      message: 'timed out',
    })
    const refused = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }]
    expect(rolloutOf(deployment(5, { ...settled, updatedReplicas: 0, conditions: refused }), 4)).toMatchObject({
      state: 'stuck',
      message: 'exceeded quota',
    })
  })

  it('counts a daemon set by its nodes', () => {
    const status = { observedGeneration: 2, desiredNumberScheduled: 4, updatedNumberScheduled: 3, numberAvailable: 4 }
    expect(rolloutOf(workload('DaemonSet', 2, {}, status), 1)).toEqual({ state: 'running', updated: 3, wanted: 4 })
    expect(rolloutOf(workload('DaemonSet', 2, {}, { ...status, updatedNumberScheduled: 4 }), 1).state).toBe('done')
  })

  it('waits for nobody under OnDelete', () => {
    const spec = { replicas: 2, updateStrategy: { type: 'OnDelete' } }
    expect(rolloutOf(workload('StatefulSet', 2, spec, { observedGeneration: 2, readyReplicas: 2 }), 1)).toEqual({
      state: 'manual',
      updated: 0,
      wanted: 2,
    })
  })
})
