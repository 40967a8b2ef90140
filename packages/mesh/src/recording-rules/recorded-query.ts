import { oneOf, quote, selector } from '../promql/promql.ts'
import {
  RECORDED_EVERY_SECONDS,
  RECORDED_METRICS,
  RECORDED_WINDOW_SECONDS,
  RECORDING_MARKER,
  RECORDING_VERSION,
  type RecordedMetric,
} from './pack.ts'

/** A query over recorded rates in place of the proxies' counters. */
export interface RecordedQuery {
  promql: string
  /** How far back from its moment it reads recorded series. */
  reachSeconds: number
}

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`
/** As `rate` and `selector` write it; a brace or a bracket inside of a text does not count. */
const RATE = new RegExp(String.raw`\brate\(([a-zA-Z_:][\w:]*)\{((?:${TEXT}|[^"{}])*)\}\[(\d+)s\]\)`, 'g')
const TEXTS = new RegExp(TEXT, 'g')
/** As `withLabel` writes the end of it: the label that the value is taken from, and its pattern. */
const REPLACED = new RegExp(String.raw`, (${TEXT}), ${TEXT}\)`, 'g')
const MATCHED = /([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)/g
const GROUPED = /\bby \(([^)]*)\)/g

const metrics = new Map<string, RecordedMetric>(RECORDED_METRICS.map((each) => [each.metric, each]))

/**
 * The same query over what the recording rules keep, or undefined where they do not keep all that it asks by: another
 * label, or a window that is not a multiple of theirs. Only for queries of our own making (`promql.ts`), which add rates
 * up by labels: a rate that stood alone would lose the labels of its pods.
 */
export function recordedQuery(promql: string): RecordedQuery | undefined {
  const rates = [...promql.matchAll(RATE)].flatMap(([, metric = '', matchers = '', window]) => {
    const known = metrics.get(metric)
    return known === undefined ? [] : [{ known, matchers, window: Number(window) }]
  })
  if (rates.length === 0) return undefined
  const asked = labelsOf(promql)
  for (const { known, matchers, window } of rates) {
    const needed = [...asked, ...[...matchers.replaceAll(TEXTS, '').matchAll(MATCHED)].map(([, label = '']) => label)]
    if (window % RECORDED_WINDOW_SECONDS !== 0 || needed.some((label) => !known.labels.includes(label)))
      return undefined
  }
  return {
    promql: promql.replaceAll(RATE, (whole: string, metric: string, matchers: string, window: string) => {
      const known = metrics.get(metric)
      return known === undefined ? whole : ratesOf(`${known.name}{${matchers}}`, Number(window))
    }),
    reachSeconds: Math.max(...rates.map(({ window }) => window)),
  }
}

/** Labels that a query groups by or takes values from. */
function labelsOf(promql: string): string[] {
  const grouped = [...promql.replaceAll(TEXTS, '').matchAll(GROUPED)].flatMap(([, list = '']) => list.split(','))
  const replaced = promql.includes('label_replace(')
    ? [...promql.matchAll(REPLACED)].map(([, text = '""']) => text.slice(1, -1))
    : []
  return [...grouped, ...replaced].map((label) => label.trim()).filter((label) => label !== '')
}

/**
 * Rates over a longer window are the mean of those recorded in it. Series that were not there all the time count for the
 * time that they were, so it is their sum over the number of evaluations. A window one second shorter holds exactly that
 * many, whether its edges belong to it (Prometheus 2) or not (3).
 */
function ratesOf(recorded: string, window: number): string {
  if (window === RECORDED_WINDOW_SECONDS) return recorded
  return `(sum_over_time(${recorded}[${window - 1}s]) / ${window / RECORDED_EVERY_SECONDS})`
}

/** How often the rules were evaluated in so many seconds; nothing when they no longer are. */
export function coverageQuery(seconds: number): string {
  const marker = selector(RECORDING_MARKER, { version: RECORDING_VERSION })
  return `max(count_over_time(${marker}[${seconds}s])) and max(count_over_time(${marker}[${4 * RECORDED_EVERY_SECONDS}s])) > 1`
}

/** Whether so many evaluations are enough for as many seconds: one in twenty may be missing, and one at each end. */
export function isCovered(evaluations: number, seconds: number): boolean {
  return evaluations >= (seconds / RECORDED_EVERY_SECONDS) * 0.95 - 2
}

/** When the marker was last recorded, as a moment, whatever its version. */
export const LAST_RECORDED = `max(timestamp(${selector(RECORDING_MARKER)}))`

/** How many series there are now: the proxies' own, and what is recorded of them. */
export const SERIES_COUNTS = {
  raw: `count(${allOf(({ metric }) => metric)})`,
  recorded: `count(${allOf(({ name }) => name)})`,
}

function allOf(nameOf: (each: RecordedMetric) => string): string {
  const { op, value } = oneOf(RECORDED_METRICS.map(nameOf))
  return `{__name__${op}${quote(value)}}`
}
