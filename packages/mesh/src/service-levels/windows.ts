/** How long ago a burn rate looks back. */
export const BURN_WINDOWS = [
  { id: '5m', seconds: 300 },
  { id: '30m', seconds: 1_800 },
  { id: '1h', seconds: 3_600 },
  { id: '6h', seconds: 21_600 },
  { id: '3d', seconds: 259_200 },
] as const
export type BurnWindow = (typeof BURN_WINDOWS)[number]['id']

export const DAY_SECONDS = 86_400

/** When somebody is to be told: both windows burn faster than this, the long one because it matters, the short one because it still does. */
export interface BurnCondition {
  /** `page`: at once. `ticket`: within days. */
  severity: 'page' | 'ticket'
  long: BurnWindow
  short: BurnWindow
  /** Burn rate that both must exceed. */
  above: number
  /** Share of the budget that is gone after the long window at that rate. */
  budgetShare: number
}

const CONDITIONS = [
  { severity: 'page', long: '1h', short: '5m', budgetShare: 0.02 },
  { severity: 'page', long: '6h', short: '30m', budgetShare: 0.05 },
  { severity: 'ticket', long: '3d', short: '6h', budgetShare: 0.1 },
] as const satisfies readonly Omit<BurnCondition, 'above'>[]

/** Seconds of a window of burn rates. */
export function secondsOf(window: BurnWindow): number {
  return BURN_WINDOWS.find(({ id }) => id === window)?.seconds ?? 0
}

/**
 * The multiwindow, multi-burn-rate conditions of Google's SRE workbook, chapter 5 ("Alerting on SLOs"), recommendation 6:
 * the same shares of the budget, so that over 30 days the rates are 14.4, 6 and 1. A rate of less than 1 ends with budget
 * left and is nothing to be told of, so it is never the limit.
 */
export function burnConditions(windowDays: number): readonly BurnCondition[] {
  return CONDITIONS.map((condition) => ({
    ...condition,
    above: Math.max(1, round((condition.budgetShare * windowDays * DAY_SECONDS) / secondsOf(condition.long))),
  }))
}

/** Without the noise of binary fractions: 14.4, not 14.399999999999999. */
export const round = (value: number): number => Number(value.toPrecision(12))
