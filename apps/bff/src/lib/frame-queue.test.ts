import { describe, expect, it } from 'vitest'
import { createFrameQueue, type Change } from './frame-queue.ts'

const change = (op: Change['op'], name = 'reviews', namespace = 'shop'): Change => ({
  type: 'change',
  cluster: 'alpha',
  kind: 'VirtualService',
  op,
  namespace,
  name,
})

describe('frame queue', () => {
  it('keeps one frame per object: the last, or that it is new', () => {
    const queue = createFrameQueue()
    for (const op of ['added', 'modified', 'modified'] as const) queue.push(change(op))
    queue.push(change('modified', 'ratings'))
    queue.push(change('deleted', 'ratings'))
    expect(queue.take()).toEqual([change('added'), change('deleted', 'ratings')])
    expect(queue.take()).toEqual([])
  })

  it('turns a flood into a resync, and grows no more', () => {
    const queue = createFrameQueue()
    for (let i = 0; i < 5000; i++) queue.push(change('modified', `vs-${i}`))
    expect(queue.take()).toEqual([{ type: 'resync', cluster: 'alpha', kind: 'VirtualService' }])
    queue.push(change('modified'))
    expect(queue.take()).toEqual([change('modified')])
  })

  it('does not take one kind for another with the same beginning', () => {
    const queue = createFrameQueue()
    queue.push({ type: 'change', cluster: 'alpha', kind: 'IstioRevisionTag', op: 'added', name: 'x' })
    queue.push({ type: 'resync', cluster: 'alpha', kind: 'IstioRevision' })
    expect(queue.size).toBe(2)
  })

  it('says the latest of a cluster only', () => {
    const queue = createFrameQueue()
    queue.push({ type: 'cluster', cluster: 'alpha', state: 'lost' })
    queue.push({ type: 'cluster', cluster: 'alpha', state: 'reachable' })
    expect(queue.take()).toEqual([{ type: 'cluster', cluster: 'alpha', state: 'reachable' }])
  })
})
