import { readSelectors, type ReadSelector } from './read-selectors.ts'
import type { SeriesCounts } from './series-counts.ts'

/** What a query would read, at most, as far as the store tells. */
export interface QueryCost {
  series: number
  /** As Prometheus counts them (`totalQueryableSamples`): over all points of the answer. */
  samples: number
  /** The metric that most of them are of, where it is named. */
  heaviest: string | undefined
}

/**
 * Series × points of the answer × samples in the window. A part of which the store tells nothing counts as nothing;
 * undefined where that is all of it, or where the text is no query. `counted` has series of selectors by their text.
 */
export function queryCost(
  promql: string,
  points: number,
  counts: SeriesCounts,
  scrapeSeconds: number,
  counted: ReadonlyMap<string, number> = new Map(),
): QueryCost | undefined {
  const selectors = readSelectors(promql)
  if (selectors === undefined) return undefined
  const parts = selectors.flatMap((selector) => {
    const series = counted.get(selector.text) ?? seriesOf(selector, counts)
    if (series === undefined) return []
    const inWindow = Math.max(1, selector.windowSeconds / scrapeSeconds)
    return [{ metric: selector.metric, series, samples: series * points * selector.times * inWindow }]
  })
  if (parts.length === 0) return undefined
  const [heaviest] = parts.toSorted((a, b) => b.samples - a.samples)
  return {
    series: parts.reduce((sum, { series }) => sum + series, 0),
    samples: Math.round(parts.reduce((sum, { samples }) => sum + samples, 0)),
    heaviest: heaviest?.metric,
  }
}

/** The least of all that bounds it. */
function seriesOf({ metric, labels }: ReadSelector, counts: SeriesCounts): number | undefined {
  const named = metric === undefined ? counts.all : counts.ofMetric(metric)
  const bounds = labels.map(({ name, values }) => {
    const each = values.map((value) => counts.ofLabel(name, value))
    return each.every((count) => count !== undefined) ? each.reduce((sum, count) => sum + count, 0) : undefined
  })
  const known = [named, ...bounds].filter((bound) => bound !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** More would be a burden of its own. */
const MOST_SELECTORS = 24

/**
 * Selectors whose series are worth counting, since the store's status does not tell how few of a metric they choose; none
 * where counting would not change an estimate, or would itself ask too much.
 */
export function selectorsToCount(promql: string): string[] {
  const texts = [...new Set((readSelectors(promql) ?? []).map(({ text }) => text))]
  return texts.length > MOST_SELECTORS ? [] : texts.filter((text) => text.includes('{'))
}
