import { describe, expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'
import { compareGraphs, withGone } from './compare.ts'
import { focusOn } from './focus.ts'
import type { EdgeSample, GraphInventory } from './model.ts'
import { sample, samplesOf } from './sample-fixtures.ts'

const failed = (value: number) => sample(value, { labels: { response_code: '503' } })
const moment = (requests: readonly EdgeSample[], latency: readonly EdgeSample[] = [], inventory?: GraphInventory) => ({
  ...assembleGraph(samplesOf({ requests, latency }), {
    view: 'workload',
    latency: 'p95',
    ...(inventory && { inventory, idle: true }),
  }),
  window: 60,
})
const CALL = 'workload:c1/shop/frontend-v1->workload:c1/shop/reviews-v1:http'
const changesOf = (before: ReturnType<typeof moment>, after: ReturnType<typeof moment>) =>
  Object.fromEntries([...compareGraphs(before, after).edges].map(([id, { changes }]) => [id, changes]))

describe('compareGraphs', () => {
  it('says nothing of what stayed', () => {
    const { nodes, edges } = compareGraphs(moment([sample(10)]), moment([sample(14)]))
    expect([nodes.size, edges.size]).toEqual([0, 0])
  })

  it('names what is new and what is gone, with its nodes', () => {
    const other = sample(1, { to: 'ratings-v1' })
    const { nodes, edges } = compareGraphs(
      moment([sample(10), other]),
      moment([sample(10), sample(1, { to: 'cart-v1' })]),
    )
    expect([...nodes].map(([id, { changes }]) => [id.split('/').at(-1), changes])).toEqual([
      ['cart-v1', ['new']],
      ['ratings-v1', ['gone']],
    ])
    expect(
      [...edges.values()].map(({ changes, before, after }) => [changes, before !== undefined, after !== undefined]),
    ).toEqual([
      [['new'], false, true],
      [['gone'], true, false],
    ])
  })

  it('names more and fewer errors, and slower and faster', () => {
    const quick = moment([sample(10)], [sample(50)])
    const bad = moment([sample(9), failed(1)], [sample(120)])
    expect(changesOf(quick, bad)).toEqual({ [CALL]: ['more-errors', 'slower'] })
    expect(changesOf(bad, quick)).toEqual({ [CALL]: ['fewer-errors', 'faster'] })
    expect(compareGraphs(quick, bad).nodes.get('workload:c1/shop/reviews-v1')?.changes).toEqual([
      'more-errors',
      'slower',
    ])
  })

  it('is not alarmed by what chance does to few requests', () => {
    // Six requests a minute, one of which failed.
    expect(changesOf(moment([sample(0.1)]), moment([sample(0.083), failed(0.017)]))).toEqual({})
    expect(changesOf(moment([sample(100)]), moment([sample(83), failed(17)]))).toEqual({ [CALL]: ['more-errors'] })
  })

  it('is not alarmed by small delays', () => {
    expect(changesOf(moment([sample(1)], [sample(5)]), moment([sample(1)], [sample(20)]))).toEqual({})
    expect(changesOf(moment([sample(1)], [sample(500)]), moment([sample(1)], [sample(600)]))).toEqual({})
  })

  it('takes a node that fell idle for gone', () => {
    const inventory = {
      workloads: ['frontend-v1', 'reviews-v1'].map((name) => ({ cluster: 'c1', namespace: 'shop', name })),
    }
    const { nodes } = compareGraphs(moment([sample(1)], [], inventory), moment([], [], inventory))
    expect([...nodes.values()].map(({ changes }) => changes)).toEqual([['gone'], ['gone']])
  })
})

describe('withGone', () => {
  it('shows what is gone where it was, as idle', () => {
    const before = moment([sample(1), sample(2, { to: 'ratings-v1' })])
    const after = moment([sample(1)])
    const shown = withGone(after, compareGraphs(before, after))
    expect(shown.nodes.at(-1)).toMatchObject({ name: 'ratings-v1', idle: true, health: 'unknown' })
    expect(shown.edges.map(({ target }) => target.split('/').at(-1))).toEqual(['reviews-v1', 'ratings-v1'])
  })
})

describe('focusOn', () => {
  const chain = moment([
    sample(1, { from: 'a', to: 'b' }),
    sample(1, { from: 'b', to: 'c' }),
    sample(1, { from: 'c', to: 'd' }),
    sample(1, { from: 'd', to: 'b' }),
  ])
  const around = (hops: number, direction: 'both' | 'up' | 'down') =>
    focusOn(chain, 'workload:c1/shop/b', { hops, direction })
      .nodes.map(({ name }) => name)
      .join('')

  it('goes as far as it is told, in the direction that it is told', () => {
    expect(around(1, 'both')).toBe('abcd')
    expect(around(1, 'down')).toBe('bc')
    expect(around(2, 'down')).toBe('bcd')
    expect(around(1, 'up')).toBe('abd')
    expect(around(0, 'both')).toBe('b')
  })

  it('keeps the calls among what it shows', () => {
    const { edges } = focusOn(chain, 'workload:c1/shop/b', { hops: 2, direction: 'down' })
    expect(edges.map(({ source, target }) => `${source.at(-1)}${target.at(-1)}`)).toEqual(['bc', 'cd', 'db'])
  })

  it('is empty around what is not there', () => {
    expect(focusOn(chain, 'nobody', { hops: 3, direction: 'both' })).toMatchObject({ nodes: [], edges: [] })
  })
})
