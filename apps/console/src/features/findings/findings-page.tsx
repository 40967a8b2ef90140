import type { FindingPage, FindingView } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Checkbox from 'antd/es/checkbox'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { MultiFilter } from '../../components/multi-filter.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { findingQueries } from '../../resource-kit/finding-queries.ts'
import { FindingLevel, FindingText } from '../../resource-kit/finding-text.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { NamespaceFilter } from '../../resource-kit/resource-filters.tsx'

interface FindingsSearch extends ListSearch {
  namespaces: string[]
  levels: string[]
  codes: string[]
  kinds: string[]
  suppressed: boolean
}

const schema = searchSchema<FindingsSearch>({
  ...listParams('level'),
  namespaces: param.list(),
  levels: param.list(),
  codes: param.list(),
  kinds: param.list(),
  suppressed: param.flag(),
})
/** More of them by name say less than their number. */
const MANY_KINDS = 5
const DOCS = 'https://istio.io/latest/docs/ops/diagnostic-tools/istioctl-analyze/'
const LEVELS: readonly FindingView['level'][] = ['error', 'warning', 'info']

/** Everything that the analysis has to say of the mesh. */
export function FindingsPage() {
  useStyle(kitCss)
  const { t } = useTranslation('findings')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(findingQueries.list(mesh, search))
  const hidden = query.data?.hidden ?? []
  const isFiltered =
    search.search !== '' || [search.namespaces, search.levels, search.codes].some((each) => each.length > 0)
  return (
    <Page
      title={t('title')}
      description={t('what')}
      docs={DOCS}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      {/* A cluster that is away hides all kinds, and its banner says so already. */}
      {hidden.length > 0 && (
        <p className="md-muted">
          {hidden.length > MANY_KINDS
            ? t('hiddenMany', { kinds: hidden.length })
            : t('hidden', { kinds: hidden.join(', ') })}
        </p>
      )}
      <DataTable<FindingView>
        id="findings"
        label={t('title')}
        columns={useColumns(mesh)}
        query={query}
        rowKey={(row) =>
          `${row.cluster} ${row.kind} ${row.namespace}/${row.name} ${row.code} ${row.path} ${JSON.stringify(row.values)}`
        }
        rowName={(row) => row.name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('search')}
        filters={<Filters value={search} page={query.data} onChange={(change) => setSearch({ ...change, page: 1 })} />}
        onClearFilters={() => setSearch({ namespaces: [], levels: [], codes: [], kinds: [], search: '', page: 1 })}
        empty={<EmptyState title={t('empty.title')}>{isFiltered ? t('empty.filtered') : t('empty.what')}</EmptyState>}
      />
    </Page>
  )
}

interface FiltersProps {
  value: FindingsSearch
  page: FindingPage | undefined
  onChange: (change: Partial<FindingsSearch>) => void
}

function Filters({ value, page, onChange }: FiltersProps) {
  const { t } = useTranslation('findings')
  return (
    <>
      <NamespaceFilter value={value.namespaces} onChange={(namespaces) => onChange({ namespaces })} />
      <MultiFilter
        label={t('filters.level')}
        all={t('filters.allLevels')}
        value={value.levels}
        options={LEVELS.map((level) => ({
          value: level,
          label: page === undefined ? t(`levels.${level}`) : `${t(`levels.${level}`)} (${page.counts[level]})`,
        }))}
        onChange={(levels) => onChange({ levels })}
      />
      <MultiFilter
        label={t('filters.code')}
        all={t('filters.allCodes')}
        value={value.codes}
        options={(page?.codes ?? []).map(({ code, count }) => ({ value: code, label: `${code} (${count})` }))}
        onChange={(codes) => onChange({ codes })}
      />
      <Checkbox checked={value.suppressed} onChange={({ target }) => onChange({ suppressed: target.checked })}>
        {t('suppressed')}
      </Checkbox>
    </>
  )
}

function useColumns(mesh: string): DataColumn<FindingView>[] {
  const { t } = useTranslation('findings')
  return [
    {
      id: 'level',
      title: t('columns.level'),
      fixed: true,
      sortable: true,
      render: ({ level }) => <FindingLevel level={level} />,
    },
    { id: 'finding', title: t('columns.finding'), fixed: true, render: (row) => <FindingText finding={row} /> },
    {
      id: 'name',
      title: t('columns.object'),
      sortable: true,
      render: (row) => (
        <>
          <FoundObject mesh={mesh} finding={row} />
          <div className="md-muted">{[row.kind, row.namespace].filter(Boolean).join(' · ')}</div>
        </>
      ),
    },
    { id: 'cluster', title: t('columns.cluster'), sortable: true, render: (row) => row.cluster },
  ]
}

/** Leads to the object's page: services have one of their own, and namespaces a list. */
function FoundObject({ mesh, finding: { kind, cluster, namespace, name } }: { mesh: string; finding: FindingView }) {
  const known = findKind(kind)
  if (known === undefined) return <strong>{name}</strong>
  const place =
    known.id === 'Service'
      ? places.service(mesh, namespace, name)
      : places.object(mesh, { kind: known.id, cluster, name, ...(namespace === '' ? {} : { namespace }) })
  return (
    <AppLink place={place} className="md-row-name">
      {name}
    </AppLink>
  )
}
