import Button from 'antd/es/button'
import Table from 'antd/es/table'
import type { ColumnType } from 'antd/es/table'
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PAGE_SIZES, type ListSearch } from '../lib/list-search.ts'
import { usePreferences } from '../lib/preferences.tsx'
import type { SetSearch } from '../lib/search-params.ts'
import { useStyle } from '../lib/use-style.ts'
import { ColumnSettings } from './column-settings.tsx'
import css from './data-table.css?inline'
import { Freshness } from './freshness.tsx'
import { RowMenu, type RowAction } from './row-menu.tsx'
import { SearchBox } from './search-box.tsx'
import { ErrorState, LoadingState } from './states.tsx'

export interface DataColumn<Row> {
  /** Also the sort key that the server knows, and the key of preferences. */
  id: string
  title: string
  render: (row: Row) => ReactNode
  /** The server can sort by it. */
  sortable?: boolean
  /** Stays when columns are chosen. */
  fixed?: boolean
  width?: number
}

/** One page of a list, as every list route of the BFF answers. */
export interface RowPage<Row> {
  items: readonly Row[]
  total: number
  all: number
}

/** What the table needs of a query's result; the data may have been paged in the browser. */
export interface PageQuery<Row> {
  data: RowPage<Row> | undefined
  error: Error | null
  isPending: boolean
  isError: boolean
  isFetching: boolean
  isPlaceholderData: boolean
  dataUpdatedAt: number
  refetch: () => unknown
}

export interface DataTableProps<Row> {
  /** Names the table in the user's preferences. */
  id: string
  label: string
  columns: readonly DataColumn<Row>[]
  query: PageQuery<Row>
  rowKey: (row: Row) => string
  search: ListSearch
  onSearch: SetSearch<ListSearch>
  searchPlaceholder: string
  /** Whether changes come by themselves, which is said beside the count; true by default. */
  live?: boolean
  /** Filters, left of the search. */
  filters?: ReactNode
  /** Shown when there is nothing at all; filters that match nothing have words of their own. */
  empty: ReactNode
  rowActions?: (row: Row) => RowAction[]
  rowName?: (row: Row) => string
  /** Actions on ticked rows; without it rows cannot be ticked. */
  batch?: (rows: readonly Row[], clear: () => void) => ReactNode
  /** Clears the page's own filters together with the search. */
  onClearFilters?: () => void
}

/** A list: filters, search, freshness, table with paging and sorting by the server, column choice, row menu, batch bar, and its states. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  useStyle(css)
  const { t } = useTranslation()
  const { id, query, search, onSearch } = props
  const [preferences] = usePreferences()
  const [ticked, setTicked] = useState<readonly string[]>([])
  const hidden = preferences.hiddenColumns[id] ?? []
  const page = query.data
  const rows = page?.items ?? []
  const tickedRows = rows.filter((row) => ticked.includes(props.rowKey(row)))
  const filtered = page !== undefined && page.total === 0 && page.all > 0
  // The last row of the last page was deleted, or the link is old.
  const lastPage = Math.max(1, Math.ceil((page?.total ?? 0) / search.pageSize))
  const beyond = page !== undefined && !query.isPlaceholderData && rows.length === 0 && search.page > lastPage
  const turnBack = useEffectEvent(() => onSearch({ page: lastPage }, { replace: true }))
  useEffect(() => {
    if (beyond) turnBack()
  }, [beyond])

  const columns: ColumnType<Row>[] = props.columns
    .filter((column) => column.fixed || !hidden.includes(column.id))
    .map((column) => ({
      key: column.id,
      title: column.title,
      render: (_: unknown, row: Row) => column.render(row),
      ...(column.width === undefined ? {} : { width: column.width }),
      ...(column.sortable
        ? {
            sorter: true,
            showSorterTooltip: false,
            sortOrder: search.sort === column.id ? 'ascend' : search.sort === `-${column.id}` ? 'descend' : null,
          }
        : {}),
    }))
  const { rowActions } = props
  if (rowActions) {
    columns.push({
      key: '-menu',
      width: 52,
      fixed: 'right',
      title: <span className="md-visually-hidden">{t('list.actions')}</span>,
      render: (_: unknown, row: Row) => (
        <RowMenu actions={rowActions(row)} name={props.rowName?.(row) ?? props.rowKey(row)} />
      ),
    })
  }

  return (
    <section className="md-card md-list" aria-label={props.label}>
      <div className="md-list-toolbar">
        {props.filters}
        <SearchBox
          value={search.search}
          placeholder={props.searchPlaceholder}
          onChange={(text) => onSearch({ search: text, page: 1 }, { replace: true })}
        />
        <div className="md-list-end">
          <Freshness query={query} total={page?.total} all={page?.all} live={props.live ?? true} />
          <ColumnSettings tableId={id} columns={props.columns} />
        </div>
      </div>
      {tickedRows.length > 0 && props.batch && (
        <div className="md-list-batch" role="status">
          <span>{t('list.ticked', { count: tickedRows.length })}</span>
          {props.batch(tickedRows, () => setTicked([]))}
          <Button type="link" size="small" onClick={() => setTicked([])}>
            {t('list.untick')}
          </Button>
        </div>
      )}
      {query.isPending ? (
        <LoadingState rows={8} />
      ) : page === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : page.all === 0 ? (
        props.empty
      ) : (
        <Table<Row>
          size="middle"
          dataSource={[...rows]}
          columns={columns}
          rowKey={props.rowKey}
          scroll={{ x: 'max-content' }}
          className={query.isPlaceholderData ? 'md-list-stale' : ''}
          locale={{
            emptyText: filtered ? (
              <NoMatch onClear={props.onClearFilters ?? (() => onSearch({ search: '', page: 1 }))} />
            ) : undefined,
          }}
          {...(props.batch
            ? { rowSelection: { selectedRowKeys: [...ticked], onChange: (keys) => setTicked(keys.map(String)) } }
            : {})}
          pagination={{
            current: search.page,
            pageSize: search.pageSize,
            total: page.total,
            pageSizeOptions: [...PAGE_SIZES],
            showSizeChanger: true,
            hideOnSinglePage: page.total <= Math.min(...PAGE_SIZES),
            size: 'small',
          }}
          onChange={(paging, _filters, sorter, { action }) => {
            const by = Array.isArray(sorter) ? sorter[0] : sorter
            if (action === 'sort')
              onSearch({
                sort: by?.order === 'descend' ? `-${String(by.columnKey)}` : String(by?.columnKey ?? 'name'),
                page: 1,
              })
            else
              onSearch({
                page: paging.pageSize === search.pageSize ? (paging.current ?? 1) : 1,
                pageSize: paging.pageSize ?? search.pageSize,
              })
          }}
        />
      )}
    </section>
  )
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="md-state">
      <h2>{t('list.noMatch')}</h2>
      <Button onClick={onClear}>{t('list.clearFilters')}</Button>
    </div>
  )
}
