import type { ProxyConfigRow, ProxyRef } from '@meshdeck/contract'
import { SECTION_COLUMNS, type ConfigSection } from '@meshdeck/mesh/proxy-config'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { listParams } from '../../lib/list-search.ts'
import { localPage, type LocalReader } from '../../lib/local-page.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { ConfigCell } from './config-cell.tsx'
import { placeOfObject } from './place-of-object.ts'
import { programOf } from './program-of.ts'
import { proxyQueries } from './queries.ts'

/** In the order in which they come, which is that of `istioctl`. */
const schema = searchSchema(listParams(''))

/** Sections of what an object makes, rather than of objects. */
const WITH_ORIGIN: ReadonlySet<ConfigSection> = new Set(['listeners', 'routes', 'clusters', 'policies'])

export interface RowsTableProps {
  proxy: ProxyRef
  section: ConfigSection
  configCluster: string
  /** Opens the JSON of a resource. */
  onJson: (resource: string) => void
}

/** The lines of a section, searched, sorted and paged in the browser. */
export function RowsTable({ proxy, section, configCluster, onJson }: RowsTableProps) {
  const { t } = useTranslation('proxies')
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(proxyQueries.config(proxy, section))
  const program = programOf(section)
  const columns = SECTION_COLUMNS[section].map((column, index): DataColumn<ProxyConfigRow> => ({
    id: column,
    title: t(`columns.${column}`),
    sortable: true,
    fixed: index === 0,
    render: (row) => <LinkedCell row={row} column={column} cluster={proxy.cluster} />,
  }))
  // Before what is looked at least.
  if (WITH_ORIGIN.has(section))
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
        section === 'bootstrap' || section === 'settings'
          ? () => []
          : ({ resource }) => [{ key: 'json', label: t('json.of', { program }), onClick: () => onJson(resource) }]
      }
      search={search}
      onSearch={setSearch}
      searchPlaceholder={t('searchRows')}
      live={false}
      empty={
        <EmptyState title={t('emptySection.title')}>
          {t(section === 'workload-certificates' ? 'emptySection.noPods' : 'emptySection.what')}
        </EmptyState>
      }
    />
  )
}

function readerOf(section: ConfigSection): LocalReader<ProxyConfigRow> {
  return {
    sort: Object.fromEntries(SECTION_COLUMNS[section].map((column) => [column, ({ cells }) => cells[column]])),
    texts: ({ cells, origin }) => [...Object.values(cells).map(String), origin?.name],
  }
}

/** A cell that leads to the object which it names; in the cluster that the line is about, where that is of this mesh. */
function LinkedCell({ row, column, cluster }: { row: ProxyConfigRow; column: string; cluster: string }) {
  const { mesh, clusters } = useMeshScope()
  const cell = <ConfigCell column={column} value={row.cells[column]} />
  const object = row.links?.[column]
  if (object === undefined) return cell
  const own = clusters.find((each) => each === row.cells['meshCluster']) ?? cluster
  const place = placeOfObject(mesh, own, object)
  return place === undefined ? cell : <AppLink place={place}>{cell}</AppLink>
}

/** The object that made a line. */
function Origin({ row: { origin }, cluster }: { row: ProxyConfigRow; cluster: string }) {
  const { mesh } = useMeshScope()
  if (origin === undefined) return '–'
  const { namespace, name } = origin
  const place = placeOfObject(mesh, cluster, origin)
  return (
    <>
      {place === undefined ? name : <AppLink place={place}>{name}</AppLink>}
      <div className="md-muted">
        {origin.kind} · {namespace}
      </div>
    </>
  )
}
