import { addAmount, toRecord, type Amounts } from './amounts.ts'
import { healthOf, type HealthThresholds } from '../health/health.ts'
import { share } from '../istio/numbers.ts'
import { isFailure } from './failures.ts'
import type { EdgeSample, GraphEdge, GraphProtocol, Reporter } from './model.ts'

/** Numbers of one edge while they are being added up. */
export interface EdgeSum {
  source: string
  target: string
  protocol: GraphProtocol
  requests: number
  failures: number
  sent: number
  received: number
  /** A quantile of the slowest part. */
  latencyMs: number | undefined
  /** For a mean: milliseconds and requests, per second. */
  durations: { sum: number; count: number }
  /** What reports that can tell say: from servers, and from clients (ztunnel only; Envoy's clients never know). */
  mtls: Record<'server' | 'client', { mutual: number; all: number }>
  codes: Amounts
  flags: Amounts
  hosts: Amounts
  reporters: Reporter[]
}

export function newEdgeSum(source: string, target: string, protocol: GraphProtocol): EdgeSum {
  return {
    source,
    target,
    protocol,
    requests: 0,
    failures: 0,
    sent: 0,
    received: 0,
    latencyMs: undefined,
    durations: { sum: 0, count: 0 },
    mtls: { server: { mutual: 0, all: 0 }, client: { mutual: 0, all: 0 } },
    codes: [],
    flags: [],
    hosts: [],
    reporters: [],
  }
}

export function addReporter({ reporters }: EdgeSum, reporter: Reporter): void {
  if (!reporters.includes(reporter)) reporters.push(reporter)
}

/** Adds a request rate of the reporter that was chosen. */
export function addRequests(sum: EdgeSum, { metric, value }: EdgeSample): void {
  const code = metric['response_code']
  const status = metric['grpc_response_status'] ?? ''
  sum.requests += value
  if (isFailure(code, status)) sum.failures += value
  const shown = status === '' ? code : `grpc-${status}`
  if (shown !== undefined) addAmount(sum.codes, shown, value)
}

/** Adds Envoy's response flags; a request may have several. */
export function addFlags(sum: EdgeSum, { metric, value }: EdgeSample): void {
  const flags = metric['response_flags'] ?? '-'
  if (flags === '-') return
  for (const flag of flags.split(',')) {
    if (flag !== '-' && flag !== '') addAmount(sum.flags, flag, value)
  }
}

/** Adds what a report says of mutual TLS. A client's `unknown` says nothing; a server's (ztunnel) means plain text. */
export function addSecurity(sum: EdgeSum, reporter: Reporter, { metric, value }: EdgeSample): void {
  const policy = metric['connection_security_policy'] ?? ''
  if (policy === '' || (reporter === 'source' && policy === 'unknown')) return
  const side = sum.mtls[reporter === 'source' ? 'client' : 'server']
  side.all += value
  if (policy === 'mutual_tls') side.mutual += value
}

/** The finished edge: shares instead of sums, and nothing that is not a finite number. */
export function finishEdge(
  sum: EdgeSum,
  preference: readonly Reporter[],
  thresholds: HealthThresholds | undefined,
): GraphEdge {
  const { source, target, protocol, durations } = sum
  // A quotient, not a share: it has no upper bound.
  const latencyMs = durations.count > 0 && durations.sum > 0 ? durations.sum / durations.count : sum.latencyMs
  const errorRate = share(sum.failures, sum.requests)
  const told = sum.mtls.server.all > 0 ? sum.mtls.server : sum.mtls.client
  const mtlsShare = share(told.mutual, told.all)
  const host = busiest(sum.hosts)
  const signals = { requestRate: sum.requests, errorRate, latencyMs, bytesRate: sum.sent + sum.received }
  return {
    id: `${source}->${target}:${protocol}`,
    source,
    target,
    protocol,
    ...(host !== undefined && { host }),
    health: healthOf(signals, thresholds),
    requestRate: sum.requests,
    ...(errorRate !== undefined && { errorRate }),
    ...(latencyMs !== undefined && { latencyMs }),
    sentRate: sum.sent,
    receivedRate: sum.received,
    ...(mtlsShare !== undefined && { mtlsShare }),
    codes: toRecord(sum.codes),
    flags: toRecord(sum.flags),
    reporter: preference.find((reporter) => sum.reporters.includes(reporter)) ?? 'destination',
  }
}

function busiest(hosts: Amounts): string | undefined {
  if (hosts.length < 2) return hosts[0]?.key
  return hosts.toSorted((a, b) => b.amount - a.amount || (a.key < b.key ? -1 : 1))[0]?.key
}
