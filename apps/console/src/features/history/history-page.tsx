import type { HistoryEntry, HistoryPage as Page_ } from '@meshdeck/contract'
import { findKind, HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { IfAllowed } from '../../components/if-allowed.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import { historyPlaces } from '../../lib/history-places.ts'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { EntryAuthor, EntryFields, EntryOperation, EntryTime } from '../../resource-kit/history-entry.tsx'
import { HISTORY_RANGES, historyQueries, type HistoryRange } from '../../resource-kit/history-queries.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { HistoryFilters, NO_FILTERS, type HistoryFilterValue } from './history-filters.tsx'

const schema = searchSchema<ListSearch & HistoryFilterValue>({
  ...listParams('-at'),
  namespaces: param.list(),
  clusters: param.list(),
  kinds: param.list(),
  authors: param.list(),
  tools: param.list(),
  range: param.oneOf<HistoryRange>(HISTORY_RANGES, 'all'),
  baselines: param.flag(),
})

/** Who changed what of the mesh's configuration, and when. */
export function HistoryPage() {
  useStyle(kitCss)
  const { t } = useTranslation('history')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(historyQueries.list(mesh, search))
  return (
    <Page
      title={t('title')}
      description={t('what')}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      {query.data && <Limits page={query.data} />}
      <DataTable<HistoryEntry>
        id="history"
        label={t('title')}
        columns={useColumns(mesh)}
        query={query}
        rowKey={({ id }) => id}
        rowName={({ name }) => name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('search')}
        filters={
          <HistoryFilters value={search} page={query.data} onChange={(change) => setSearch({ ...change, page: 1 })} />
        }
        onClearFilters={() => setSearch({ ...NO_FILTERS, search: '', page: 1 })}
        empty={<EmptyState title={t('empty.title')}>{t('empty.what')}</EmptyState>}
      />
    </Page>
  )
}

function Limits({ page: { limits, kept } }: { page: Page_ }) {
  const { t } = useTranslation('history')
  const format = useFormat()
  const { mesh } = useMeshScope()
  const { perObject, total } = limits
  return (
    <p className="md-muted">
      {t('limits', { perObject, total, records: kept.records, size: format.bytes(kept.bytes) })}{' '}
      <IfAllowed verb="update" kind="Mesh" cluster={HUB} name={mesh}>
        <AppLink place={places.editMesh(mesh)}>{t('changeLimits')}</AppLink>
      </IfAllowed>
    </p>
  )
}

function useColumns(mesh: string): DataColumn<HistoryEntry>[] {
  const { t } = useTranslation(['history', 'resources'])
  return [
    { id: 'at', title: t('columns.at'), fixed: true, sortable: true, render: (entry) => <EntryTime entry={entry} /> },
    { id: 'operation', title: t('columns.operation'), render: (entry) => <EntryOperation entry={entry} /> },
    {
      id: 'name',
      title: t('columns.object'),
      fixed: true,
      sortable: true,
      render: (entry) => (
        <>
          <AppLink place={historyPlaces.entry(mesh, entry.id)} className="md-row-name">
            {entry.name}
          </AppLink>
          <div className="md-muted">
            {[findKind(entry.kind)?.kind ?? entry.kind, entry.namespace].filter(Boolean).join(' · ')}
          </div>
        </>
      ),
    },
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: ({ cluster }) => cluster },
    {
      id: 'author',
      title: t('columns.author'),
      sortable: true,
      render: (entry) => <EntryAuthor entry={entry} />,
    },
    { id: 'change', title: t('columns.change'), render: (entry) => <EntryFields entry={entry} /> },
    { id: 'reason', title: t('columns.reason'), render: ({ reason }) => reason ?? '–' },
  ]
}
