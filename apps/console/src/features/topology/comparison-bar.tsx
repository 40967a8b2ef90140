import { GRAPH_CHANGES } from '@meshdeck/mesh'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { useChangeText } from './change-text.ts'
import { ComparedChanges } from './changes/compared-changes.tsx'
import type { GraphIndex } from './graph-index.ts'
import { useNodeName } from './node-name.ts'
import type { TopologySearch } from './topology-search.ts'

export interface ComparisonBarProps {
  graph: GraphIndex
  /** Unix seconds of the moment that is compared with. */
  before: number
  search: TopologySearch
  onFind: (expression: string) => void
  onSelect: (id: string) => void
}

/** So many of what matters most are named at once; the rest is one click away. */
const NAMED = 3

/** What differs from an earlier moment: how much of each kind, the gravest by name, and what was changed meanwhile. */
export function ComparisonBar({ graph, before, search, onFind, onSelect }: ComparisonBarProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const nodeName = useNodeName()
  const changeText = useChangeText(graph.topology.latency)
  const changed = [...(graph.comparison?.edges ?? [])].flatMap(([id, change]) => {
    const edge = graph.edges.get(id)
    return edge ? [{ edge, change }] : []
  })
  const counts = GRAPH_CHANGES.map((kind) => ({
    kind,
    count: changed.filter(({ change }) => change.changes.includes(kind)).length,
  })).filter(({ count }) => count > 0)
  const rank = ({ change }: (typeof changed)[number]): number =>
    RANKS.findIndex((kind) => change.changes.includes(kind))
  const gravest = changed
    .toSorted((a, b) => rank(a) - rank(b) || b.edge.requestRate - a.edge.requestRate)
    .slice(0, NAMED)
  const nameOf = (id: string): string => {
    const node = graph.nodes.get(id)
    return node ? nodeName(node) : id
  }
  return (
    <section className="md-topology-comparison" aria-label={t('comparison.label')}>
      <p role="status">
        {t('comparison.with', { time: format.dateTime(before * 1000) })} {changed.length === 0 && t('comparison.same')}
      </p>
      {counts.length > 0 && (
        <ul className="md-topology-counts">
          {counts.map(({ kind, count }) => (
            <li key={kind}>
              <button type="button" className="md-link-button" onClick={() => onFind(`change = ${kind}`)}>
                {t('comparison.count', { count, change: t(`change.${kind}`) })}
              </button>
            </li>
          ))}
        </ul>
      )}
      {gravest.length > 0 && (
        <ul>
          {gravest.map(({ edge, change }) => (
            <li key={edge.id}>
              <button type="button" className="md-link-button" onClick={() => onSelect(edge.id)}>
                {nameOf(edge.source)} → {nameOf(edge.target)}
              </button>{' '}
              {format.list(changeText(change))}
            </li>
          ))}
        </ul>
      )}
      <ComparedChanges graph={graph} from={before} to={graph.topology.at} search={search} onSelect={onSelect} />
    </section>
  )
}

/** Gravest first: what fails now is looked for before what is merely new. */
const RANKS = ['more-errors', 'slower', 'gone', 'new', 'fewer-errors', 'faster'] as const
