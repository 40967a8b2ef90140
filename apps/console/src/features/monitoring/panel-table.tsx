import type { MonitoringSeries } from '@meshdeck/contract'
import type { Panel } from '@meshdeck/mesh/monitoring'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePageSearch } from '../../lib/search-params.ts'
import { keptSearch, monitoringSearch } from './monitoring-search.ts'
import { usePrintUnit } from './print-unit.ts'
import { sortedBy, toFigureTable, type FigureRow } from './table-rows.ts'

export interface PanelTableProps {
  panel: Panel
  title: string
  series: readonly MonitoringSeries[]
}

/** Workloads with their figures now; a name leads to its own dashboard. */
export function PanelTable({ panel, title, series }: PanelTableProps) {
  const { t } = useTranslation('monitoring')
  const printUnit = usePrintUnit()
  const { columns, rows } = useMemo(() => toFigureTable(panel, series), [panel, series])
  const [sort, setSort] = useState({ column: columns[0]?.id ?? '', descending: true })
  const sorted = useMemo(() => sortedBy(rows, sort.column, sort.descending), [rows, sort])
  const withCluster = rows.some(({ labels }) => labels['cluster'] !== undefined)
  return (
    <div className="md-panel-rows" role="region" aria-label={t('table', { title })}>
      <table className="md-plain-table">
        <thead>
          <tr>
            <th scope="col">{t('columns.workload')}</th>
            <th scope="col">{t('columns.service')}</th>
            {withCluster && (
              <th scope="col" className="md-panel-words">
                {t('glossary:cluster')}
              </th>
            )}
            {columns.map(({ id, query, quantile }) => {
              const current = sort.column === id
              return (
                <th
                  key={id}
                  scope="col"
                  aria-sort={current ? (sort.descending ? 'descending' : 'ascending') : undefined}
                >
                  <button
                    type="button"
                    onClick={() => setSort({ column: id, descending: current ? !sort.descending : true })}
                  >
                    {quantile ?? capitalized(t(`series.${query}`))}
                    <span aria-hidden>{current ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <WorkloadName row={row} />
              </th>
              <td>
                <ServiceName row={row} />
              </td>
              {withCluster && <td className="md-panel-words">{row.labels['cluster']}</td>}
              {columns.map(({ id, unit }) => {
                const value = row.figures.get(id)
                return <td key={id}>{value === undefined ? '–' : printUnit(unit)(value)}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function WorkloadName({ row: { labels } }: { row: FigureRow }) {
  const { t } = useTranslation('monitoring')
  const { mesh } = useMeshScope()
  const [search] = usePageSearch(monitoringSearch)
  const [name = 'unknown', namespace = 'unknown'] = [
    labels['destination_workload'],
    labels['destination_workload_namespace'],
  ]
  if (name === 'unknown' || namespace === 'unknown') return t('unknownWorkload')
  return (
    <AppLink
      place={places.monitoring(mesh, 'workloads', { ...keptSearch(search), namespace, name })}
    >{`${name}.${namespace}`}</AppLink>
  )
}

function ServiceName({ row: { labels } }: { row: FigureRow }) {
  const { mesh } = useMeshScope()
  const [search] = usePageSearch(monitoringSearch)
  const host = labels['destination_service'] ?? ''
  const [, name, namespace] = /^([^.]+)\.([^.]+)\.svc\./.exec(host) ?? []
  if (name === undefined || namespace === undefined) return host
  return (
    <AppLink
      place={places.monitoring(mesh, 'services', { ...keptSearch(search), namespace, name })}
    >{`${name}.${namespace}`}</AppLink>
  )
}
