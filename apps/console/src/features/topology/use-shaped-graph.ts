import { usesLatency } from '@meshdeck/mesh'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import { usePreferences } from '../../lib/preferences.tsx'
import { changedIn, findInGraph, type Found, type GraphIndex } from './graph-index.ts'
import { groupingOf, type Grouping } from './grouping.ts'
import { readExpression, type ReadExpression } from './read-expression.ts'
import { shapeGraph } from './shape-graph.ts'
import { topologyQueries, type TopologyAnswer, type TopologyParams } from './topology-queries.ts'
import type { TopologySearch } from './topology-search.ts'

export interface ShapedGraph {
  query: UseQueryResult<TopologyAnswer>
  /** The earlier moment that is compared with; it does not run when there is none. */
  before: UseQueryResult<TopologyAnswer>
  /** What picture and table show; undefined until the first answer. */
  graph: GraphIndex | undefined
  find: ReadExpression
  hide: ReadExpression
  found: Found | undefined
  /** What stands out in the picture: what was looked for, else what changed. */
  marked: Found | undefined
  needsLatency: boolean
  grouping: Grouping
}

/** Asks for the graph of a mesh, and for an earlier one to compare with, and shapes it as the address says. */
export function useShapedGraph(mesh: string, search: TopologySearch): ShapedGraph {
  const [{ refreshSeconds }] = usePreferences()
  const { view, namespaces, clusters, window, at, idle, latency, reporter, compare } = search
  const asked = { view, namespaces, clusters, window, at, idle, latency, reporter }
  const query = useQuery({
    ...topologyQueries.graph(mesh, asked),
    // A pinned instant does not change any more.
    refetchInterval: at === 0 && refreshSeconds > 0 && refreshSeconds * 1000,
  })
  const { data } = query
  const before = useQuery({
    ...topologyQueries.graph(mesh, { ...asked, at: (data?.at ?? 0) - compare }),
    enabled: compare > 0 && data !== undefined && data.at > compare,
  })
  const earlier =
    compare > 0 && data && before.data && isSameQuestion(data.asked, before.data.asked) ? before.data : undefined
  const find = useMemo(() => readExpression(search.find), [search.find])
  const hide = useMemo(() => readExpression(search.hide), [search.hide])
  const { collapsed: closed, expanded, grouped, focus, hops, direction } = search
  const grouping = useMemo(
    () => groupingOf(data, { collapsed: closed, expanded, grouped, focus }),
    [data, closed, expanded, grouped, focus],
  )
  const { collapsed } = grouping
  const graph = useMemo(
    () => data && shapeGraph(data, earlier, { collapsed, focus, hops, direction, hide: hide.expression }),
    [data, earlier, collapsed, focus, hops, direction, hide],
  )
  const found = useMemo(() => graph && findInGraph(graph, find.expression), [graph, find])
  const changed = useMemo(() => graph && changedIn(graph), [graph])
  const expressions = [find.expression, hide.expression].filter((each) => each !== undefined)
  return {
    query,
    before,
    graph,
    find,
    hide,
    found,
    marked: found ?? changed,
    grouping,
    needsLatency: latency === 'none' && expressions.some(usesLatency),
  }
}

/** Whether two answers differ in their moment only: while one is awaited, the old one may be of another question. */
function isSameQuestion(one: TopologyParams, other: TopologyParams): boolean {
  return JSON.stringify({ ...one, at: 0 }) === JSON.stringify({ ...other, at: 0 })
}
