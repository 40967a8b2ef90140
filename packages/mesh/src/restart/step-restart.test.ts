import type { KubeResource, Restart, RestartTargetPhase } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import type { Budget } from './next-batch.ts'
import { stepRestart, type RestartView, type SeenWorkload } from './step-restart.ts'

const UID = '6f1c'
const NOW = new Date('2026-11-24T03:00:00Z')
const target = (name: string) => ({ cluster: 'east', namespace: 'shop', kind: 'Deployment' as const, name })

const restart = (spec: Partial<Restart['spec']> = {}, status?: Restart['status']): Restart => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Restart',
  metadata: { name: 'r', uid: UID, generation: 1, creationTimestamp: '2026-11-24T02:59:00Z' },
  spec: { mesh: 'shop', targets: ['a', 'b', 'c'].map(target), batchSize: 2, ...spec },
  ...(status === undefined ? {} : { status }),
})

const SETTLED = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }
const deployment = (name: string, annotations: Record<string, string>, status: object = SETTLED): KubeResource => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', generation: 2, annotations },
  spec: {
    replicas: 1,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    template: { metadata: { labels: { tier: 'web' } } },
  },
  status,
})
const allowed = (name: string): SeenWorkload => ({ object: deployment(name, { 'meshdeck.io/restart-allowed': UID }) })
const restarted = (name: string, status: object = SETTLED): SeenWorkload => ({
  object: deployment(name, { 'meshdeck.io/restarted-by': UID }, status),
})
const UNDER_WAY = { ...SETTLED, observedGeneration: 1 }
const STUCK = {
  ...SETTLED,
  conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'timed out' }],
}

const view = (workloads: Record<string, SeenWorkload>, more: Partial<RestartView> = {}): RestartView => ({
  workload: ({ name }) => workloads[name] ?? allowed(name),
  budgets: [],
  hidden: false,
  now: NOW,
  ...more,
})
const phases = ({ status }: ReturnType<typeof stepRestart>): RestartTargetPhase[] =>
  status.targets.map(({ phase }) => phase)
const names = ({ start }: ReturnType<typeof stepRestart>): string[] => start.map(({ name }) => name)

