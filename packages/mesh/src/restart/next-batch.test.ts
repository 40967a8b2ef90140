import type { KubeResource } from '@meshdeck/kube'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextBatch, takesAway, type Budget, type Restartable } from './next-batch.ts'

const workload = (key: string, takes = 1, tier = 'web'): Restartable => ({
  key,
  cluster: 'east',
  namespace: 'shop',
  podLabels: { tier },
  takes,
})
const budget = (disruptionsAllowed: number, selector: unknown = { matchLabels: { tier: 'web' } }): Budget => ({
  cluster: 'east',
  budget: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector },
    status: { disruptionsAllowed },
  },
})
const all = ['a', 'b', 'c', 'd'].map((key) => workload(key))

describe('the next batch', () => {
  it('is as large as was asked for, with those under way', () => {
    expect(nextBatch(all, [], [], 2).start).toEqual(['a', 'b'])
    expect(nextBatch(all, [workload('x')], [], 2).start).toEqual(['a'])
    expect(nextBatch(all, [workload('x'), workload('y')], [], 2).start).toEqual([])
  })

  it('takes no more than a budget allows, and says which budget the others wait for', () => {
    const { start, held } = nextBatch(all, [], [budget(1)], 10)
    expect(start).toEqual(['a'])
    expect([...held]).toEqual([
      ['b', 'web'],
      ['c', 'web'],
      ['d', 'web'],
    ])
    expect(nextBatch(all, [workload('x')], [budget(1)], 10).start).toEqual([])
    expect(nextBatch(all, [], [budget(0)], 10).start).toEqual([])
  })

  it('is not held by budgets of others, nor by one for what takes nothing away', () => {
    expect(nextBatch([workload('a', 1, 'db')], [], [budget(0)], 1).start).toEqual(['a'])
    expect(nextBatch([workload('a', 0)], [], [budget(0)], 1).start).toEqual(['a'])
    expect(nextBatch([workload('a')], [], [{ ...budget(0), cluster: 'west' }], 1).start).toEqual(['a'])
    expect(nextBatch([workload('a')], [], [budget(0, null)], 1).start).toEqual(['a'])
    expect(nextBatch([workload('a')], [], [budget(0, {})], 1).start).toEqual([])
  })

  it('never overdraws a budget, whatever comes', () => {
    const some = fc.array(fc.record({ takes: fc.nat(3), running: fc.boolean() }), { maxLength: 20 })
    fc.assert(
      fc.property(some, fc.nat(6), fc.integer({ min: 1, max: 10 }), (list, allowed, size) => {
        const named = list.map(({ takes, running }, index) => ({ ...workload(`w${index}`, takes), running }))
        const running = named.filter((each) => each.running)
        const waiting = named.filter((each) => !each.running)
        const { start } = nextBatch(waiting, running, [budget(allowed)], size)
        const sum = (of: readonly Restartable[]) => of.reduce((total, { takes }) => total + takes, 0)
        const started = waiting.filter(({ key }) => start.includes(key))
        if (sum(started) > 0) expect(sum(started) + sum(running)).toBeLessThanOrEqual(allowed)
        expect(start.length).toBeLessThanOrEqual(Math.max(0, size - running.length))
      }),
    )
  })
})

describe('pods that a restart takes away at once', () => {
  const deployment = (replicas: number, strategy?: object): KubeResource => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas, ...(strategy === undefined ? {} : { strategy }) },
  })
  const rolling = (maxSurge: unknown, maxUnavailable: unknown) => ({ rollingUpdate: { maxSurge, maxUnavailable } })

  it.each([
    [deployment(1), 0],
    [deployment(10), 2],
    [deployment(4, { type: 'Recreate' }), 4],
    [deployment(3, rolling(0, 1)), 1],
    [deployment(3, rolling(0, '10%')), 1],
    [deployment(3, rolling('100%', '100%')), 3],
  ])('of a Deployment', (object, takes) => {
    expect(takesAway(object)).toBe(takes)
  })

  it.each([
    ['StatefulSet', { spec: { replicas: 3 } }, 1],
    ['StatefulSet', { spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } } }, 0],
    ['DaemonSet', { status: { desiredNumberScheduled: 5 } }, 1],
    [
      'DaemonSet',
      { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: '30%' } } }, status: { desiredNumberScheduled: 5 } },
      2,
    ],
    [
      'DaemonSet',
      {
        spec: { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
        status: { desiredNumberScheduled: 5 },
      },
      0,
    ],
  ])('of a %s', (kind, parts, takes) => {
    expect(takesAway({ apiVersion: 'apps/v1', kind, metadata: { name: 'x' }, ...parts })).toBe(takes)
  })
})
