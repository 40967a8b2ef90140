import type { HistoryEntry } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../../components/app-link.tsx'
import { useProblemText } from '../../../components/problem-text.tsx'
import { useFormat } from '../../../lib/format.ts'
import { useMeshScope } from '../../../lib/mesh-scope.ts'
import { places } from '../../../lib/places.ts'
import type { GraphIndex } from '../graph-index.ts'
import { useNodeName } from '../node-name.ts'
import type { TopologySearch } from '../topology-search.ts'
import { ChangeLine } from './change-line.tsx'
import { changeQueries } from './change-queries.ts'
import { concernedEdges } from './concerned-edges.ts'

export interface ComparedChangesProps {
  graph: GraphIndex
  /** Unix seconds of the moments that are compared. */
  from: number
  to: number
  search: TopologySearch
  onSelect: (id: string) => void
}

const NAMED = 4
const EDGES_NAMED = 2

/** What was changed of the configuration between two moments: first what concerns calls that differ. */
export function ComparedChanges({ graph, from, to, search, onSelect }: ComparedChangesProps) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const problem = useProblemText()
  const { namespaces, clusters } = search
  const { data, error } = useQuery(changeQueries.between(mesh, { from, to, namespaces, clusters }))
  if (error) {
    const { title, hint } = problem(error)
    return (
      <p className="md-muted">
        {t('changes.failed')} {title} {hint}
      </p>
    )
  }
  if (data === undefined) return null
  if (data.items.length === 0) return <p className="md-muted">{t('changes.noneBetween')}</p>
  const told = data.items
    .map((entry) => ({ entry, edges: concernedEdges(entry, graph) }))
    // Stable: within each part the newest stay first.
    .toSorted((a, b) => Number(b.edges.length > 0) - Number(a.edges.length > 0))
  return (
    <section aria-label={t('changes.between')}>
      <h3>{t('changes.between')}</h3>
      <ul>
        {told.slice(0, NAMED).map(({ entry, edges }) => (
          <ComparedChange key={entry.id} entry={entry} edges={edges} graph={graph} onSelect={onSelect} />
        ))}
      </ul>
      {data.total > NAMED && (
        <AppLink place={places.history(mesh)}>{t('changes.more', { count: data.total - NAMED })}</AppLink>
      )}
    </section>
  )
}

interface ComparedChangeProps extends Pick<ComparedChangesProps, 'graph' | 'onSelect'> {
  entry: HistoryEntry
  edges: ReturnType<typeof concernedEdges>
}

function ComparedChange({ entry, edges, graph, onSelect }: ComparedChangeProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const nodeName = useNodeName()
  const nameOf = (id: string): string => {
    const node = graph.nodes.get(id)
    return node ? nodeName(node) : id
  }
  return (
    <li>
      <ChangeLine entry={entry} />
      {edges.length > 0 && (
        <>
          {' · '}
          {t('changes.concerns')}{' '}
          {edges.slice(0, EDGES_NAMED).map(({ id, source, target }, index) => (
            <Fragment key={id}>
              {index > 0 && ', '}
              <button type="button" className="md-link-button" onClick={() => onSelect(id)}>
                {nameOf(source)} → {nameOf(target)}
              </button>
            </Fragment>
          ))}
          {edges.length > EDGES_NAMED && ` +${format.number(edges.length - EDGES_NAMED)}`}
        </>
      )}
    </li>
  )
}
