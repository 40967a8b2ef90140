import { isRecord } from '@meshdeck/kube'

/** How many series a store holds, as far as it tells. */
export interface SeriesCounts {
  /** In the head: those that get samples now. */
  all: number
  /** At most this many of a metric; undefined where the store does not say. */
  ofMetric(name: string): number | undefined
  /** At most this many with a label of this value, over all metrics; undefined where the store does not say. */
  ofLabel(name: string, value: string): number | undefined
}

/** What Prometheus gave before it could be asked for more; of what is not among so few nothing is known. */
const SHORT_LIST = 10
/** How many of each are asked for. */
export const MOST_COUNTED = 500

/**
 * Reads the status of the TSDB, of Prometheus (`headStats`) or VictoriaMetrics (`totalSeries`); undefined for anything else.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#tsdb-stats, https://docs.victoriametrics.com/#tsdb-stats
 */
export function readTsdbStatus(body: unknown): SeriesCounts | undefined {
  const data = isRecord(body) ? body['data'] : undefined
  if (!isRecord(data)) return undefined
  const head = isRecord(data['headStats']) ? data['headStats']['numSeries'] : data['totalSeries']
  if (typeof head !== 'number' || !Number.isFinite(head)) return undefined
  const pairs = countsIn(data['seriesCountByLabelValuePair'], 'name', 'value')
  return countsOf(head, countsIn(data['seriesCountByMetricName'], 'name', 'value'), pairs)
}

/**
 * Reads Mimir's cardinality of `__name__`; undefined for anything else. It tells nothing of other labels.
 * Source: https://grafana.com/docs/mimir/latest/references/http-api/#label-values-cardinality
 */
export function readCardinality(body: unknown): SeriesCounts | undefined {
  if (!isRecord(body) || typeof body['series_count_total'] !== 'number') return undefined
  const labels: unknown[] = Array.isArray(body['labels']) ? body['labels'] : []
  const names = labels.find((label) => isRecord(label) && label['label_name'] === '__name__')
  const list = isRecord(names) ? names['cardinality'] : undefined
  return countsOf(body['series_count_total'], countsIn(list, 'label_value', 'series_count'), new Map())
}

/** Of what is not in a long list there are at most as many as of the least that is. */
function countsOf(all: number, metrics: ReadonlyMap<string, number>, pairs: ReadonlyMap<string, number>): SeriesCounts {
  const bound = (known: ReadonlyMap<string, number>): number | undefined => {
    if (known.size <= SHORT_LIST) return undefined
    return known.size < MOST_COUNTED ? 0 : Math.min(...known.values())
  }
  const [leastMetric, leastPair] = [bound(metrics), bound(pairs)]
  return {
    all,
    ofMetric: (name) => metrics.get(name) ?? leastMetric,
    ofLabel: (name, value) => pairs.get(`${name}=${value}`) ?? leastPair,
  }
}

function countsIn(list: unknown, name: string, value: string): Map<string, number> {
  const entries: unknown[] = Array.isArray(list) ? list : []
  return new Map(
    entries.flatMap((entry) => {
      const count = isRecord(entry) ? entry[value] : undefined
      return isRecord(entry) && typeof count === 'number' ? [[String(entry[name]), count] as const] : []
    }),
  )
}
