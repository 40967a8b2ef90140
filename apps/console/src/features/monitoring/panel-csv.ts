import type { MonitoringPanel } from '@meshdeck/contract'
import { printCsv, type CsvCell } from '../../lib/csv.ts'

/** All points of a panel, one row each with all labels, for whatever reads tables. Times are RFC 3339 in UTC. */
export function panelCsv({ series }: MonitoringPanel): string {
  const labels = [...new Set(series.flatMap((each) => Object.keys(each.labels)))].toSorted()
  const rows = series.flatMap((each) =>
    each.points.map(([at, value]): CsvCell[] => [
      new Date(at * 1000).toISOString(),
      each.query,
      ...labels.map((label) => each.labels[label]),
      value,
    ]),
  )
  return printCsv([['time', 'query', ...labels, 'value'], ...rows])
}
