import type { ServiceLevelSpec } from '@meshdeck/kube'
import {
  BURN_WINDOWS,
  countSamples,
  DAY_SECONDS,
  levelQueries,
  type Counted,
  type LevelQuery,
  type LevelSample,
  type LevelSamples,
  type QueryWindow,
} from '@meshdeck/mesh/service-levels'
import type { PrometheusClient, TimeRange } from './prometheus-client.ts'
import { PrometheusError } from './prometheus-error.ts'
import { recordedRates } from './recorded-rates.ts'
import { replicaLabels } from './replica-labels.ts'

type Spec = Pick<ServiceLevelSpec, 'service' | 'indicator' | 'windowDays'>

/** Name of a level's whole window among the samples. */
export const wholeWindow = ({ windowDays }: Pick<ServiceLevelSpec, 'windowDays'>): string => `${windowDays}d`

/** What one Prometheus says of some levels: of the last minutes to days, and of their whole windows. */
export interface LevelFigures {
  burn: LevelSamples
  /** Weeks of series may be too much for a server; then there is nothing here but the reason. */
  whole: LevelSamples | PrometheusError
  /** Whether recording rules were asked in place of the proxies' series. */
  recorded: boolean
}

/**
 * Asks for the figures of all levels together, at an instant (unix seconds): two to eight queries, however many levels
 * there are. Throws PrometheusError when even the short windows cannot be had.
 */
export async function fetchLevelFigures(
  client: PrometheusClient,
  levels: readonly Spec[],
  at: number,
  byCluster: boolean,
): Promise<LevelFigures> {
  const replicas = await replicaLabels(client, at)
  const days = [...new Set(levels.map(({ windowDays }) => windowDays))].toSorted((a, b) => a - b)
  const windows = days.map((each): QueryWindow => ({ id: `${each}d`, seconds: each * DAY_SECONDS }))
  const rates = recordedRates(client)
  const ask = (of: readonly QueryWindow[]) =>
    askAll(rates.client, levelQueries(levels, of, { byCluster, replicas }), at)
  const [burn, whole] = await Promise.all([ask(BURN_WINDOWS), ask(windows).catch(asTooMuch)])
  return { burn, whole, recorded: rates.used() }
}

function asTooMuch(error: unknown): PrometheusError {
  if (error instanceof PrometheusError) return error
  throw error
}

async function askAll(
  client: PrometheusClient,
  queries: Partial<Record<LevelQuery, string>>,
  at: number,
): Promise<LevelSamples> {
  const answers = await Promise.all(
    entriesOf(queries).map(async ([kind, promql]) => [kind, (await client.query(promql, at)).samples] as const),
  )
  return Object.fromEntries(answers)
}

/** Steps of a level's window; their lengths are whole minutes and add up to it, whatever the days. */
const STEPS = 96

/** The range of a level's window that ends then (unix seconds). Its first step ends one step after the window begins. */
export function courseRange({ windowDays }: Pick<ServiceLevelSpec, 'windowDays'>, to: number): TimeRange {
  const step = (windowDays * DAY_SECONDS) / STEPS
  return { from: to - windowDays * DAY_SECONDS + step, to, step }
}

/** What was counted in each step of a range, by the end of the step. Throws PrometheusError. */
export async function fetchCourse(
  client: PrometheusClient,
  level: Spec,
  range: TimeRange,
  { byCluster, isCounted }: { byCluster: boolean; isCounted: (cluster: string | undefined) => boolean },
): Promise<Map<number, Counted>> {
  const step = { id: 'step', seconds: range.step }
  const replicas = await replicaLabels(client, range.to)
  const rates = recordedRates(client)
  const moments = new Map<number, Partial<Record<LevelQuery, LevelSample[]>>>()
  await Promise.all(
    entriesOf(levelQueries([level], [step], { byCluster, replicas })).map(async ([kind, promql]) => {
      const { series } = await rates.client.queryRange(promql, range)
      for (const { metric, points } of series) {
        for (const [at, value] of points) {
          const moment = moments.get(at) ?? {}
          moments.set(at, { ...moment, [kind]: [...(moment[kind] ?? []), { metric, value }] })
        }
      }
    }),
  )
  return new Map(
    [...moments].flatMap(([at, samples]) => {
      const counted = countSamples(level, samples, isCounted).get(step.id)
      return counted === undefined
        ? []
        : [[at, { total: counted.total * range.step, bad: counted.bad * range.step }] as const]
    }),
  )
}

/** Keys keep their type; the queries are made by `levelQueries` alone. */
function entriesOf(queries: Partial<Record<LevelQuery, string>>): [LevelQuery, string][] {
  const kinds: readonly LevelQuery[] = ['total', 'failed', 'timed', 'fast']
  return kinds.flatMap((kind) => {
    const promql = queries[kind]
    return promql === undefined ? [] : [[kind, promql]]
  })
}
