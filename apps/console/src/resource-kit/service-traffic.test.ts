import type { TopologyEdge, TopologyNode } from '@meshdeck/contract'
import { describe, expect, it } from 'vitest'
import { mtlsShare, trafficByService } from './service-traffic.ts'

const node = (
  cluster: string,
  inbound: Partial<TopologyNode['inbound']>,
  over: Partial<TopologyNode> = {},
): TopologyNode => ({
  id: `service:${cluster}/shop/web`,
  type: 'service',
  cluster,
  namespace: 'shop',
  name: 'web',
  health: 'healthy',
  idle: false,
  inbound: { requestRate: 0, bytesRate: 0, ...inbound },
  outbound: { requestRate: 0, bytesRate: 0 },
  ...over,
})
const edge = (protocol: TopologyEdge['protocol'], requestRate: number, share?: number): TopologyEdge => ({
  id: `${protocol}-${requestRate}`,
  source: 'a',
  target: 'b',
  protocol,
  health: 'healthy',
  requestRate,
  sentRate: 0,
  receivedRate: 0,
  codes: {},
  flags: {},
  reporter: 'destination',
  ...(share === undefined ? {} : { mtlsShare: share }),
})

describe('trafficByService', () => {
  it('adds up the clusters: rates by sum, errors by weight, latency by the slowest', () => {
    const nodes = [
      node('alpha', { requestRate: 30, errorRate: 0, latencyMs: 20 }),
      node('beta', { requestRate: 10, errorRate: 0.2, latencyMs: 90 }),
    ]
    expect(trafficByService({ nodes }).get('shop/web')).toEqual({
      namespace: 'shop',
      name: 'web',
      requestRate: 40,
      errorRate: 0.05,
      latencyMs: 90,
    })
  })

  it('leaves out what nobody calls, and what is no service', () => {
    const nodes = [node('alpha', {}), node('alpha', { requestRate: 5 }, { type: 'external', name: 'api.example' })]
    expect(trafficByService({ nodes }).size).toBe(0)
  })

  it('does not make zero of what was not measured', () => {
    const traffic = trafficByService({ nodes: [node('alpha', { requestRate: 5 })] }).get('shop/web')
    expect(traffic).not.toHaveProperty('errorRate')
    expect(traffic).not.toHaveProperty('latencyMs')
  })
})

describe('mtlsShare', () => {
  it('weighs by requests, and leaves TCP and the untold out', () => {
    const edges = [edge('http', 30, 1), edge('grpc', 10, 0), edge('tcp', 0, 0), edge('http', 500)]
    expect(mtlsShare({ edges })).toBe(0.75)
    expect(mtlsShare({ edges: [edge('http', 5)] })).toBeUndefined()
  })
})
