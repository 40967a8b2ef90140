/**
 * PromQL is put together here and nowhere else, so that a value can never leave its quotes.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/
 */

export interface LabelMatcher {
  op: '=' | '!=' | '=~' | '!~'
  value: string
}

/** Matchers by label; a plain string means equality. */
export type LabelMatchers = Readonly<Record<string, string | LabelMatcher | undefined>>

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** A string literal of PromQL. Lone surrogates, which UTF-8 cannot hold, become U+FFFD as they would on the wire. */
export function quote(value: string): string {
  const escaped = value.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `"${escaped}"`
}

/** Takes the meaning out of every character that has one in RE2, as Go's regexp.QuoteMeta does. */
export function quoteRegex(value: string): string {
  return value.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`)
}

/** The label is one of these. Sorted, so that equal questions read alike. Throws RangeError on none: it would match all that lack the label. */
export function oneOf(values: Iterable<string>): LabelMatcher {
  return anyOf(values, '=', '=~')
}

/** The label is none of these; what lacks the label matches. Throws RangeError on none. */
export function noneOf(values: Iterable<string>): LabelMatcher {
  return anyOf(values, '!=', '!~')
}

/** The label begins so and goes on. */
export function startingWith(prefix: string): LabelMatcher {
  return { op: '=~', value: `${quoteRegex(prefix)}.+` }
}

/** The label matches this RE2 pattern, which must be a constant of ours. */
export function matching(pattern: string): LabelMatcher {
  return { op: '=~', value: pattern }
}

/** Throws RangeError when a name is not one that Prometheus knows. Labels whose matcher is undefined are left out. */
export function selector(metric: string, matchers: LabelMatchers = {}): string {
  if (!METRIC_NAME.test(metric)) throw new RangeError(`not a metric name: ${JSON.stringify(metric)}`)
  const parts = Object.entries(matchers).flatMap(([label, matcher]) => {
    if (!LABEL_NAME.test(label)) throw new RangeError(`not a label name: ${JSON.stringify(label)}`)
    if (matcher === undefined) return []
    const { op, value } = typeof matcher === 'string' ? { op: '=', value: matcher } : matcher
    return [`${label}${op}${quote(value)}`]
  })
  return `${metric}{${parts.join(',')}}`
}

/** Per-second rate of counters; several selectors are united by series. Throws RangeError on a window that is not whole seconds. */
export function rate(selectors: string | readonly string[], windowSeconds: number): string {
  if (!Number.isSafeInteger(windowSeconds) || windowSeconds < 1) {
    throw new RangeError(`not a window in seconds: ${windowSeconds}`)
  }
  return [selectors]
    .flat()
    .map((text) => `rate(${text}[${windowSeconds}s])`)
    .join(' or ')
}

/** Sum, by these labels when there are any. */
export function sumBy(labels: readonly string[], expression: string): string {
  for (const label of labels) if (!LABEL_NAME.test(label)) throw new RangeError(`not a label name: ${label}`)
  return labels.length === 0 ? `sum(${expression})` : `sum by (${labels.join(',')}) (${expression})`
}

/** The largest, by these labels. Throws RangeError as `sumBy`. */
export function maxBy(labels: readonly string[], expression: string): string {
  return sumBy(labels, expression).replace(/^sum/, 'max')
}

/** The largest of the series that differ in these labels only. Throws RangeError as `sumBy`. */
export function maxWithout(labels: readonly string[], expression: string): string {
  return sumBy(labels, expression).replace(/^sum by/, 'max without')
}

/** Each series once, where a store holds it several times and these labels tell the copies apart; as it is without any. */
export function withoutReplicas(replicas: readonly string[], expression: string): string {
  return replicas.length === 0 ? expression : maxWithout(replicas, expression)
}

/** Quantile 0–1 of summed buckets, which must have kept the label `le`. */
export function histogramQuantile(quantile: number, buckets: string): string {
  return `histogram_quantile(${quantile}, ${buckets})`
}

/**
 * Gives every element a label; with `when`, only those whose label matches that RE2 pattern, which must be a constant of
 * ours. Throws RangeError on what is no label.
 */
export function withLabel(
  expression: string,
  label: string,
  value: string,
  when: { label: string; pattern: string } | undefined = undefined,
): string {
  for (const name of [label, when?.label])
    if (name !== undefined && !LABEL_NAME.test(name)) throw new RangeError(`not a label name: ${name}`)
  // In a replacement a dollar refers to a group.
  const replacement = quote(value.replaceAll('$', '$$$$'))
  return `label_replace(${expression}, ${quote(label)}, ${replacement}, ${quote(when?.label ?? '')}, ${quote(when?.pattern ?? '')})`
}

/** Rates need four scrapes in their window to bear a missed one; never shorter than asked for. */
export function rateWindow(wantedSeconds: number, scrapeIntervalSeconds: number): number {
  return Math.ceil(Math.max(wantedSeconds, 4 * scrapeIntervalSeconds))
}

function anyOf(values: Iterable<string>, one: '=' | '!=', several: '=~' | '!~'): LabelMatcher {
  const distinct = [...new Set(values)].toSorted()
  const [first] = distinct
  if (first === undefined) throw new RangeError('a matcher needs at least one value')
  return distinct.length === 1 ? { op: one, value: first } : { op: several, value: distinct.map(quoteRegex).join('|') }
}
