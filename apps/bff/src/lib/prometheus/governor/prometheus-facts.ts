import { isRecord } from '@meshdeck/kube'
import type { PrometheusTransport, Sent } from '../prometheus-transport.ts'
import { MOST_COUNTED, readCardinality, readTsdbStatus, type SeriesCounts } from './series-counts.ts'

export type PrometheusMake = 'Prometheus' | 'Thanos' | 'Mimir' | 'VictoriaMetrics' | 'unknown'

/** What a Prometheus says of itself; each only as far as it tells. */
export interface PrometheusFacts {
  make: PrometheusMake
  version?: string
  counts?: SeriesCounts
  /** How far its clock is ahead of ours, in seconds; half the time of the answer is in it. */
  skewSeconds?: number
  /** The same for the same process, by whatever address it is reached. */
  instance?: string
}

/**
 * Asks a Prometheus about itself, by five small requests at once. What it does not answer is left out: Thanos has no status
 * of its TSDB, Mimir tells only where its analysis of cardinality is on. Rejects never.
 */
export async function readFacts(
  send: PrometheusTransport['send'],
  signal: AbortSignal,
  now: () => number,
): Promise<PrometheusFacts> {
  const ask = async (path: string, form: Record<string, string> = {}, method: Sent['method'] = 'GET') => {
    try {
      const { body } = await send({ method, path, form }, signal)
      return body
    } catch {
      return undefined
    }
  }
  // Prometheus knows the one name of the bound, VictoriaMetrics the other.
  const most = { limit: String(MOST_COUNTED), topN: String(MOST_COUNTED) }
  const [build, status, runtime, stores, skewSeconds] = await Promise.all([
    ask('status/buildinfo'),
    ask('status/tsdb', most),
    ask('status/runtimeinfo'),
    ask('stores'),
    skewOf(ask, now),
  ])
  const make = makeOf(build, status, stores)
  const cardinality =
    make === 'Mimir'
      ? await ask('cardinality/label_values', { 'label_names[]': '__name__', limit: String(MOST_COUNTED) })
      : undefined
  const counts = readTsdbStatus(status) ?? readCardinality(cardinality)
  const version = make === 'VictoriaMetrics' ? undefined : textIn(build, 'version')
  const instance = instanceOf(runtime)
  return {
    make,
    ...(version === undefined ? {} : { version }),
    ...(counts === undefined ? {} : { counts }),
    ...(skewSeconds === undefined ? {} : { skewSeconds }),
    ...(instance === undefined ? {} : { instance }),
  }
}

function makeOf(build: unknown, status: unknown, stores: unknown): PrometheusMake {
  if (/mimir/i.test(textIn(build, 'application') ?? '')) return 'Mimir'
  const data = isRecord(status) ? status['data'] : undefined
  // It says that it is a Prometheus 2.24.0, and nothing of how it was built.
  if (isRecord(data) && typeof data['totalSeries'] === 'number' && !isRecord(data['headStats']))
    return 'VictoriaMetrics'
  if (textIn(build, 'version') === '2.24.0' && textIn(build, 'revision') === undefined) return 'VictoriaMetrics'
  if (isRecord(stores) && stores['status'] === 'success') return 'Thanos'
  return textIn(build, 'version') === undefined ? 'unknown' : 'Prometheus'
}

async function skewOf(
  ask: (path: string, form: Record<string, string>, method: Sent['method']) => Promise<unknown>,
  now: () => number,
): Promise<number | undefined> {
  const before = now()
  // Without an instant it is evaluated at the server's own.
  const body = await ask('query', { query: 'time()' }, 'POST')
  const data = isRecord(body) ? body['data'] : undefined
  const result: unknown = isRecord(data) ? data['result'] : undefined
  const [sample]: unknown[] = Array.isArray(result) ? result : []
  const value = isRecord(sample) ? sample['value'] : result
  const text: unknown = Array.isArray(value) ? value[1] : undefined
  const seconds = typeof text === 'string' ? Number(text) : Number.NaN
  return Number.isFinite(seconds) ? seconds - (before + now()) / 2_000 : undefined
}

/** The start of a process to the nanosecond; where it is told in whole seconds two may share it. */
function instanceOf(runtime: unknown): string | undefined {
  const started = textIn(runtime, 'startTime') ?? ''
  return /\.\d{6,}/.test(started) ? started : undefined
}

function textIn(body: unknown, name: string): string | undefined {
  const data = isRecord(body) ? body['data'] : undefined
  const value = isRecord(data) ? data[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}
