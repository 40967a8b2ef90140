import type { ServiceLevel, ServiceLevelSpec } from '@meshdeck/kube'
import { FAILURES } from '../monitoring/reports.ts'
import { rate, selector, sumBy } from '../promql/promql.ts'
import type { Rule, RuleGroup } from '../rules/rule-file.ts'
import { allowedShare } from './budget.ts'
import {
  bucketsAt,
  DURATION_BUCKET,
  DURATION_COUNT,
  placesIn,
  REQUESTS,
  selectorsOf,
  thresholdOf,
} from './level-queries.ts'
import { BURN_WINDOWS, burnConditions, round, type BurnCondition } from './windows.ts'

const SHORTEST = BURN_WINDOWS[0]
const TOTAL = `service_level:requests:rate${SHORTEST.id}`
const BAD = `service_level:bad_requests:rate${SHORTEST.id}`
const ratio = (window: string): string => `service_level:bad_requests_per_request:ratio_rate${window}`

/**
 * The recording and alerting rules of a level. Only the first two read the proxies' series; the others read those two, so
 * that a window of weeks costs no more than one of minutes. `byCluster`: the Prometheus holds several clusters, so that
 * those of the level must be told apart. Throws RangeError on a name that cannot be quoted, which no object can have.
 */
export function levelRules(
  { metadata, spec }: ServiceLevel,
  { byCluster = false }: { byCluster?: boolean } = {},
): RuleGroup {
  const labels = {
    service_level: metadata.name,
    mesh: spec.mesh,
    service_namespace: spec.service.namespace,
    service_name: spec.service.name,
  }
  const own = { service_level: metadata.name, mesh: spec.mesh }
  const recorded = (name: string): string => selector(name, own)
  const share = (days: number | undefined, window: string): string =>
    days === undefined && window === SHORTEST.id
      ? `${recorded(BAD)} / (${recorded(TOTAL)} > 0)`
      : `sum_over_time(${recorded(BAD)}[${window}]) / (sum_over_time(${recorded(TOTAL)}[${window}]) > 0)`
  const whole = `${spec.windowDays}d`
  const allowed = allowedShare(spec.objective)
  const record = (name: string, expr: string): Rule => ({ record: name, expr, labels })
  return {
    name: `meshdeck-service-level-${metadata.name}`,
    interval: '30s',
    rules: [
      record(TOTAL, countOf(spec, 'all', byCluster)),
      record(BAD, countOf(spec, 'bad', byCluster)),
      ...BURN_WINDOWS.map(({ id }) => record(ratio(id), share(undefined, id))),
      ...(BURN_WINDOWS.some(({ id }) => id === whole) ? [] : [record(ratio(whole), share(spec.windowDays, whole))]),
      record('service_level:objective:ratio', `vector(${round(spec.objective / 100)})`),
      record('service_level:error_budget_left:ratio', `1 - ${recorded(ratio(whole))} / ${allowed}`),
      ...(['page', 'ticket'] as const).map((severity) => alertOf(severity, { metadata, spec }, labels, recorded)),
    ],
  }
}

function alertOf(
  severity: BurnCondition['severity'],
  { metadata, spec }: Pick<ServiceLevel, 'metadata' | 'spec'>,
  labels: Readonly<Record<string, string>>,
  recorded: (name: string) => string,
): Rule {
  const allowed = allowedShare(spec.objective)
  const conditions = burnConditions(spec.windowDays).filter((condition) => condition.severity === severity)
  const what = `${spec.service.name}.${spec.service.namespace}`
  return {
    alert: severity === 'page' ? 'ServiceLevelBudgetBurnsFast' : 'ServiceLevelBudgetBurnsSlowly',
    expr: conditions
      .map(({ long, short, above }) => {
        const limit = round(above * allowed)
        return `(${recorded(ratio(long))} > ${limit} and ${recorded(ratio(short))} > ${limit})`
      })
      .join(' or '),
    labels: { ...labels, severity },
    annotations: {
      summary: `${what} spends the error budget of ${metadata.name} ${severity === 'page' ? 'fast' : 'slowly'}`,
      description: `{{ $value | humanizePercentage }} of the requests are bad; ${round(allowed * 100)} % may be, over ${spec.windowDays} days.`,
    },
  }
}

/** Requests per second, of all or of the bad ones; zero bad ones where there are requests and none failed. */
function countOf(spec: ServiceLevelSpec, which: 'all' | 'bad', byCluster: boolean): string {
  const places = placesIn(byCluster ? spec.clusters : undefined)
  const sum = (metric: string, outcomes: Parameters<typeof selectorsOf>[2]): string =>
    sumBy([], rate(selectorsOf(metric, [spec], outcomes, places), SHORTEST.seconds))
  if (spec.indicator.type === 'Latency') {
    const all = sum(DURATION_COUNT, [{}])
    return which === 'all'
      ? all
      : `clamp_min(${all} - ${sum(DURATION_BUCKET, [{ le: bucketsAt(thresholdOf(spec)) }])}, 0)`
  }
  const all = sum(REQUESTS, [{}])
  return which === 'all' ? all : `${sum(REQUESTS, FAILURES)} or ${all} * 0`
}
