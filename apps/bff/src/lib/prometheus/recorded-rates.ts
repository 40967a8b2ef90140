import { coverageQuery, isCovered, recordedQuery } from '@meshdeck/mesh/recording-rules'
import type { PrometheusClient } from './prometheus-client.ts'

/** Rules come and go with somebody's hand, and their figures with every evaluation. */
const KEPT_MS = 60_000
const MINUTE_SECONDS = 60

interface Known {
  covered: Promise<boolean>
  until: number
}
/** By server: every request has a client of its own. */
const known = new WeakMap<object, Map<number, Known>>()

export interface RecordedRates {
  /** Asks for recorded rates where they are there for the whole time that a query reads, and else for the proxies' counters. */
  client: PrometheusClient
  /** Whether recorded rates were asked for. */
  used(): boolean
}

/**
 * A client that makes use of the recording rules (`recordingRules`), whoever evaluates them. The one place where they take
 * the place of anything; for queries of our own making only. Whether they are there is remembered for a minute.
 */
export function recordedRates(client: PrometheusClient, now: () => number = Date.now): RecordedRates {
  let isUsed = false

  async function choose(promql: string, to: number, lengthSeconds: number): Promise<string> {
    const recorded = recordedQuery(promql)
    if (recorded === undefined) return promql
    if (!(await isThere(client, to, lengthSeconds + recorded.reachSeconds, now))) return promql
    isUsed = true
    return recorded.promql
  }

  return {
    client: {
      ...client,
      query: async (promql, at) => client.query(await choose(promql, at, 0), at),
      queryRange: async (promql, range) =>
        client.queryRange(await choose(promql, range.to, range.to - range.from), range),
    },
    used: () => isUsed,
  }
}

/** Whether the rules were evaluated in all of some seconds before a moment. A moment long ago is another question than now. */
function isThere(client: PrometheusClient, to: number, seconds: number, now: () => number): Promise<boolean> {
  const at = Math.floor(to / MINUTE_SECONDS) * MINUTE_SECONDS
  const time = now()
  const isPresent = time / 1000 - at < 2 * MINUTE_SECONDS
  const server = client.server ?? client
  const answers = known.get(server) ?? new Map<number, Known>()
  known.set(server, answers)
  for (const [key, { until }] of answers) if (until <= time) answers.delete(key)
  const found = isPresent ? answers.get(seconds) : undefined
  if (found !== undefined) return found.covered
  const covered = client.query(coverageQuery(seconds), at).then(
    ({ samples: [sample] }) => sample !== undefined && isCovered(sample.value, seconds),
    // Without an answer there is nothing to build on; the query itself says what is wrong.
    () => false,
  )
  if (isPresent) answers.set(seconds, { covered, until: time + KEPT_MS })
  return covered
}
