import type { ProxyConfigRow, ProxyRef } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { SECTION_COLUMNS, type ProxySection } from '@meshdeck/mesh/proxy-config'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { listParams } from '../../lib/list-search.ts'
import { localPage, type LocalReader } from '../../lib/local-page.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { ConfigCell } from './config-cell.tsx'
import { proxyQueries } from './queries.ts'

/** In the order in which they come, which is that of `istioctl`. */
const schema = searchSchema(listParams(''))

export interface RowsTableProps {
  proxy: ProxyRef
  section: ProxySection
  configCluster: string
  /** Opens the JSON of a resource. */
  onJson: (resource: string) => void
}

/** The lines of a section, searched, sorted and paged in the browser. */
export function RowsTable({ proxy, section, configCluster, onJson }: RowsTableProps) {
  const { t } = useTranslation('proxies')
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(proxyQueries.config(proxy, section))
  const hasOrigin = section !== 'bootstrap' && section !== 'endpoints' && section !== 'certificates'
  const columns = SECTION_COLUMNS[section].map((column, index): DataColumn<ProxyConfigRow> => ({
    id: column,
    title: t(`columns.${column}`),
    sortable: true,
    fixed: index === 0,
    render: (row) => <ConfigCell column={column} value={row.cells[column]} />,
  }))
  // Before what is looked at least.
  if (hasOrigin)
    columns.splice(-1, 0, {
      id: 'origin',
      title: t('columns.origin'),
      render: (row) => <Origin row={row} cluster={configCluster} />,
    })
  return (
    <DataTable<ProxyConfigRow>
      id={`proxy-${section}`}
      label={t(`sections.${section}`)}
      columns={columns}
      query={{
        ...query,
        isPlaceholderData: false,
        data: query.data && localPage(query.data.rows, search, readerOf(section)),
      }}
      rowKey={({ key }) => key}
      rowName={({ key }) => key}
      rowActions={
        section === 'bootstrap'
          ? () => []
          : ({ resource }) => [{ key: 'json', label: t('json.of'), onClick: () => onJson(resource) }]
      }
      search={search}
      onSearch={setSearch}
      searchPlaceholder={t('searchRows')}
      live={false}
      empty={<EmptyState title={t('emptySection.title')}>{t('emptySection.what')}</EmptyState>}
    />
  )
}

function readerOf(section: ProxySection): LocalReader<ProxyConfigRow> {
  return {
    sort: Object.fromEntries(SECTION_COLUMNS[section].map((column) => [column, ({ cells }) => cells[column]])),
    texts: ({ cells, origin }) => [...Object.values(cells).map(String), origin?.name],
  }
}

/** The object that made a line. */
function Origin({ row: { origin }, cluster }: { row: ProxyConfigRow; cluster: string }) {
  const { mesh } = useMeshScope()
  if (origin === undefined) return '–'
  const { namespace, name } = origin
  const kind = findKind(origin.kind)
  return (
    <>
      {kind === undefined ? (
        name
      ) : (
        <AppLink place={places.object(mesh, { kind: kind.id, cluster, namespace, name })}>{name}</AppLink>
      )}
      <div className="md-muted">
        {origin.kind} · {namespace}
      </div>
    </>
  )
}
