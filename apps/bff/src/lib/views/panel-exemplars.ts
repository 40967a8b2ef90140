import type { MonitoringExemplar, MonitoringExemplars } from '@meshdeck/contract'
import { exemplarLabels, spreadExemplars, type PanelExemplars, type Reporter } from '@meshdeck/mesh/monitoring'
import type { SeriesExemplar } from '../prometheus/prometheus-answer.ts'
import { namespacesOf } from './panels.ts'

/** More points over a chart hide what is below them. */
const MOST_EXEMPLARS = 100

export interface ExemplarsShown {
  reporter: Reporter
  /** Unix seconds. */
  range: { from: number; to: number }
  visible: (namespace: string) => boolean
}

/**
 * What several servers say of a panel's exemplars as one, spread over the time. One trace stands once on a line, however many
 * servers and replicas tell of it. Those of namespaces that the reader may not see are counted and left out.
 */
export function toPanelExemplars(
  exemplars: PanelExemplars,
  parts: readonly { cluster: string; exemplars: readonly SeriesExemplar[] }[],
  { reporter, range, visible }: ExemplarsShown,
): Pick<MonitoringExemplars, 'exemplars' | 'total' | 'hidden'> {
  const found = new Map<string, Required<MonitoringExemplar>>()
  for (const { cluster, exemplars: told } of parts)
    for (const { metric, at, value, traceId } of told) {
      const labels = exemplarLabels(exemplars, metric, reporter)
      const named = parts.length > 1 && exemplars.by.length > 0 ? { ...labels, cluster } : labels
      const key = JSON.stringify([traceId, labels])
      if (!found.has(key)) found.set(key, { at, value, traceId, labels: named })
    }
  const shown = [...found.values()].filter(({ labels }) => namespacesOf(labels).every(visible))
  return {
    exemplars: spreadExemplars(shown, range, MOST_EXEMPLARS).map(({ value, ...rest }) =>
      exemplars.valued ? { ...rest, value } : rest,
    ),
    total: shown.length,
    hidden: found.size - shown.length,
  }
}
