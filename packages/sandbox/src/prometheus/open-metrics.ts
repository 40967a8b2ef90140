import { formatValue } from '../promql/literals.ts'
import type { SeriesSource } from '../promql/series-source.ts'

/**
 * All samples of an interval as OpenMetrics text, which `promtool tsdb create-blocks-from openmetrics` takes. Every
 * metric is of unknown type, so that its name stays as it is.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function renderOpenMetrics(source: SeriesSource, fromMs: number, toMs: number): string {
  const families = new Map<string, string[]>()
  for (const { labels, samples } of source.select([], fromMs, toMs)) {
    const { __name__: name = '', ...rest } = labels
    const pairs = Object.entries(rest).map(([label, value]) => `${label}="${escaped(value)}"`)
    const lines = families.get(name) ?? []
    families.set(name, lines)
    const { timestamps, values } = samples(fromMs, toMs)
    for (const [index, timestamp] of timestamps.entries()) {
      lines.push(`${name}{${pairs.join(',')}} ${formatValue(values[index] ?? 0)} ${timestamp / 1_000}`)
    }
  }
  const text = [...families].map(([name, lines]) => `# TYPE ${name} unknown\n${lines.join('\n')}\n`)
  return `${text.join('')}# EOF\n`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
