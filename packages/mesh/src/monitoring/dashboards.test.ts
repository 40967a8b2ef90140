import { parser } from '@prometheus-io/lezer-promql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DASHBOARDS, findDashboard, panelsOf } from './dashboards.ts'
import { REPORTERS, type Variables } from './panel.ts'

const usual: Variables = {
  window: 60,
  systemNamespace: 'istio-system',
  namespace: 'shop',
  name: 'cart',
  reporter: 'source',
  quantiles: [0.5, 0.99],
  peers: [],
  peerNamespaces: [],
}

/** Everything that is asked for under these variables. */
const queriesWith = (variables: Variables): { id: string; promql: string; by: readonly string[] }[] =>
  DASHBOARDS.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ id, queries }) =>
      queries.flatMap((query) =>
        [query.promql, ...(query.over ? [query.over] : [])].map((promql) => ({
          id: `${dashboard.id}/${id}/${query.id}`,
          promql: promql(variables),
          by: query.by,
        })),
      ),
    ),
  )

/** Where Prometheus' own grammar cannot read a text; undefined when it can. */
function faultOf(promql: string): string | undefined {
  let fault: string | undefined
  parser.parse(promql).iterate({
    enter: (node) => {
      if (node.type.isError) fault ??= promql.slice(Math.max(0, node.from - 20), node.to + 20)
    },
  })
  return fault
}

describe('the dashboards', () => {
  it('name every dashboard, section, panel and query once', () => {
    const twice = (ids: readonly string[]): string[] => ids.filter((id, index) => ids.indexOf(id) !== index)
    expect(twice(DASHBOARDS.map(({ id }) => id))).toEqual([])
    for (const dashboard of DASHBOARDS) {
      expect(twice(dashboard.sections.map(({ id }) => id))).toEqual([])
      expect(twice(panelsOf(dashboard).map(({ id }) => id))).toEqual([])
      for (const { id, queries } of panelsOf(dashboard))
        expect([id, twice(queries.map((query) => query.id))]).toEqual([id, []])
    }
  })

  it.each<[string, Variables]>([
    ['as they are opened', usual],
    ...REPORTERS.map((reporter): [string, Variables] => [`as reported by ${reporter}`, { ...usual, reporter }]),
    ['kept to some namespaces', { ...usual, within: ['shop', 'backend'] }],
    ['for some callers', { ...usual, peers: ['web'], peerNamespaces: ['a', 'b'] }],
    ['for one cluster of a shared Prometheus', { ...usual, cluster: 'east-1' }],
    ['for one revision', { ...usual, revision: '1-30-3' }],
    ['for the default revision', { ...usual, revision: 'default' }],
    ['for one quantile', { ...usual, quantiles: [0.95] }],
  ])('ask what Prometheus understands, %s', (_name, variables) => {
    for (const { id, promql } of queriesWith(variables)) expect([id, faultOf(promql)]).toEqual([id, undefined])
  })

  it('cannot be broken by any name', () => {
    const hostile = fc.string({ unit: fc.constantFrom('"', '\\', '\n', '}', '{', '|', '$', ')', '#', '`', 'a', '.') })
    fc.assert(
      fc.property(hostile, hostile, (name, other) => {
        const variables = {
          ...usual,
          name,
          namespace: other,
          systemNamespace: name,
          peers: [name],
          peerNamespaces: [other],
          within: [name, other],
          revision: other,
          cluster: name,
        }
        for (const { promql } of queriesWith(variables)) {
          if (faultOf(promql) !== undefined) return false
          // What came from outside stands in strings and nowhere else.
          if (shapeOf(promql) !== shapeOf(promql.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"x"'))) return false
        }
        return true
      }),
      { numRuns: 20 },
    )
  })

  it('answer only by the labels that they name', () => {
    for (const { id, promql, by } of queriesWith(usual)) {
      const grouped = [...promql.matchAll(/(?:sum|max) by \(([^)]*)\)/g)].flatMap(([, labels = '']) =>
        labels.split(','),
      )
      const given = new Set([...grouped, ...(promql.includes('"quantile"') ? ['quantile'] : [])])
      for (const label of by) expect([id, label, given.has(label)]).toEqual([id, label, true])
    }
  })

  it('tell one Service from another whose name begins alike', () => {
    const dashboard = findDashboard('services')
    const [panel] = dashboard ? panelsOf(dashboard, 'general') : []
    expect(panel?.queries[0]?.promql(usual)).toBe(
      String.raw`sum(rate(istio_requests_total{reporter="source",destination_service=~"cart\\.shop\\.svc\\..+"}[60s]))`,
    )
  })
})

/** The names of the grammar's nodes, without what they stand for. */
function shapeOf(promql: string): string {
  const names: string[] = []
  parser.parse(promql).iterate({ enter: ({ name }) => void names.push(name) })
  return names.join(' ')
}
