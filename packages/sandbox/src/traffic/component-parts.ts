/** How series of programs' own metrics are made: from their moment alone, so that they are the same for whoever asks. */
import type { Labels } from '../promql/series-source.ts'
import type { ComponentMetric, ComponentPart } from './component-metrics.ts'
import type { Run } from './container-usage.ts'
import { latencyShareBelow } from './latency.ts'
import { volumeAt } from './volume.ts'

/** What happens `perSecond` on the average since a container began, in whole events. */
export function counted({ from }: Run, perSecond: number): ComponentPart['valueAt'] {
  return (timeMs) => Math.floor((volumeAt(timeMs / 1_000) - volumeAt(from / 1_000)) * perSecond)
}

/** A gauge or counter of one series. */
export function single(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  valueAt: (context: Parameters<ComponentMetric['parts']>[0]) => ComponentPart['valueAt'],
): ComponentMetric {
  return { name, type, help, parts: (context) => [{ valueAt: valueAt(context) }] }
}

/** A counter of one series for each value of its labels, with its share of the events. */
export function split(
  name: string,
  help: string,
  series: readonly (readonly [labels: Labels, perSecond: number])[],
  factor: (context: Parameters<ComponentMetric['parts']>[0]) => number = () => 1,
): ComponentMetric {
  return {
    name,
    type: 'counter',
    help,
    parts: (context) =>
      series.map(([labels, perSecond]) => ({ labels, valueAt: counted(context.run, perSecond * factor(context)) })),
  }
}

export interface Spread {
  readonly median: number
  readonly p99: number
}

/** Buckets, sum and count of what happens so often and takes so long, or is so large. */
export function histogramParts(
  run: Run,
  bounds: readonly number[],
  perSecond: number,
  spread: Spread,
  labels: Labels = {},
): readonly ComponentPart[] {
  const events = counted(run, perSecond)
  return [
    ...bounds.map((bound) => ({
      suffix: '_bucket',
      labels: { ...labels, le: String(bound) },
      valueAt: (timeMs: number) => Math.floor(events(timeMs) * latencyShareBelow(spread, bound)),
    })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, valueAt: events },
    { suffix: '_count', labels, valueAt: events },
    { suffix: '_sum', labels, valueAt: (timeMs) => events(timeMs) * spread.median * 1.3 },
  ]
}

/** Tag of an image; `unknown` when it has none. */
export function tagOf({ image }: Run): string {
  return /:([^/:@]+)(?:@|$)/.exec(image)?.[1] ?? 'unknown'
}
