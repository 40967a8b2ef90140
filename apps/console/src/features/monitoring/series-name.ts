import type { MonitoringSeries } from '@meshdeck/contract'
import type { Panel } from '@meshdeck/mesh/monitoring'

/** Words that a name needs. */
export interface SeriesWords {
  query: (id: string) => string
  secured: string
  plain: string
}

const SERVICE_SUFFIX = /\.svc\..+$/
/** Labels that are said by others of the same series. */
const SILENT: ReadonlySet<string> = new Set([
  'connection_security_policy',
  'source_workload_namespace',
  'destination_workload_namespace',
])

/** What a line is called: its labels in short, the query's name where labels do not tell it from others. */
export function seriesName(panel: Panel, { query, labels }: MonitoringSeries, words: SeriesWords): string {
  const parts = Object.entries(labels).flatMap(([label, value]) => {
    if (SILENT.has(label) || value === '') return []
    const namespace = labels[`${label}_namespace`]
    if (namespace !== undefined && namespace !== 'unknown') return [`${value}.${namespace}`]
    return [label === 'destination_service' ? value.replace(SERVICE_SUFFIX, '') : value]
  })
  const security = labels['connection_security_policy']
  if (security === 'mutual_tls') parts.push(words.secured)
  if (security === 'none') parts.push(words.plain)
  return [...(panel.queries.length > 1 || parts.length === 0 ? [words.query(query)] : []), ...parts].join(' · ')
}
