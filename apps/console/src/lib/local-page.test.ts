import { describe, expect, it } from 'vitest'
import { localPage, type LocalReader } from './local-page.ts'

interface Row {
  name: string
  nodes?: number
}

const rows: Row[] = [{ name: 'beta', nodes: 2 }, { name: 'Alpha', nodes: 10 }, { name: 'gamma' }]
const reader: LocalReader<Row> = {
  sort: { name: (row) => row.name, nodes: (row) => row.nodes },
  texts: (row) => [row.name],
}
const search = { page: 1, pageSize: 20, sort: 'name', search: '' }
const names = (change: Partial<typeof search>, wanted?: (row: Row) => boolean) =>
  localPage(rows, { ...search, ...change }, reader, wanted).items.map(({ name }) => name)

describe('localPage', () => {
  it('sorts both ways, with rows that have no value last', () => {
    expect(names({})).toEqual(['Alpha', 'beta', 'gamma'])
    expect(names({ sort: '-name' })).toEqual(['gamma', 'beta', 'Alpha'])
    expect(names({ sort: 'nodes' })).toEqual(['beta', 'Alpha', 'gamma'])
    expect(names({ sort: '-nodes' })).toEqual(['Alpha', 'beta', 'gamma'])
  })

  it('leaves the order alone when it does not know the sort', () => {
    expect(names({ sort: 'colour' })).toEqual(['beta', 'Alpha', 'gamma'])
  })

  it('searches without regard to case, and counts what there is beside what matches', () => {
    expect(localPage(rows, { ...search, search: ' ALPH ' }, reader)).toEqual({
      items: [{ name: 'Alpha', nodes: 10 }],
      total: 1,
      all: 3,
    })
  })

  it('filters and pages', () => {
    expect(names({}, ({ nodes }) => nodes !== undefined)).toEqual(['Alpha', 'beta'])
    expect(names({ page: 2, pageSize: 2 })).toEqual(['gamma'])
    expect(names({ page: 9 })).toEqual([])
  })
})
