import type { EdgeSample } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { overviewQueries } from '../prometheus/overview-queries.ts'
import { mtlsShareOf, rankServices, sumPoints, toServiceFigures } from './mesh-figures.ts'

const of = (host: string, value: number): EdgeSample => ({ metric: { destination_service: host }, value })
const answer = (parts: Partial<Record<'requests' | 'failures' | 'latency' | 'security', EdgeSample[]>>) => ({
  services: { requests: [], failures: [], latency: [], security: [], ...parts },
})

describe('figures of services', () => {
  it('are added up over all servers; latency is that of the slowest', () => {
    const host = 'pay.shop.svc.cluster.local'
    const services = toServiceFigures([
      answer({ requests: [of(host, 8)], failures: [of(host, 1)], latency: [of(host, 20)] }),
      answer({ requests: [of(host, 2)], latency: [of(host, 90)] }),
    ])
    expect(services).toEqual([{ namespace: 'shop', name: 'pay', requestRate: 10, errorRate: 0.1, latencyMs: 90 }])
  })

  it('leave out hosts that are no Service, and what is hardly called', () => {
    const requests = [of('api.example.com', 5), of('unknown', 5), of('idle.shop.svc.cluster.local', 0.0001)]
    expect(toServiceFigures([answer({ requests })])).toEqual([])
  })

  it('are ranked by requests, by failed requests, and by latency', () => {
    const service = (name: string, requestRate: number, errorRate: number, latencyMs: number) => ({
      namespace: 'shop',
      name,
      requestRate,
      errorRate,
      latencyMs,
    })
    const names = ({ name }: { name: string }): string => name
    const top = rankServices([
      service('big', 1_000, 0.01, 5),
      service('bad', 1, 1, 50),
      service('slow', 2, 0, 900),
      ...['a', 'b', 'c'].map((name) => service(name, 3, 0, 1)),
    ])
    expect(top.byRate.map(names)).toEqual(['big', 'a', 'b', 'c', 'slow'])
    expect(top.byErrors.map(names)).toEqual(['big', 'bad'])
    expect(top.byLatency.map(names).slice(0, 2)).toEqual(['slow', 'bad'])
  })

  it('tell mutual TLS of those whose server has told', () => {
    const security = (policy: string, value: number) => ({ metric: { connection_security_policy: policy }, value })
    expect(
      mtlsShareOf([answer({ security: [security('mutual_tls', 3), security('none', 1), security('unknown', 9)] })]),
    ).toBe(0.75)
    expect(mtlsShareOf([answer({ security: [security('unknown', 9)] })])).toBeUndefined()
  })
})

describe('series of several servers', () => {
  it('are added up instant by instant; a gap stays a gap', () => {
    expect(
      sumPoints([
        [
          [60, 1],
          [120, 2],
        ],
        [
          [120, 3],
          [240, 4],
        ],
      ]),
    ).toEqual([
      [60, 1],
      [120, 5],
      [240, 4],
    ])
  })
})

describe('queries of an overview', () => {
  it('are ten, each request counted once, and of proxies only', () => {
    const queries = overviewQueries(120)
    expect(Object.keys(queries)).toHaveLength(10)
    expect(queries.requests).toBe(
      'sum by (destination_service) (rate(istio_requests_total{reporter=~"source|waypoint"}[120s])' +
        ' or rate(istio_requests_total{reporter="destination",source_workload="unknown"}[120s]))',
    )
    expect(queries.proxyCpu).toBe('sum(rate(container_cpu_usage_seconds_total{container="istio-proxy"}[120s]))')
    expect(queries.proxyMemory).toBe('sum(container_memory_working_set_bytes{container="istio-proxy"})')
  })
})
