import type { QueryMinute, QueryServer } from '@meshdeck/contract'
import type { TimePoint } from '../../charts/time-chart-option.ts'

/** What the minutes come to together. */
export interface LoadSummary {
  asked: number
  sent: number
  failed: number
  spared: number
  stale: number
  refused: { cost: number; queue: number; down: number }
  bytes: number
  /** Absent where nothing was sent. */
  meanMs: number | undefined
}

export function summarize(minutes: readonly QueryMinute[]): LoadSummary {
  const sum = (of: (minute: QueryMinute) => number): number => minutes.reduce((total, minute) => total + of(minute), 0)
  const [sent, stale] = [sum((minute) => minute.sent), sum((minute) => minute.stale)]
  const spared = sum((minute) => minute.shared + minute.kept) + stale
  const refused = {
    cost: sum((minute) => minute.refused.cost),
    queue: sum((minute) => minute.refused.queue),
    down: sum((minute) => minute.refused.down),
  }
  return {
    asked: sent + spared + refused.cost + refused.queue + refused.down,
    sent,
    failed: sum((minute) => minute.failed),
    spared,
    stale,
    refused,
    bytes: sum((minute) => minute.bytes),
    meanMs: sent === 0 ? undefined : sum((minute) => minute.ms) / sent,
  }
}

const MINUTE_SECONDS = 60
const MINUTES = 15

/** Questions by minute up to `now` (Unix milliseconds); a minute in which nothing was asked is zero, not a gap. */
export function linesOf(
  minutes: readonly QueryMinute[],
  now: number,
): { from: number; to: number; step: number; sent: TimePoint[]; spared: TimePoint[] } {
  const to = Math.floor(now / 1000 / MINUTE_SECONDS) * MINUTE_SECONDS
  const by = new Map(minutes.map((minute) => [minute.at / 1000, minute]))
  const times = Array.from({ length: MINUTES }, (_, index) => to - (MINUTES - 1 - index) * MINUTE_SECONDS)
  return {
    from: times[0] ?? to,
    to,
    step: MINUTE_SECONDS,
    sent: times.map((at) => [at, by.get(at)?.sent ?? 0]),
    spared: times.map((at) => {
      const minute = by.get(at)
      return [at, minute === undefined ? 0 : minute.shared + minute.kept + minute.stale]
    }),
  }
}

export type ServerState = 'closed' | 'failing' | 'open' | 'trying'

/** In a word; `failing` is asked still, though its last answer was none. */
export function stateOf({ circuit }: NonNullable<QueryServer['load']>): ServerState {
  return circuit.state === 'closed' && circuit.since !== undefined ? 'failing' : circuit.state
}

/** Clocks that differ by less agree, as far as can be told from here. */
const AGREEING_SECONDS = 5

export function clockOf(skewSeconds: number | undefined): 'clockRight' | 'clockAhead' | 'clockBehind' | undefined {
  if (skewSeconds === undefined) return undefined
  if (Math.abs(skewSeconds) < AGREEING_SECONDS) return 'clockRight'
  return skewSeconds > 0 ? 'clockAhead' : 'clockBehind'
}
