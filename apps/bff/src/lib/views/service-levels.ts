import type { ServiceLevelView } from '@meshdeck/contract'
import type { ServiceLevel } from '@meshdeck/kube'
import {
  addCounted,
  budgetLeft,
  BURN_WINDOWS,
  burnRate,
  countSamples,
  DAY_SECONDS,
  goodShare,
  stateOf,
  type BurnRates,
} from '@meshdeck/mesh/service-levels'
import { PrometheusError } from '../prometheus/prometheus-error.ts'
import { wholeWindow, type LevelFigures } from '../prometheus/service-level-queries.ts'
import { pick } from './clusters.ts'

/** What one Prometheus said, and which clusters of its samples are a level's. */
export interface LevelPart {
  figures: LevelFigures
  isCounted: (cluster: string | undefined) => boolean
}

/** A level as it is now. `counted`: clusters whose requests are in the parts; `missing`: those that should be as well. */
export function toServiceLevelView(
  { metadata, spec }: ServiceLevel,
  parts: readonly LevelPart[],
  { counted, missing }: { counted: readonly string[]; missing: readonly string[] },
): ServiceLevelView {
  const { objective } = spec
  const burn = addCounted(parts.map(({ figures, isCounted }) => countSamples(spec, figures.burn, isCounted)))
  const rates: BurnRates = Object.fromEntries(
    BURN_WINDOWS.map(({ id }) => {
      const requests = burn.get(id)
      return [id, requests && burnRate(requests, objective)]
    }),
  )
  const wholes = parts.flatMap(({ figures: { whole }, isCounted }) =>
    whole instanceof PrometheusError ? [] : [countSamples(spec, whole, isCounted)],
  )
  // A window of which a part is missing is not known: its budget may be anything.
  const isKnown = parts.length > 0 && wholes.length === parts.length
  const whole = isKnown ? addCounted(wholes).get(wholeWindow(spec)) : undefined
  const left = whole && budgetLeft(whole, objective)
  const seconds = spec.windowDays * DAY_SECONDS
  return {
    name: metadata.name,
    service: spec.service,
    clusters: [...counted],
    missing: [...missing],
    indicator: spec.indicator,
    objective,
    windowDays: spec.windowDays,
    state: stateOf(spec, rates, left, isKnown),
    burn: BURN_WINDOWS.map(({ id }) => ({ window: id, ...pick({ rate: rates[id] }) })),
    ...pick({
      description: spec.description,
      budgetLeft: left,
      good: whole && goodShare(whole),
      requests: whole && whole.total * seconds,
      bad: whole && whole.bad * seconds,
    }),
  }
}
