import { burnConditions, round, type BurnCondition, type BurnWindow } from './windows.ts'

/** Requests in some time, per second or in all. */
export interface Counted {
  total: number
  bad: number
}

/** What may go wrong: the share of requests that need not be good. `objective` is a percentage. */
export function allowedShare(objective: number): number {
  return round((100 - objective) / 100)
}

/** Share of the requests that were good; undefined where there were none: no traffic is no success. */
export function goodShare({ total, bad }: Counted): number | undefined {
  return total > 0 ? 1 - bad / total : undefined
}

/** How many times faster than allowed the budget is spent; 1 spends it exactly. Undefined without requests. */
export function burnRate({ total, bad }: Counted, objective: number): number | undefined {
  return total > 0 ? bad / total / allowedShare(objective) : undefined
}

/** Share of the budget that is left, 1 of an untouched one, negative when more was spent. Undefined without requests. */
export function budgetLeft(counted: Counted, objective: number): number | undefined {
  const burnt = burnRate(counted, objective)
  return burnt === undefined ? undefined : 1 - burnt
}

/** `burnsFast`, `burnsSlowly`: a condition to page, or to write a ticket, holds. `unknown`: the window could not be asked about. */
export const SERVICE_LEVEL_STATES = ['exhausted', 'burnsFast', 'burnsSlowly', 'met', 'noData', 'unknown'] as const
export type ServiceLevelState = (typeof SERVICE_LEVEL_STATES)[number]

export type BurnRates = Partial<Record<BurnWindow, number | undefined>>

/** Whether a condition holds. Without requests in one of its windows it does not. */
export function holds({ long, short, above }: BurnCondition, rates: BurnRates): boolean {
  return (rates[long] ?? 0) > above && (rates[short] ?? 0) > above
}

/** How a level is: the worst that can be said of it. `left`: absent without requests, or when `isKnown` is false. */
export function stateOf(
  { windowDays }: { windowDays: number },
  rates: BurnRates,
  left: number | undefined,
  isKnown = true,
): ServiceLevelState {
  if (left !== undefined && left <= 0) return 'exhausted'
  const held = burnConditions(windowDays).filter((condition) => holds(condition, rates))
  if (held.some(({ severity }) => severity === 'page')) return 'burnsFast'
  if (held.length > 0) return 'burnsSlowly'
  if (left !== undefined) return 'met'
  return isKnown ? 'noData' : 'unknown'
}

/** Unix seconds and what was counted in the step that ends there. */
export type CountedPoint = readonly [at: number, counted: Counted]

/** How the budget of a window went down, and the share of good requests of each step. Steps without requests spend nothing and show no share. */
export function burnDown(
  steps: readonly CountedPoint[],
  objective: number,
): { good: [number, number][]; left: [number, number][] } {
  const total = steps.reduce((sum, [, counted]) => sum + counted.total, 0)
  if (!(total > 0)) return { good: [], left: [] }
  const budget = total * allowedShare(objective)
  let spent = 0
  const left = steps.map(([at, { bad }]): [number, number] => {
    spent += bad
    return [at, 1 - spent / budget]
  })
  const good = steps.flatMap(([at, counted]): [number, number][] => {
    const share = goodShare(counted)
    return share === undefined ? [] : [[at, share]]
  })
  return { good, left }
}
