import type { MonitoringSeries } from '@meshdeck/contract'
import type { Panel, Unit } from '@meshdeck/mesh/monitoring'

/** A column of figures: a query, or one quantile of it. */
export interface FigureColumn {
  id: string
  query: string
  quantile?: string
  unit: Unit
}

export interface FigureRow {
  key: string
  labels: Readonly<Record<string, string>>
  /** By column. */
  figures: ReadonlyMap<string, number>
}

/** Puts the single points of a table's queries into rows of the same labels. */
export function toFigureTable(
  { queries, unit }: Panel,
  series: readonly MonitoringSeries[],
): { columns: FigureColumn[]; rows: FigureRow[] } {
  const columns = queries.flatMap(({ id, unit: own = unit }): FigureColumn[] => {
    const quantiles = new Set(series.flatMap(({ query, labels }) => (query === id ? (labels['quantile'] ?? []) : [])))
    return quantiles.size === 0
      ? [{ id, query: id, unit: own }]
      : [...quantiles].toSorted().map((quantile) => ({ id: `${id} ${quantile}`, query: id, quantile, unit: own }))
  })
  const rows = new Map<string, { labels: Record<string, string>; figures: Map<string, number> }>()
  for (const { query, labels, points } of series) {
    const rest = Object.fromEntries(Object.entries(labels).filter(([name]) => name !== 'quantile'))
    const key = JSON.stringify(Object.entries(rest).toSorted())
    const row = rows.get(key) ?? { labels: rest, figures: new Map<string, number>() }
    rows.set(key, row)
    const column = columns.find((each) => each.query === query && each.quantile === labels['quantile'])
    const value = points.at(-1)?.[1]
    if (column !== undefined && value !== undefined) row.figures.set(column.id, value)
  }
  return { columns, rows: [...rows].map(([key, row]) => ({ key, ...row })) }
}

/** Rows by a column of figures, the largest first or last; what has no figure stands at the end. */
export function sortedBy(rows: readonly FigureRow[], column: string, descending: boolean): FigureRow[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [a.figures.get(column), b.figures.get(column)]
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
    return sign * (left - right) || a.key.localeCompare(b.key)
  })
}
