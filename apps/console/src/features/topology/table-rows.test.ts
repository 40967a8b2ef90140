import { parseExpression } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { toCsv } from './csv.ts'
import { BANK, CART, MYSQL, WEB, edge, shopTopology } from './fixtures.ts'
import { findInGraph, indexGraph } from './graph-index.ts'
import { EDGE_FILE, EDGE_SORTS, NODE_FILE, NODE_SORTS, edgeRows, nodeRows, sortRows } from './table-rows.ts'

const graph = indexGraph(shopTopology())

describe('rows', () => {
  it('hold the very numbers of the answer', () => {
    const rows = edgeRows(graph, undefined)
    expect(rows.map((row) => row.edge)).toEqual(graph.topology.edges)
    expect(nodeRows(graph, undefined).map((row) => row.node)).toEqual(graph.topology.nodes)
  })

  it('are narrowed by the same search as the picture', () => {
    const found = findInGraph(graph, parseExpression('mysql'))
    expect(edgeRows(graph, found).map(({ edge: { target } }) => target)).toEqual([MYSQL])
    expect(nodeRows(graph, found).map(({ id }) => id)).toEqual([MYSQL])
  })
})

describe('sortRows', () => {
  const ids = (sort: string) => sortRows(edgeRows(graph, undefined), sort, EDGE_SORTS).map((row) => row.edge.target)

  it('sorts both ways by number and by name', () => {
    expect(ids('-rate')).toEqual([CART, BANK, MYSQL])
    expect(ids('rate')).toEqual([MYSQL, BANK, CART])
    expect(ids('target')).toEqual([BANK, CART, MYSQL])
  })

  it('sorts health by badness', () => {
    expect(ids('-health')).toEqual([CART, BANK, MYSQL])
  })

  it('puts what has no value last, either way', () => {
    expect(ids('mtls').at(-1)).toBe(BANK)
    expect(ids('-mtls').at(-1)).toBe(BANK)
  })

  it('leaves the order alone for a column that does not exist', () => {
    expect(ids('-constructor')).toEqual(graph.topology.edges.map(({ target }) => target))
  })

  it('sorts nodes', () => {
    expect(sortRows(nodeRows(graph, undefined), '-rate', NODE_SORTS)[0]?.id).toBe(CART)
  })
})

describe('toCsv', () => {
  it('writes whole numbers, the instant, and nothing for what is not known', () => {
    const [header, first] = toCsv(edgeRows(graph, undefined), EDGE_FILE, {
      at: '2026-11-24T00:00:00Z',
      window_seconds: 60,
    }).split('\r\n')
    expect(header).toBe(
      'source,source_namespace,source_cluster,target,target_namespace,target_cluster,host,protocol,health,requests_per_second,error_share,latency_milliseconds,sent_bytes_per_second,received_bytes_per_second,mtls_share,reporter,codes,flags,change,at,window_seconds',
    )
    expect(first).toBe(
      'cart,shop,alpha,api.bank.example,,,api.bank.example,http,warning,0.5,0,150,0,0,,source,200=10,,,2026-11-24T00:00:00Z,60',
    )
  })

  it('quotes what needs it and disarms formulas', () => {
    const topology = shopTopology({ edges: [edge(WEB, CART, { host: '=cmd("x"),y' })] })
    expect(toCsv(edgeRows(indexGraph(topology), undefined), EDGE_FILE)).toContain(`,"'=cmd(""x""),y",`)
  })

  it('writes nodes', () => {
    expect(toCsv(nodeRows(graph, undefined), NODE_FILE).split('\r\n')[3]).toBe(
      'cart,shop,alpha,workload,critical,false,8.25,0.125,250,0,1,0,,,0,,',
    )
  })
})
