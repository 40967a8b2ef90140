import { FAILURES, REPORTS } from '@meshdeck/mesh/monitoring'
import { rate, selector, startingWith, sumBy, type LabelMatchers } from '@meshdeck/mesh/promql'
import type { PrometheusClient } from './prometheus-client.ts'

/** What one version of a service answers. Per second; `durationSum` in milliseconds per second. */
export interface VersionFigures {
  requests: number
  failures: number
  durationSum: number
  durationCount: number
}

const LABEL = 'destination_version'
/** What proxies say of a server that bears no version, and of a call that never arrived. */
const NO_VERSION: readonly string[] = ['', 'unknown', 'latest']

/** Asks what each version of a service answers; the empty one stands for none. Throws PrometheusError. */
export async function fetchVersionFigures(
  client: PrometheusClient,
  { namespace, name }: { namespace: string; name: string },
  at: number,
  windowSeconds: number,
): Promise<Map<string, VersionFigures>> {
  const host = startingWith(`${name}.${namespace}.svc.`)
  const sum = (metric: string, outcomes: readonly LabelMatchers[] = [{}]): string =>
    sumBy(
      [LABEL],
      rate(
        REPORTS.flatMap((report) =>
          outcomes.map((outcome) => selector(metric, { ...report, destination_service: host, ...outcome })),
        ),
        windowSeconds,
      ),
    )
  const queries: Record<keyof VersionFigures, string> = {
    requests: sum('istio_requests_total'),
    failures: sum('istio_requests_total', FAILURES),
    durationSum: sum('istio_request_duration_milliseconds_sum'),
    durationCount: sum('istio_request_duration_milliseconds_count'),
  }
  const figures = new Map<string, VersionFigures>()
  const answers = await Promise.all(
    FIGURES.map(async (figure) => ({ figure, samples: (await client.query(queries[figure], at)).samples })),
  )
  for (const { figure, samples } of answers) {
    for (const { metric, value } of samples) {
      const told = metric[LABEL] ?? ''
      const version = NO_VERSION.includes(told) ? '' : told
      const known = figures.get(version) ?? { requests: 0, failures: 0, durationSum: 0, durationCount: 0 }
      figures.set(version, { ...known, [figure]: known[figure] + value })
    }
  }
  return figures
}

const FIGURES = ['requests', 'failures', 'durationSum', 'durationCount'] as const
