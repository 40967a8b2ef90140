import { parseExemplars, type SeriesExemplar } from '../prometheus-answer.ts'
import type { Sent } from '../prometheus-transport.ts'

/** A server that keeps no exemplars is asked for none for so long. */
const NONE_MS = 600_000
/** A hundred are shown; some thousand more, to choose them from. */
const MOST = 10_000
const MOST_BYTES = 8 * 2 ** 20

interface ExemplarQuestion {
  sent: Sent
  /** No body stands for a server that does not know the question. Throws PrometheusError. */
  parse: (body: unknown) => SeriesExemplar[]
  family: string
  instant: string
  end: number
  points: 0
}

/** How one Prometheus is asked for exemplars, and whether at all. */
export interface ExemplarQuestions {
  /** Whether it has said lately that it keeps none. */
  readonly areSpared: boolean
  /** Unix seconds. What is not there is no failure, and what is there is bounded by less than other answers. */
  question(promql: string, range: { from: number; to: number }, timeout: string): ExemplarQuestion
}

export function createExemplarQuestions(now: () => number): ExemplarQuestions {
  let sparedUntil = 0
  return {
    get areSpared() {
      return now() < sparedUntil
    },
    question: (promql, { from, to }, timeout) => ({
      sent: {
        method: 'POST',
        path: 'query_exemplars',
        form: { query: promql, start: String(from), end: String(to), timeout },
        optional: true,
        maxBytes: MOST_BYTES,
      },
      parse(body) {
        const found = body === undefined ? undefined : parseExemplars(body, MOST)
        if (found === undefined) sparedUntil = now() + NONE_MS
        return found ?? []
      },
      family: `${to - from} ${promql}`,
      instant: String(from),
      end: to,
      points: 0,
    }),
  }
}
