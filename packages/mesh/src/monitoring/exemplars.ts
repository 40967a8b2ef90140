import { selector } from '../promql/promql.ts'
import { SECURITY_LABEL, type Selections } from './expressions.ts'
import type { PanelExemplars, Reporter, Variables } from './panel.ts'

/** One traced request. */
export interface Exemplar {
  /** Unix seconds, with a fraction. */
  at: number
  value: number
  traceId: string
}

/** The selectors of some traffic's series of a metric. */
export function selectorsOf(metric: string, of: (variables: Variables) => Selections): PanelExemplars['promql'] {
  return (variables) =>
    of(variables)
      .map((matchers) => selector(metric, matchers))
      .join(' or ')
}

/**
 * The labels that a panel's lines are told apart by, out of those of a scraped series: mutual TLS is found as the panels'
 * queries find it (`withSecurity`).
 */
export function exemplarLabels(
  { by, reporter: only }: PanelExemplars,
  series: Readonly<Record<string, string>>,
  chosen: Reporter,
): Record<string, string> {
  const known = (only ?? chosen) === 'source' && series['destination_principal']?.startsWith('spiffe') === true
  const labels: Readonly<Record<string, string>> = known ? { ...series, [SECURITY_LABEL]: 'mutual_tls' } : series
  return Object.fromEntries(
    by.flatMap((name) => {
      const value = labels[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/**
 * At most so many, spread over the time (unix seconds): as many stretches as there may be exemplars, and of each the ones with the
 * largest values first. In the order of time.
 */
export function spreadExemplars<One extends Exemplar>(
  all: readonly One[],
  { from, to }: { from: number; to: number },
  most: number,
): One[] {
  const stretch = Math.max(1, to - from) / most
  const stretches = Map.groupBy(all, ({ at }) => Math.floor((at - from) / stretch))
  const ranked = [...stretches.values()].flatMap((members) =>
    members.toSorted((a, b) => b.value - a.value).map((exemplar, rank) => ({ exemplar, rank })),
  )
  return ranked
    .toSorted((a, b) => a.rank - b.rank || b.exemplar.value - a.exemplar.value)
    .slice(0, most)
    .map(({ exemplar }) => exemplar)
    .toSorted((a, b) => a.at - b.at)
}
