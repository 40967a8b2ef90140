import DownloadOutlined from '@ant-design/icons/es/icons/DownloadOutlined'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Table from 'antd/es/table'
import type { ColumnType } from 'antd/es/table'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSearch } from '../../lib/search-params.ts'
import { toCsv } from './csv.ts'
import { downloadText } from './download.ts'
import type { Found, GraphIndex } from './graph-index.ts'
import {
  EDGE_FILE,
  EDGE_SORTS,
  NODE_FILE,
  NODE_SORTS,
  edgeRows,
  nodeRows,
  sortRows,
  type CellReaders,
} from './table-rows.ts'
import type { TopologySearch } from './topology-search.ts'
import { useEdgeColumns, useNodeColumns, type TableColumn } from './table-columns.tsx'

export interface TopologyTableProps {
  graph: GraphIndex
  found: Found | undefined
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  onSelect: (id: string) => void
  fileName: string
}

const PAGE_SIZE = 100

/** The graph as tables: the same filters, the same numbers, for keyboards, screen readers and spreadsheets. */
export function TopologyTable({ graph, found, search, onSearch, onSelect, fileName }: TopologyTableProps) {
  const { t } = useTranslation('topology')
  const { at, window, latency } = graph.topology
  const edges = useMemo(() => sortRows(edgeRows(graph, found), search.sort, EDGE_SORTS), [graph, found, search.sort])
  const nodes = useMemo(() => sortRows(nodeRows(graph, found), search.sort, NODE_SORTS), [graph, found, search.sort])
  const edgeColumns = useEdgeColumns(graph, onSelect)
  const nodeColumns = useNodeColumns(graph, onSelect)
  const constants = { at: new Date(at * 1000).toISOString(), window_seconds: window, latency_statistic: latency }
  const handleExport = () => {
    const text = search.rows === 'edges' ? toCsv(edges, EDGE_FILE, constants) : toCsv(nodes, NODE_FILE, constants)
    // The mark tells spreadsheets that it is UTF-8.
    downloadText(`${fileName}-${search.rows}.csv`, `\uFEFF${text}`, 'text/csv;charset=utf-8')
  }
  return (
    <div className="md-topology-table">
      <div className="md-topology-table-bar">
        <Segmented
          value={search.rows}
          aria-label={t('table.rows')}
          options={[
            { value: 'edges', label: t('table.edges', { count: edges.length }) },
            { value: 'nodes', label: t('table.nodes', { count: nodes.length }) },
          ]}
          onChange={(rows) => onSearch({ rows: rows === 'nodes' ? 'nodes' : 'edges', sort: '-rate' })}
        />
        <Button icon={<DownloadOutlined />} onClick={handleExport}>
          {t('table.export')}
        </Button>
      </div>
      {search.rows === 'edges' ? (
        <SortedTable
          key="edges"
          label={t('table.edgesLabel')}
          rows={edges}
          columns={edgeColumns}
          sorts={EDGE_SORTS}
          sort={search.sort}
          selected={search.selected}
          onSearch={onSearch}
        />
      ) : (
        <SortedTable
          key="nodes"
          label={t('table.nodesLabel')}
          rows={nodes}
          columns={nodeColumns}
          sorts={NODE_SORTS}
          sort={search.sort}
          selected={search.selected}
          onSearch={onSearch}
        />
      )}
    </div>
  )
}

interface SortedTableProps<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly TableColumn<Row>[]
  sorts: CellReaders<Row>
  sort: string
  selected: string
  onSearch: SetSearch<TopologySearch>
}

function SortedTable<Row extends { id: string }>({
  label,
  rows,
  columns,
  sorts,
  sort,
  selected,
  onSearch,
}: SortedTableProps<Row>) {
  const shown = columns.map(({ id, title, render, number }): ColumnType<Row> => ({
    key: id,
    title,
    render: (_: unknown, row: Row) => render(row),
    align: number ? 'right' : 'left',
    ...(sorts[id] && {
      sorter: true,
      showSorterTooltip: false,
      sortOrder: sort === id ? 'ascend' : sort === `-${id}` ? 'descend' : null,
    }),
    // Large numbers first is what people look for.
    ...(number && { sortDirections: ['descend', 'ascend'] }),
  }))
  return (
    <Table<Row>
      size="small"
      aria-label={label}
      rowKey="id"
      dataSource={[...rows]}
      columns={shown}
      scroll={{ x: 'max-content' }}
      rowClassName={({ id }) => (id === selected ? 'md-topology-row-selected' : '')}
      pagination={{ pageSize: PAGE_SIZE, showSizeChanger: false, hideOnSinglePage: true, size: 'small' }}
      onChange={(_paging, _filters, sorter, { action }) => {
        const by = Array.isArray(sorter) ? sorter[0] : sorter
        if (action === 'sort')
          onSearch(
            {
              sort:
                by?.order === undefined || by.order === null
                  ? ''
                  : `${by.order === 'descend' ? '-' : ''}${String(by.columnKey)}`,
            },
            { replace: true },
          )
      }}
    />
  )
}
