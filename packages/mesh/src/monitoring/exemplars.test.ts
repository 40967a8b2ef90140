import { describe, expect, it } from 'vitest'
import { DASHBOARDS, findDashboard, panelsOf } from './dashboards.ts'
import { exemplarLabels, spreadExemplars, type Exemplar } from './exemplars.ts'
import type { PanelExemplars, Variables } from './panel.ts'

const VARIABLES: Variables = {
  window: 60,
  systemNamespace: 'istio-system',
  namespace: 'shop',
  name: 'cart',
  reporter: 'destination',
  quantiles: [0.5],
  peers: ['web-v1'],
  peerNamespaces: [],
}

it('the panels of requests and durations have exemplars where they are drawn as lines', () => {
  const having = DASHBOARDS.flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ id, chart, exemplars }) => (exemplars ? [`${dashboard.id}/${id} ${chart}`] : [])),
  )
  expect(having).toEqual([
    'services/clientDuration line',
    'services/serverDuration line',
    'services/clients-requests line',
    'services/clients-duration line',
    'services/workloads-requests line',
    'services/workloads-duration line',
    'workloads/incomingDuration line',
    'workloads/inbound-requests line',
    'workloads/inbound-duration line',
    'workloads/outbound-requests line',
    'workloads/outbound-duration line',
  ])
})

it('asks for the series of its lines, and for no others', () => {
  const services = findDashboard('services')
  const panel = services && panelsOf(services).find(({ id }) => id === 'clients-duration')
  expect(panel?.exemplars?.promql(VARIABLES)).toBe(
    String.raw`istio_request_duration_milliseconds_bucket{reporter="destination",destination_service=~"cart\\.shop\\.svc\\..+",source_workload="web-v1"}`,
  )
})

describe('exemplarLabels', () => {
  const exemplars: PanelExemplars = {
    promql: () => '',
    by: ['source_workload', 'connection_security_policy'],
    valued: true,
  }
  const series = {
    __name__: 'x_bucket',
    le: '10',
    source_workload: 'web',
    destination_principal: 'spiffe://a',
    connection_security_policy: 'unknown',
  }

  it('keeps those that tell the lines apart', () => {
    expect(exemplarLabels(exemplars, series, 'destination')).toEqual({
      source_workload: 'web',
      connection_security_policy: 'unknown',
    })
    expect(exemplarLabels(exemplars, {}, 'source')).toEqual({})
  })

  it('finds mutual TLS in what a client reports as the lines do', () => {
    expect(exemplarLabels(exemplars, series, 'source')).toMatchObject({ connection_security_policy: 'mutual_tls' })
    const others = { ...series, destination_principal: 'unknown' }
    expect(exemplarLabels(exemplars, others, 'source')).toMatchObject({ connection_security_policy: 'unknown' })
    expect(exemplarLabels({ ...exemplars, reporter: 'destination' }, series, 'source')).toMatchObject({
      connection_security_policy: 'unknown',
    })
  })
})

describe('spreadExemplars', () => {
  const one = (at: number, value: number): Exemplar => ({ at, value, traceId: `${at}-${value}` })

  it('keeps all of few, in the order of time', () => {
    expect(spreadExemplars([one(30, 1), one(10, 2)], { from: 0, to: 100 }, 5)).toEqual([one(10, 2), one(30, 1)])
    expect(spreadExemplars([], { from: 0, to: 0 }, 5)).toEqual([])
  })

  it('keeps of many the slowest of every time, and not those of one time only', () => {
    const crowd = Array.from({ length: 50 }, (_, index) => one(91 + index / 100, 100 + index))
    const kept = spreadExemplars([one(5, 1), one(25, 1), one(26, 2), one(45, 1), ...crowd], { from: 0, to: 100 }, 5)
    expect(kept).toEqual([one(5, 1), one(26, 2), one(45, 1), one(91.48, 148), one(91.49, 149)])
  })
})
