import type { ProxyRef } from '@meshdeck/contract'
import { compareRows, SECTION_COLUMNS, type ConfigSection, type RowDifference } from '@meshdeck/mesh/proxy-config'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { listParams } from '../../lib/list-search.ts'
import { localPage, type LocalReader } from '../../lib/local-page.ts'
import { searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { ConfigCell } from './config-cell.tsx'
import { programOf } from './program-of.ts'
import { proxyQueries } from './queries.ts'

const schema = searchSchema(listParams(''))
const TONES: Readonly<Record<RowDifference['kind'], StatusTone>> = {
  'only-left': 'info',
  'only-right': 'warning',
  changed: 'error',
}
/** What every proxy has of its own, and would only hide what matters. */
const OWN: Partial<Readonly<Record<ConfigSection, readonly string[]>>> = {
  certificates: ['serial', 'notBefore', 'notAfter'],
  'workload-certificates': ['serial', 'notBefore', 'notAfter'],
}

export interface DifferencesTableProps {
  proxy: ProxyRef
  other: ProxyRef
  section: ConfigSection
  onJson: (resource: string) => void
}

/** Lines that only one of two proxies has, or that they have otherwise. */
export function DifferencesTable({ proxy, other, section, onJson }: DifferencesTableProps) {
  const { t } = useTranslation('proxies')
  const [search, setSearch] = usePageSearch(schema)
  const left = useQuery(proxyQueries.config(proxy, section))
  const right = useQuery(proxyQueries.config(other, section))
  const differences =
    left.data && right.data && compareRows(left.data.rows, right.data.rows).filter((each) => isTold(each, section))
  const program = programOf(section)
  const columns: DataColumn<RowDifference>[] = [
    {
      id: 'difference',
      title: t('compare.difference'),
      fixed: true,
      sortable: true,
      render: ({ kind }) => <StatusDot tone={TONES[kind]}>{t(`compare.${kind}`)}</StatusDot>,
    },
    ...SECTION_COLUMNS[section].map((column) => ({
      id: column,
      title: t(`columns.${column}`),
      sortable: true,
      render: (row: RowDifference) => <ComparedCell difference={row} column={column} />,
    })),
  ]
  return (
    <DataTable<RowDifference>
      id={`proxy-${section}-differences`}
      label={t('compare.title', { pod: other.pod })}
      columns={columns}
      query={{
        ...left,
        isPending: left.isPending || right.isPending,
        isFetching: left.isFetching || right.isFetching,
        isError: left.isError || right.isError,
        error: left.error ?? right.error,
        isPlaceholderData: false,
        data: differences && localPage(differences, search, readerOf(section)),
        refetch: () => Promise.all([left.refetch(), right.refetch()]),
      }}
      rowKey={(row) => sideOf(row).key}
      rowName={(row) => sideOf(row).key}
      rowActions={(row) =>
        section === 'bootstrap' || section === 'settings'
          ? []
          : [{ key: 'json', label: t('json.compare', { program }), onClick: () => onJson(sideOf(row).resource) }]
      }
      search={search}
      onSearch={setSearch}
      searchPlaceholder={t('searchRows')}
      live={false}
      empty={<EmptyState title={t('compare.same.title')}>{t('compare.same.what')}</EmptyState>}
    />
  )
}

const sideOf = (row: RowDifference) => (row.kind === 'only-right' ? row.right : row.left)

/** Each proxy has certificates of its own; another identity or another state of theirs is news. */
function isTold(row: RowDifference, section: ConfigSection): boolean {
  const own = OWN[section]
  return row.kind !== 'changed' || own === undefined || row.columns.some((column) => !own.includes(column))
}

function readerOf(section: ConfigSection): LocalReader<RowDifference> {
  return {
    sort: {
      difference: ({ kind }) => kind,
      ...Object.fromEntries(
        SECTION_COLUMNS[section].map((column) => [column, (row: RowDifference) => sideOf(row).cells[column]]),
      ),
    },
    texts: (row) =>
      [sideOf(row), row.kind === 'changed' ? row.right : sideOf(row)].flatMap(({ cells }) =>
        Object.values(cells).map(String),
      ),
  }
}

/** What a cell is here, and what it is there where that is something else. */
function ComparedCell({ difference, column }: { difference: RowDifference; column: string }) {
  const { t } = useTranslation('proxies')
  const cell = <ConfigCell column={column} value={sideOf(difference).cells[column]} />
  if (difference.kind !== 'changed' || !difference.columns.includes(column)) return cell
  return (
    <dl className="md-facts">
      <dt>{t('compare.here')}</dt>
      <dd>{cell}</dd>
      <dt>{t('compare.there')}</dt>
      <dd>
        <ConfigCell column={column} value={difference.right.cells[column]} />
      </dd>
    </dl>
  )
}
