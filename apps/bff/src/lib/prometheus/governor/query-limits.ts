/** What bounds the questions to one Prometheus; `docs/queries.md` says how each is set. */
export interface QueryLimits {
  /** For waiting in the queue and for the answer together; Prometheus is told. */
  deadlineMs: number
  /** Queries under way at once. */
  concurrency: number
  /** Queries that wait for their turn; further ones are refused. */
  maxQueued: number
  /** Samples that one query may read, as far as that can be told before it is sent; without a bound nothing is estimated. */
  maxSamples: number | undefined
  maxAnswerBytes: number
  /** Of answers that are kept, measured as the text that they came as. */
  cacheBytes: number
  /** How long an answer is the answer. */
  freshMs: number
  /** How old an answer may be that stands in for one that does not come. */
  staleMs: number
  /** How long one waits for an answer where an older one could stand in for it. */
  patienceMs: number
  /** What the estimate takes for the interval between two scrapes. */
  scrapeSeconds: number
}

const MEBIBYTE = 2 ** 20

/** For a client by itself: no estimate, since that asks Prometheus what it holds. */
export const PLAIN_LIMITS: QueryLimits = {
  deadlineMs: 10_000,
  concurrency: 4,
  maxQueued: 64,
  maxSamples: undefined,
  maxAnswerBytes: 64 * MEBIBYTE,
  cacheBytes: 64 * MEBIBYTE,
  freshMs: 5_000,
  staleMs: 120_000,
  patienceMs: 1_000,
  scrapeSeconds: 15,
}

/** Of the console, where nothing is set. A Prometheus adds up some tens of millions of samples in a second. */
export const DEFAULT_LIMITS: QueryLimits = { ...PLAIN_LIMITS, maxQueued: 256, maxSamples: 200_000_000 }

/** What is past does not change: an answer of then holds longer. */
const PAST_MS = 300_000

/** Whether a moment (unix seconds) lies so long ago that nothing of it changes any more. */
export const isPast = (at: number, now: number): boolean => at * 1000 < now - PAST_MS

/** How long an answer about a moment (unix seconds) is the answer; milliseconds. */
export function freshTime({ freshMs }: Pick<QueryLimits, 'freshMs'>, at: number, now: number): number {
  return freshMs !== 0 && isPast(at, now) ? PAST_MS : freshMs
}

/** A limit that can be set: by which flag, in which unit, within which bounds. */
export interface LimitSetting {
  /** `--prometheus-deadline`; in the environment MESHDECK_PROMETHEUS_DEADLINE. */
  flag: string
  limit: keyof QueryLimits
  /** Of the setting, in units of the limit. */
  unit: number
  least: number
  most: number
}

export const LIMIT_SETTINGS = [
  { flag: 'prometheus-deadline', limit: 'deadlineMs', unit: 1_000, least: 1, most: 120 },
  { flag: 'prometheus-concurrency', limit: 'concurrency', unit: 1, least: 1, most: 100 },
  { flag: 'prometheus-queue', limit: 'maxQueued', unit: 1, least: 1, most: 10_000 },
  { flag: 'prometheus-max-samples', limit: 'maxSamples', unit: 1, least: 0, most: 1e12 },
  { flag: 'prometheus-answer-mib', limit: 'maxAnswerBytes', unit: MEBIBYTE, least: 1, most: 1_024 },
  { flag: 'prometheus-cache-mib', limit: 'cacheBytes', unit: MEBIBYTE, least: 0, most: 4_096 },
  { flag: 'prometheus-stale', limit: 'staleMs', unit: 1_000, least: 0, most: 3_600 },
  { flag: 'prometheus-scrape-interval', limit: 'scrapeSeconds', unit: 1, least: 1, most: 600 },
] as const satisfies readonly LimitSetting[]

export type LimitFlag = (typeof LIMIT_SETTINGS)[number]['flag']

/** Limits out of settings as text; what is not set has its default. Throws RangeError that names the flag and its bounds. */
export function readLimits(setting: (flag: LimitFlag) => string | undefined): QueryLimits {
  const limits = { ...DEFAULT_LIMITS }
  for (const { flag, limit, unit, least, most } of LIMIT_SETTINGS) {
    const text = setting(flag)
    if (text === undefined) continue
    const value = Number(text)
    if (
      text.trim() === '' ||
      !Number.isFinite(value) ||
      value < least ||
      value > most ||
      (unit === 1 && !Number.isInteger(value))
    )
      throw new RangeError(
        `--${flag} must be a ${unit === 1 ? 'whole ' : ''}number from ${least} to ${most}, not "${text}"`,
      )
    // Zero samples stands for "no bound"; a query that reads nothing needs none.
    limits[limit] = limit === 'maxSamples' && value === 0 ? (undefined as never) : Math.round(value * unit)
  }
  return limits
}
