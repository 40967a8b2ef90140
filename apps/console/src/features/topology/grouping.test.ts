import { describe, expect, it } from 'vitest'
import { parseSearch } from '../../lib/search-params.ts'
import { node, shopTopology } from './fixtures.ts'
import { GROUPED_FROM, groupingOf, regrouped } from './grouping.ts'
import { topologySearch } from './topology-search.ts'

const ASKED = parseSearch(topologySearch, {})
const large = shopTopology({
  nodes: Array.from({ length: GROUPED_FROM }, (_, index) => node(`workload:alpha/team-${index % 3}/app-${index}`)),
})
const teams = ['namespace:alpha/team-0', 'namespace:alpha/team-1', 'namespace:alpha/team-2']
const asked = (change: Partial<Parameters<typeof groupingOf>[1]>) => groupingOf(large, { ...ASKED, ...change })

describe('groupingOf', () => {
  it('leaves what can be drawn as it is', () => {
    expect(groupingOf(shopTopology(), ASKED)).toEqual({ collapsed: [], automatic: false })
    expect(groupingOf(undefined, ASKED)).toEqual({ collapsed: [], automatic: false })
  })

  it('shows a very large graph by namespaces, but for those that were opened', () => {
    expect(asked({})).toEqual({ collapsed: teams, automatic: true })
    expect(asked({ expanded: ['namespace:alpha/team-1'] }).collapsed).toEqual([teams[0], teams[2]])
  })

  it('does what its reader wants', () => {
    expect(asked({ grouped: 'off' })).toEqual({ collapsed: [], automatic: false })
    expect(asked({ focus: 'workload:alpha/team-1/app-1' })).toEqual({ collapsed: [], automatic: false })
    expect(asked({ collapsed: ['cluster:alpha'] })).toEqual({ collapsed: ['cluster:alpha'], automatic: false })
  })
})

describe('regrouped', () => {
  it('remembers which are open', () => {
    expect(regrouped(large, { collapsed: [teams[0] ?? '', teams[2] ?? ''], selected: '' })).toEqual({
      collapsed: [],
      expanded: [teams[1]],
      selected: '',
    })
  })

  it('is no longer automatic when all are opened, or a cluster is closed', () => {
    expect(regrouped(large, { collapsed: [] })).toEqual({ collapsed: [], expanded: [], grouped: 'off' })
    expect(regrouped(large, { collapsed: [...teams, 'cluster:alpha'] })).toEqual({
      collapsed: [...teams, 'cluster:alpha'],
    })
  })

  it('leaves other changes alone', () => {
    expect(regrouped(large, { find: 'x' })).toEqual({ find: 'x' })
    expect(regrouped(large, ASKED)).toEqual(ASKED)
  })
})
