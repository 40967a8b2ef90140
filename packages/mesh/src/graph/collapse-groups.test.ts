import { describe, expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'
import { collapseGroups, mergeIntoClusters, type GroupNode } from './collapse-groups.ts'
import { foldInvisible } from './fold-invisible.ts'
import { mtlsShareOf } from './merge-edges.ts'
import type { GraphNode } from './model.ts'
import { sample, samplesOf } from './sample-fixtures.ts'

const failed = { response_code: '503' }
const requests = [
  sample(1, { toNamespace: 'books' }),
  sample(3, { from: 'cart-v1', toNamespace: 'books', labels: failed }),
  sample(4, { to: 'cart-v1' }),
  sample(8, { fromNamespace: 'books', from: 'reviews-v1', to: 'unknown', host: 'bank.example' }),
]
const graph = assembleGraph(samplesOf({ requests }), { view: 'workload' })
const shop = ({ namespace }: GraphNode): GroupNode | undefined =>
  namespace === 'shop'
    ? { id: 'namespace:c1/shop', type: 'namespace', cluster: 'c1', namespace, name: namespace }
    : undefined

describe('collapseGroups', () => {
  const collapsed = collapseGroups(graph, shop)

  it('adds up what became one edge, and keeps the host that all called', () => {
    const edge = collapsed.edges.find(({ target }) => target.endsWith('books/reviews-v1'))
    expect(edge).toMatchObject({
      source: 'namespace:c1/shop',
      requestRate: 4,
      errorRate: 0.75,
      codes: { '200': 1, '503': 3 },
      host: 'reviews.books.svc.cluster.local',
    })
  })

  it('keeps what goes on inside as a call of the group to itself, without a host', () => {
    const loop = collapsed.edges.find(({ source, target }) => source === target)
    expect(loop).toMatchObject({ source: 'namespace:c1/shop', requestRate: 4 })
    expect(loop).not.toHaveProperty('host')
  })

  it('has the numbers of the group on its node, and leaves the others alone', () => {
    expect(collapsed.nodes.map(({ id }) => id)).toEqual([
      'external:bank.example',
      'namespace:c1/shop',
      'workload:c1/books/reviews-v1',
    ])
    expect(collapsed.nodes[1]).toMatchObject({
      inbound: { requestRate: 4 },
      outbound: { requestRate: 8, errorRate: 3 / 8 },
    })
    expect(collapsed.nodes[2]).toMatchObject({ inbound: { requestRate: 4 }, outbound: { requestRate: 8 } })
  })

  it('gives back the graph itself when nothing is put together', () => {
    expect(collapseGroups(graph, () => undefined)).toBe(graph)
  })
})

describe('mergeIntoClusters', () => {
  const namespaces = assembleGraph(
    samplesOf({
      requests: [
        ...requests,
        sample(16, { toCluster: 'c2' }),
        sample(32, { from: 'unknown', reporter: 'destination' }),
      ],
    }),
    { view: 'namespace' },
  )

  it('has clusters, and what is outside of them', () => {
    const { nodes, edges, totals, view } = mergeIntoClusters(namespaces)
    expect(view).toBe('cluster')
    expect(nodes.map(({ id, type }) => [id, type])).toEqual([
      ['cluster:c1', 'cluster'],
      ['cluster:c2', 'cluster'],
      ['external:external', 'external'],
      ['unknown:c1/unknown', 'unknown'],
    ])
    expect(Object.fromEntries(edges.map(({ id, requestRate }) => [id, requestRate]))).toEqual({
      'cluster:c1->cluster:c1:http': 8,
      'cluster:c1->cluster:c2:http': 16,
      'cluster:c1->external:external:http': 8,
      'unknown:c1/unknown->cluster:c1:http': 32,
    })
    expect(totals.requestRate).toBe(namespaces.totals.requestRate)
  })

  it('has nothing of what its reader may not see', () => {
    const folded = mergeIntoClusters(
      foldInvisible(namespaces, (namespace, cluster) => cluster !== 'c2' && namespace !== 'books'),
    )
    expect(JSON.stringify(folded)).not.toMatch(/books|c2/)
    expect(folded.nodes.map(({ id }) => id)).toEqual(['cluster:c1', 'other', 'unknown:c1/unknown'])
  })
})

describe('mtlsShareOf', () => {
  it('weighs only what could be told, whatever the order', () => {
    const [unknown, half, all] = [undefined, 0.5, 1].map((mtlsShare) => ({
      requestRate: 10,
      sentRate: 0,
      receivedRate: 0,
      ...(mtlsShare !== undefined && { mtlsShare }),
    }))
    if (!unknown || !half || !all) throw new Error('three are needed')
    expect(mtlsShareOf([unknown, half, all])).toBe(0.75)
    expect(mtlsShareOf([all, unknown, half])).toBe(0.75)
    expect(mtlsShareOf([unknown])).toBeUndefined()
  })

  it('weighs TCP by bytes, but never against requests', () => {
    const tcp = { requestRate: 0, sentRate: 1_000_000, receivedRate: 0, mtlsShare: 0 }
    expect(mtlsShareOf([tcp])).toBe(0)
    expect(mtlsShareOf([tcp, { requestRate: 1, sentRate: 0, receivedRate: 0, mtlsShare: 1 }])).toBe(1)
  })
})
