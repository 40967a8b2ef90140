import type { PrometheusTransport } from '../prometheus-transport.ts'
import { readFacts, type PrometheusFacts } from './prometheus-facts.ts'

const FRESH_MS = 600_000
const UNKNOWN_MS = 60_000
/** The first questions wait so long for what the estimate needs. */
const PATIENCE_MS = 1_000

/** What a Prometheus says of itself, remembered. */
export interface KnownFacts {
  /** What was known before is told while it is asked again. */
  get(): Promise<PrometheusFacts>
  /** What is known, or becomes known within a second. */
  soon(): Promise<PrometheusFacts>
  readonly last: PrometheusFacts | undefined
}

export interface KnownFactsOptions {
  send: PrometheusTransport['send']
  deadlineMs: number
  now: () => number
  ended: AbortSignal
  /** Whether it is not to be asked just now. */
  isSpared: () => boolean
}

export function createKnownFacts({ send, deadlineMs, now, ended, isSpared }: KnownFactsOptions): KnownFacts {
  let known: { facts: PrometheusFacts; until: number } | undefined
  let asking: Promise<PrometheusFacts> | undefined

  async function ask(): Promise<PrometheusFacts> {
    const facts = await readFacts(send, AbortSignal.any([AbortSignal.timeout(deadlineMs), ended]), now)
    known = { facts, until: now() + (facts.make === 'unknown' ? UNKNOWN_MS : FRESH_MS) }
    return facts
  }

  function get(): Promise<PrometheusFacts> {
    if ((known === undefined || known.until <= now()) && !isSpared())
      asking ??= ask().finally(() => (asking = undefined))
    if (known !== undefined) return Promise.resolve(known.facts)
    return asking ?? Promise.resolve({ make: 'unknown' })
  }

  return {
    get,
    async soon() {
      const late = Promise.withResolvers<PrometheusFacts>()
      const timer = setTimeout(() => late.resolve({ make: 'unknown' }), PATIENCE_MS)
      try {
        return await Promise.race([get(), late.promise])
      } finally {
        clearTimeout(timer)
        // What has not come by now is waited for by nobody again.
        known ??= { facts: { make: 'unknown' }, until: now() }
      }
    },
    get last() {
      return known?.facts
    },
  }
}
