import { seededRandom } from '../../random.ts'
import { matchesAll } from '../../promql/matching.ts'
import type { Labels, Matcher, Series } from '../../promql/series-source.ts'
import type { PrometheusSource } from '../query-api.ts'

const STEP_MS = 15_000
const SEED = 42

/** Two hours of all that makes PromQL interesting: resets, gaps, NaN, infinity, histograms, series that come and go. */
export function syntheticSource(startMs: number, endMs: number): PrometheusSource {
  const random = seededRandom(SEED)
  const all: Series[] = []
  const add = (labels: Labels, valueAt: (index: number) => number | undefined): void => {
    const offset = Math.floor(random() * STEP_MS)
    const timestamps: number[] = []
    const values: number[] = []
    for (let time = startMs + offset, index = 0; time <= endMs; time += STEP_MS, index++) {
      const value = valueAt(index)
      if (value === undefined) continue
      timestamps.push(time)
      values.push(value)
    }
    all.push({
      labels,
      samples: (from, to) => {
        const first = timestamps.findIndex((time) => time >= from)
        if (first < 0) return { timestamps: [], values: [] }
        const past = timestamps.findIndex((time) => time > to)
        const end = past < 0 ? timestamps.length : past
        return { timestamps: timestamps.slice(first, end), values: values.slice(first, end) }
      },
    })
  }
  for (const [service, ratio] of [
    ['cart', 1],
    ['reviews', 2],
    ['pay"ment', 0.5],
  ] as const) {
    for (const code of ['200', '404', '500', '503']) {
      for (const reporter of ['source', 'destination']) {
        let total = 0
        const rate = ratio * (code === '200' ? 40 : 1) * (0.5 + random())
        const reset = Math.floor(random() * 400)
        add(
          {
            __name__: 'istio_requests_total',
            destination_service_name: service,
            response_code: code,
            reporter,
            namespace: `ns-${service.slice(0, 1)}`,
          },
          (index) => {
            if (index === reset) total = 0
            total += Math.floor(rate * 15 * (0.7 + 0.6 * random()))
            // Gaps, as when a target does not answer.
            return random() < 0.03 ? undefined : total
          },
        )
      }
    }
    const bounds = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, Infinity]
    const counts = bounds.map(() => 0)
    const latest = { index: -1 }
    for (const [position, bound] of bounds.entries()) {
      const rates = bounds.map((_, at) => (at + 1) * ratio)
      let total = 0
      add(
        {
          __name__: 'istio_request_duration_milliseconds_bucket',
          destination_service_name: service,
          le: bound === Infinity ? '+Inf' : String(bound),
        },
        (index) => {
          latest.index = index
          total += rates.slice(0, position + 1).reduce((sum, rate) => sum + rate, 0)
          counts[position] = total
          return total
        },
      )
    }
  }
  for (let pod = 0; pod < 6; pod++) {
    add({ __name__: 'temperature', pod: `pod-${pod}`, zone: pod % 2 === 0 ? 'a' : 'b' }, (index) => {
      if (pod === 4 && index % 7 === 0) return Number.NaN
      if (pod === 5 && index === 100) return Infinity
      return 20 + 5 * Math.sin(index / 10 + pod) + pod
    })
    add({ __name__: 'capacity', pod: `pod-${pod}`, tier: pod < 3 ? 'gold' : 'lead' }, (index) =>
      index > 60 * (pod + 1) ? undefined : pod * 10,
    )
  }
  add({ __name__: 'up', job: 'istiod' }, () => 1)
  add({ __name__: 'constant', job: 'istiod' }, () => 3.25)
  return {
    select: (matchers: readonly Matcher[]) => all.filter(({ labels }) => matchesAll(labels, matchers)),
    metadata: () => ({ istio_requests_total: { type: 'counter', help: 'Requests.', unit: '' } }),
  }
}
