import { describe, expect, it } from 'vitest'
import { pageOf, type RowReader } from './paging.ts'

interface Row {
  name: string
  namespace: string
  cluster: string
  pods?: number
  labels?: Record<string, string>
}
const reader: RowReader<Row> = {
  columns: {
    name: (row) => row.name,
    namespace: (row) => row.namespace,
    cluster: (row) => row.cluster,
    pods: (row) => row.pods,
  },
  texts: (row) => [row.cluster],
  labels: (row) => row.labels,
  namespace: (row) => row.namespace,
  clusters: (row) => [row.cluster],
}
const rows: readonly Row[] = Object.freeze([
  { name: 'v10', namespace: 'shop', cluster: 'alpha', pods: 2, labels: { app: 'a' } },
  { name: 'v9', namespace: 'shop', cluster: 'beta', pods: 10 },
  { name: 'v9', namespace: 'bank', cluster: 'alpha', labels: { app: 'a', tier: 'x' } },
])
const names = (query: Parameters<typeof pageOf>[1]): string[] =>
  pageOf(rows, query, reader).items.map(({ name, namespace }) => `${namespace}/${name}`)

describe('a page', () => {
  it('is sorted by name as people count, and by what tells equal names apart', () => {
    expect(names({})).toEqual(['bank/v9', 'shop/v9', 'shop/v10'])
  })
  it('sorts numbers as numbers, holes first, and backwards with a minus', () => {
    expect(names({ sort: 'pods' })).toEqual(['bank/v9', 'shop/v10', 'shop/v9'])
    expect(names({ sort: '-pods' })).toEqual(['shop/v9', 'shop/v10', 'bank/v9'])
  })
  it('counts what matches and what there is', () => {
    expect(pageOf(rows, { namespace: 'shop,other', pageSize: 1, page: 2 }, reader)).toMatchObject({
      total: 2,
      all: 3,
      page: 2,
      pageSize: 1,
      items: [{ name: 'v10' }],
    })
    expect(pageOf(rows, { page: 9 }, reader).items).toEqual([])
  })
  it('has filters of its own kind', () => {
    const busy = pageOf(rows, { search: 'v9' }, reader, ({ pods = 0 }) => pods > 1)
    expect(busy).toMatchObject({ total: 1, all: 3, items: [{ cluster: 'beta' }] })
  })
  it('finds by text, label and cluster, all together', () => {
    expect(names({ search: 'BETA' })).toEqual(['shop/v9'])
    expect(names({ labels: 'app=a' })).toEqual(['bank/v9', 'shop/v10'])
    expect(names({ labels: 'app==a,tier=x' })).toEqual(['bank/v9'])
    expect(names({ labels: 'constructor=x' })).toEqual([])
    expect(names({ search: 'v9', cluster: 'alpha' })).toEqual(['bank/v9'])
  })
  it.each([{ sort: 'nothing' }, { sort: 'constructor' }, { labels: 'a!=b' }])(
    'refuses %o, naming the field',
    (query) => {
      expect(() => pageOf(rows, query, reader)).toThrow(
        expect.objectContaining({
          problem: expect.objectContaining({
            code: 'invalid-input',
            fields: [expect.objectContaining({ field: Object.keys(query)[0] })],
          }),
        }),
      )
    },
  )
})
