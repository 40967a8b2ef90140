import type { ClusterFailure, GoldenQuery, GoldenSignals } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'

type GoldenScope = Pick<GoldenQuery, 'scope' | 'namespace' | 'name' | 'cluster'>

/** Golden signals at one instant. A value is absent when nobody has measured it. */
export interface GoldenNow {
  /** Unix seconds of the instant. */
  at: number
  requestRate: number | undefined
  errorRate: number | undefined
  latencyP50: number | undefined
  latencyP90: number | undefined
  latencyP99: number | undefined
  failures: readonly ClusterFailure[]
}

/** Far enough back for a few points, so that one late scrape leaves no hole. */
const SPAN_SECONDS = 300
const STEP_SECONDS = 60

/** The newest point of each golden signal of a mesh, namespace, service or workload. */
export function goldenNow(mesh: string, scope: GoldenScope, refreshSeconds: number) {
  return queryOptions({
    queryKey: [meshScope(mesh), [], 'golden-now', scope] as const,
    queryFn: async ({ signal }): Promise<GoldenNow> => {
      const to = Math.floor(Date.now() / 1000)
      const query = { ...scope, from: to - SPAN_SECONDS, to, step: STEP_SECONDS }
      return newest(await api.get<GoldenSignals>(paths.golden(mesh, query), { signal }))
    },
    refetchInterval: refreshSeconds === 0 ? false : refreshSeconds * 1000,
  })
}

/** All signals at the instant of the newest request rate: values of different instants must not stand side by side. */
export function newest(signals: GoldenSignals): GoldenNow {
  const at = signals.requestRate.at(-1)?.[0] ?? signals.to
  const valueOf = (points: GoldenSignals['requestRate']) => points.findLast(([time]) => time === at)?.[1]
  return {
    at,
    requestRate: valueOf(signals.requestRate),
    errorRate: valueOf(signals.errorRate),
    latencyP50: valueOf(signals.latencyP50),
    latencyP90: valueOf(signals.latencyP90),
    latencyP99: valueOf(signals.latencyP99),
    failures: signals.failures,
  }
}
