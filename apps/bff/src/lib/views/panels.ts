import type { MonitoringPanel, MonitoringSeries } from '@meshdeck/contract'
import type { Panel, PanelQuery } from '@meshdeck/mesh/monitoring'
import type { QueryAnswer } from '../prometheus/panel-answers.ts'
import type { Matrix, Points } from '../prometheus/prometheus-answer.ts'
import { sumPoints } from './mesh-figures.ts'

/** More lines than that in a chart tell nothing. */
const MOST_SERIES = 50
/** Of a table. */
const MOST_ROWS = 200

/** What one Prometheus said of a panel, and the name of the cluster that it said it of. */
export interface PanelPart {
  cluster: string
  answers: readonly QueryAnswer[]
}

/**
 * What several servers say of a panel as one. A figure and a heat map are added up; lines and rows stay apart, told by the
 * label `cluster`. Series of namespaces that the reader may not see are counted and left out, then the most weighty are kept.
 */
export function toPanelSeries(
  panel: Panel,
  parts: readonly PanelPart[],
  visible: (namespace: string) => boolean,
): Pick<MonitoringPanel, 'series' | 'total' | 'hidden' | 'warnings'> {
  const merged = panel.queries.flatMap((query) => seriesOf(panel, query, parts))
  const shown = merged.filter(({ labels }) => namespacesOf(labels).every(visible))
  return {
    series: heaviest(shown, panel.chart === 'table' ? MOST_ROWS : MOST_SERIES),
    total: shown.length,
    hidden: merged.length - shown.length,
    warnings: [...new Set(parts.flatMap(({ answers }) => answers.flatMap(({ warnings }) => warnings)))],
  }
}

/** Namespaces that the labels of a series speak of. */
export function namespacesOf(labels: Readonly<Record<string, string>>): string[] {
  const host = /^[^.]+\.([^.]+)\.svc\./.exec(labels['destination_service'] ?? '')?.[1]
  return [labels['source_workload_namespace'], labels['destination_workload_namespace'], host].flatMap((namespace) =>
    namespace === undefined || namespace === '' || namespace === 'unknown' ? [] : [namespace],
  )
}

function seriesOf({ chart }: Panel, query: PanelQuery, parts: readonly PanelPart[]): MonitoringSeries[] {
  const own = parts.flatMap(({ cluster, answers }) =>
    answers
      .filter((answer) => answer.query.id === query.id)
      .map((answer) => ({ cluster, series: answer.series, over: answer.over })),
  )
  if (chart === 'number' || chart === 'heatmap') {
    const sums = addedUp(own.flatMap(({ series }) => series))
    const whole = query.over && addedUp(own.flatMap(({ over = [] }) => over))[0]?.points
    return sums.map(({ metric, points }) => ({
      query: query.id,
      labels: metric,
      points: whole === undefined ? points : sharesOf(points, whole),
    }))
  }
  return own.flatMap(({ cluster, series }) =>
    series.map(({ metric, points }) => ({
      query: query.id,
      labels: parts.length > 1 ? { ...metric, cluster } : metric,
      points,
    })),
  )
}

/** Series of the same labels as one. */
function addedUp(series: Matrix['series']): Matrix['series'] {
  const groups = Map.groupBy(series, ({ metric }) => JSON.stringify(Object.entries(metric).toSorted()))
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ metric: first.metric, points: sumPoints([first, ...others].map(({ points }) => points)) }],
  )
}

/** Where there is nothing to be a part of, there is no share. */
function sharesOf(part: Points, whole: Points): Points {
  const by = new Map(whole)
  return part.flatMap(([at, value]) => {
    const all = by.get(at)
    return all === undefined || all === 0 ? [] : [[at, value / all]]
  })
}

/** Of more series than wanted those that sum up to most; quantiles of one thing stay together. Of equal ones by name. */
export function heaviest<Series extends Pick<MonitoringSeries, 'labels' | 'points'>>(
  series: readonly Series[],
  most: number,
): Series[] {
  if (series.length <= most) return [...series]
  const byThing = Map.groupBy(series, ({ labels }) => JSON.stringify({ ...labels, quantile: undefined }))
  const weigh = (group: readonly Series[]): number =>
    Math.max(...group.map(({ points }) => points.reduce((sum, [, value]) => sum + Math.abs(value), 0)))
  const ordered = [...byThing]
    .map(([name, group]) => ({ name, group, weight: weigh(group) }))
    .toSorted((a, b) => b.weight - a.weight || a.name.localeCompare(b.name))
  const kept: Series[] = []
  for (const { group } of ordered) {
    if (kept.length + group.length > most) break
    kept.push(...group)
  }
  return kept
}
