import type { MeshFigures, ServiceFigure } from '@meshdeck/contract'
import type { EdgeSample } from '@meshdeck/mesh'
import type { OverviewAnswer } from '../prometheus/overview-queries.ts'
import type { Points } from '../prometheus/prometheus-answer.ts'

/** Services shown in each ranking. */
const TOP = 5
/** Below this a service is not slow, it is not called: one request in ten minutes. */
const LEAST_RATE = 1 / 600

/** Points of several servers, added up where they speak of the same instant. */
export function sumPoints(parts: readonly Points[]): Points {
  const sums = new Map<number, number>()
  for (const [at, value] of parts.flat()) sums.set(at, (sums.get(at) ?? 0) + value)
  return [...sums].toSorted(([a], [b]) => a - b)
}

/** Services of the mesh with their figures, over all servers; hosts that are no Service of Kubernetes are left out. */
export function toServiceFigures(answers: readonly Pick<OverviewAnswer, 'services'>[]): ServiceFigure[] {
  const requests = byService(answers, ({ services }) => services.requests, add)
  const failures = byService(answers, ({ services }) => services.failures, add)
  // A quantile of the whole lies between those of the parts.
  const latency = byService(answers, ({ services }) => services.latency, Math.max)
  return [...requests].flatMap(([key, requestRate]): ServiceFigure[] => {
    const [name = '', namespace = ''] = key.split('.')
    if (requestRate < LEAST_RATE) return []
    const latencyMs = latency.get(key)
    const errorRate = Math.min(1, (failures.get(key) ?? 0) / requestRate)
    return [{ namespace, name, requestRate, errorRate, ...(latencyMs === undefined ? {} : { latencyMs }) }]
  })
}

/** The first of each ranking. By failed requests, not by share: one of two is less than a hundred of ten thousand. */
export function rankServices(services: readonly ServiceFigure[]): MeshFigures['top'] {
  const failed = ({ requestRate, errorRate = 0 }: ServiceFigure): number => requestRate * errorRate
  const first = (value: (service: ServiceFigure) => number): ServiceFigure[] =>
    services
      .filter((service) => value(service) > 0)
      .toSorted((a, b) => value(b) - value(a) || a.name.localeCompare(b.name))
      .slice(0, TOP)
  return {
    byRate: first(({ requestRate }) => requestRate),
    byErrors: first(failed),
    byLatency: first(({ latencyMs = 0 }) => latencyMs),
  }
}

/** Share of requests under mutual TLS, of those whose server has told; absent when none has. */
export function mtlsShareOf(answers: readonly Pick<OverviewAnswer, 'services'>[]): number | undefined {
  const told = answers
    .flatMap(({ services }) => services.security)
    .filter(({ metric }) => !['', 'unknown', undefined].includes(metric['connection_security_policy']))
  const all = told.reduce((sum, { value }) => sum + value, 0)
  if (all === 0) return undefined
  const mutual = told.filter(({ metric }) => metric['connection_security_policy'] === 'mutual_tls')
  return mutual.reduce((sum, { value }) => sum + value, 0) / all
}

const add = (a: number, b: number): number => a + b

/** Values by `name.namespace`. */
function byService(
  answers: readonly Pick<OverviewAnswer, 'services'>[],
  part: (answer: Pick<OverviewAnswer, 'services'>) => readonly EdgeSample[],
  join: (a: number, b: number) => number,
): Map<string, number> {
  const found = new Map<string, number>()
  for (const { metric, value } of answers.flatMap(part)) {
    const key = /^([^.]+\.[^.]+)\.svc\./.exec(metric['destination_service'] ?? '')?.[1]
    if (key === undefined) continue
    const other = found.get(key)
    found.set(key, other === undefined ? value : join(other, value))
  }
  return found
}
