/** Expressions that several dashboards share. Every text that comes from outside passes `selector`, which quotes it. */
import {
  histogramQuantile,
  noneOf,
  oneOf,
  rate,
  selector,
  sumBy,
  withLabel,
  withoutReplicas,
  type LabelMatchers,
} from '../promql/promql.ts'
import type { Reporter, Variables } from './panel.ts'
import { FAILURES } from './reports.ts'

/** Some of the traffic: several selections are united by series. */
export type Selections = readonly LabelMatchers[]

export const SECURITY_LABEL = 'connection_security_policy'
export const QUANTILE_LABEL = 'quantile'

/** Per second, of what the selections pick of a counter. */
export function rateOf(metric: string, selections: Selections, { window, replicas = [] }: Variables): string {
  const rates = rate(
    selections.map((matchers) => selector(metric, matchers)),
    window,
  )
  return withoutReplicas(replicas, rates)
}

/** Requests per second that went well, and all, by labels; where there are no requests the share has no value. */
export function successOf(
  by: readonly string[],
  selections: Selections,
  variables: Variables,
  secured: (rates: string) => string = (rates) => rates,
): { good: string; all: string } {
  const failed = selections.flatMap((matchers) => FAILURES.map((failure) => ({ ...matchers, ...failure })))
  const all = sumBy(by, secured(rateOf('istio_requests_total', selections, variables)))
  const bad = sumBy(by, secured(rateOf('istio_requests_total', failed, variables)))
  // Where nothing has failed there is no series of failures, so that a plain difference would be empty.
  return { good: `${all} - (${bad} or ${all} * 0)`, all }
}

/** The quantiles asked for, each with the label `quantile` (`p99`), in one expression. */
export function quantilesOf(by: readonly string[], buckets: string, { quantiles }: Variables): string {
  return quantiles
    .map((quantile) =>
      withLabel(histogramQuantile(quantile, sumBy(['le', ...by], buckets)), QUANTILE_LABEL, quantileName(quantile)),
    )
    .join(' or ')
}

/** 0.99 is p99, 0.999 is p99.9. */
export function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(4))}`
}

/**
 * Rates that tell by `connection_security_policy` whether the connection was mutual TLS. Clients do not fill the label;
 * that they know who answered them says the same.
 */
export function withSecurity(rates: string, reporter: Reporter): string {
  if (reporter !== 'source') return rates
  return withLabel(rates, SECURITY_LABEL, 'mutual_tls', { label: 'destination_principal', pattern: 'spiffe.*' })
}

/** A matcher for some names; none when there are none. */
export function among(label: string, names: readonly string[]): LabelMatchers {
  return names.length === 0 ? {} : { [label]: oneOf(names) }
}

/** Those that a report belongs to, where one Prometheus holds several clusters. */
export function reportedIn({ cluster }: Variables, reporter: Reporter): LabelMatchers {
  if (cluster === undefined) return {}
  return { [reporter === 'source' ? 'source_cluster' : 'destination_cluster']: cluster }
}

/** The same for what is scraped from a process or a container. */
export function scrapedIn({ cluster }: Variables): LabelMatchers {
  return cluster === undefined ? {} : { cluster }
}

export const notIn = (namespace: string): LabelMatchers => ({ namespace: noneOf([namespace]) })