describe('the next step of a restart', () => {
  it('begins as many as it may, with those under way', () => {
    const first = stepRestart(restart(), view({}))
    expect([names(first), first.status.phase, first.status.total]).toEqual([['a', 'b'], 'Running', 3])
    const next = stepRestart(restart(), view({ a: restarted('a', UNDER_WAY) }))
    expect([names(next), phases(next)]).toEqual([['b'], ['Running', 'Waiting', 'Waiting']])
    const last = stepRestart(restart(), view({ a: restarted('a'), b: restarted('b', UNDER_WAY) }))
    expect([names(last), phases(last), last.status.done]).toEqual([['c'], ['Done', 'Running', 'Waiting'], 1])
  })

  it('ends when all are restarted, and stays as it is from then on', () => {
    const all = { a: restarted('a'), b: restarted('b'), c: restarted('c') }
    const { status } = stepRestart(restart(), view(all))
    expect(status).toMatchObject({ phase: 'Done', done: 3, failed: 0, finishedAt: '2026-11-24T03:00:00Z' })
    const later = stepRestart(
      restart({}, status),
      view({ a: { gone: true } }, { now: new Date('2026-11-25T03:00:00Z') }),
    )
    expect(later.status).toEqual(status)
  })

  it('begins none of which a budget has none left, and names the budget', () => {
    const budget: Budget = {
      cluster: 'east',
      budget: {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { selector: { matchLabels: { tier: 'web' } } },
        status: { disruptionsAllowed: 1 },
      },
    }
    const step = stepRestart(restart(), view({}, { budgets: [budget] }))
    expect([names(step), step.status.targets.map(({ heldBy }) => heldBy)]).toEqual([['a'], [undefined, 'web', 'web']])
    const none = stepRestart(restart(), view({ a: restarted('a', UNDER_WAY) }, { budgets: [budget] }))
    expect(names(none)).toEqual([])
  })

  it('goes one by one when it does not see all budgets', () => {
    const step = stepRestart(restart(), view({}, { hidden: true }))
    expect([names(step), step.status.message]).toEqual([['a'], expect.stringContaining('may not be read')])
  })

  it('begins nothing that nobody with the right has allowed, says how to, and does not wait for ever', () => {
    const unmarked = { a: { object: deployment('a', {}) } }
    const step = stepRestart(restart(), view(unmarked))
    expect(names(step)).toEqual(['b', 'c'])
    expect(step.status.targets[0]?.message).toContain(
      'kubectl --context east -n shop annotate deployment a meshdeck.io/restart-allowed=6f1c',
    )
    const late = stepRestart(restart(), view(unmarked, { now: new Date('2026-11-24T03:09:00Z') }))
    expect(phases(late)[0]).toBe('Failed')
  })

  it('leaves to another restart what was asked for again', () => {
    const other = { a: { object: deployment('a', { 'meshdeck.io/restart-allowed': 'other' }) } }
    expect(phases(stepRestart(restart(), view(other)))[0]).toBe('Skipped')
    const { status } = stepRestart(restart(), view({ a: restarted('a', UNDER_WAY) }))
    const again = { a: { object: deployment('a', { 'meshdeck.io/restarted-by': 'other' }) } }
    expect(phases(stepRestart(restart({}, status), view(again)))[0]).toBe('Done')
  })

  it('begins nothing more when it is paused or stopped, and follows what is under way to its end', () => {
    const under = { a: restarted('a', UNDER_WAY) }
    const paused = stepRestart(restart({ paused: true }), view(under))
    expect([names(paused), paused.status.phase, phases(paused)]).toEqual([
      [],
      'Paused',
      ['Running', 'Waiting', 'Waiting'],
    ])
    const stopped = stepRestart(restart({ stopped: true }), view(under))
    expect([stopped.status.phase, phases(stopped)]).toEqual(['Stopped', ['Running', 'Skipped', 'Skipped']])
    expect(stopped.status.finishedAt).toBeUndefined()
    const over = stepRestart(restart({ stopped: true }, stopped.status), view({ a: restarted('a') }))
    expect(over.status).toMatchObject({ phase: 'Stopped', done: 1, finishedAt: '2026-11-24T03:00:00Z' })
  })

  it('waits for somebody when one is stuck, unless it was told to go on', () => {
    const stuck = { a: restarted('a', STUCK) }
    const step = stepRestart(restart(), view(stuck))
    expect([names(step), step.status.phase, step.status.failed]).toEqual([[], 'Stuck', 1])
    expect(step.status.targets[0]).toMatchObject({ phase: 'Stuck', message: 'timed out' })
    const on = stepRestart(restart({ onStuck: 'GoOn' }, step.status), view(stuck))
    expect([names(on), on.status.phase]).toEqual([['b', 'c'], 'Running'])
    const end = stepRestart(restart({ onStuck: 'GoOn' }), view({ ...stuck, b: restarted('b'), c: restarted('c') }))
    expect(end.status).toMatchObject({ phase: 'Done', done: 2, failed: 1 })
    // One that gets on after all is no obstacle any longer.
    expect(names(stepRestart(restart({}, step.status), view({ a: restarted('a') })))).toEqual(['b', 'c'])
  })

  it('passes over what is gone, and waits for a cluster that does not answer', () => {
    const step = stepRestart(restart(), view({ a: { gone: true }, b: { unknown: 'Cluster east cannot be asked.' } }))
    expect(phases(step)).toEqual(['Skipped', 'Waiting', 'Waiting'])
    expect([names(step), step.status.targets[1]?.message]).toEqual([['c'], 'Cluster east cannot be asked.'])
  })
})
