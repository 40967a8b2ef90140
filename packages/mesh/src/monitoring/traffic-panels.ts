import { sumBy } from '../promql/promql.ts'
import { selectorsOf } from './exemplars.ts'
import {
  QUANTILE_LABEL,
  quantilesOf,
  rateOf,
  SECURITY_LABEL,
  successOf,
  withSecurity,
  type Selections,
} from './expressions.ts'
import type { Panel, PanelExemplars, PanelQuery, Reporter, Unit, Variables } from './panel.ts'

const DURATION_BUCKETS = 'istio_request_duration_milliseconds_bucket'

/** Some traffic, seen by one reporter. */
export interface Traffic {
  of: (variables: Variables) => Selections
  /** The chosen one when absent. */
  reporter?: Reporter
  /** Labels by which its panels tell series apart. */
  by: readonly string[]
  /** Ends the keys of their names: `requestsBySource`. */
  suffix: string
  /** Begins their ids. */
  prefix: string
  /** From the caller's side, where what a server receives is what the caller has sent. */
  outbound?: boolean
}

/** The seven panels of one kind of traffic: requests by code, success, duration, two sizes, TCP both ways. Each tells mutual TLS apart. */
export function trafficPanels(traffic: Traffic): readonly Panel[] {
  const { of, by, prefix, suffix, outbound = false } = traffic
  const labels = [...by, SECURITY_LABEL]
  const secured =
    (variables: Variables) =>
    (rates: string): string =>
      withSecurity(rates, traffic.reporter ?? variables.reporter)
  const panel = (id: string, unit: Unit, query: Omit<PanelQuery, 'id'>): Panel => ({
    id: `${prefix}-${id}`,
    title: `${id}${suffix}`,
    chart: 'line',
    unit,
    queries: [{ id, ...query }],
    bounded: true,
  })
  const exemplars = (metric: string, more: Pick<PanelExemplars, 'by' | 'valued'>): Pick<Panel, 'exemplars'> => ({
    exemplars: {
      promql: selectorsOf(metric, of),
      ...(traffic.reporter === undefined ? {} : { reporter: traffic.reporter }),
      ...more,
    },
  })
  const distribution = (id: string, unit: Unit, metric: string): Panel =>
    panel(id, unit, {
      by: [...labels, QUANTILE_LABEL],
      promql: (variables) =>
        quantilesOf(labels, secured(variables)(rateOf(metric, of(variables), variables)), variables),
    })
  const bytes = (id: string, metric: string): Panel =>
    panel(id, 'bytesPerSecond', {
      by: labels,
      promql: (variables) => sumBy(labels, secured(variables)(rateOf(metric, of(variables), variables))),
    })
  const [received, sent] = outbound ? ['tcpAnswered', 'tcpAsked'] : ['tcpReceived', 'tcpSent']
  const byCode = [...labels, 'response_code']
  return [
    {
      ...panel('requests', 'requestsPerSecond', {
        by: byCode,
        promql: (variables) =>
          sumBy(byCode, secured(variables)(rateOf('istio_requests_total', of(variables), variables))),
      }),
      ...exemplars('istio_requests_total', { by: byCode, valued: false }),
    },
    panel('success', 'share', {
      by: labels,
      promql: (variables) => {
        const { good, all } = successOf(labels, of(variables), variables, secured(variables))
        return `(${good}) / ${all}`
      },
    }),
    {
      ...distribution('duration', 'milliseconds', DURATION_BUCKETS),
      ...exemplars(DURATION_BUCKETS, { by: labels, valued: true }),
    },
    distribution('requestSize', 'bytes', 'istio_request_bytes_bucket'),
    distribution('responseSize', 'bytes', 'istio_response_bytes_bucket'),
    // The counters are named from the server's side.
    ...(outbound
      ? [bytes(sent, 'istio_tcp_received_bytes_total'), bytes(received, 'istio_tcp_sent_bytes_total')]
      : [bytes(received, 'istio_tcp_received_bytes_total'), bytes(sent, 'istio_tcp_sent_bytes_total')]),
  ]
}

/** One figure for all of some traffic. */
export function numberPanel(
  id: string,
  unit: Unit,
  promql: PanelQuery['promql'],
  { title = id, over }: { title?: string; over?: PanelQuery['promql'] } = {},
): Panel {
  return {
    id,
    title,
    chart: 'number',
    unit,
    queries: [{ id, by: [], promql, ...(over ? { over } : {}) }],
    bounded: true,
  }
}

/** Requests per second, their success, and how long they take. */
export function goldenPanels(prefix: string, of: (variables: Variables) => Selections): readonly Panel[] {
  const id = (what: string): string => `${prefix}${what}`
  return [
    numberPanel(id('Requests'), 'requestsPerSecond', (variables) =>
      sumBy([], rateOf('istio_requests_total', of(variables), variables)),
    ),
    numberPanel(id('Success'), 'share', (variables) => successOf([], of(variables), variables).good, {
      over: (variables) => successOf([], of(variables), variables).all,
    }),
    {
      id: id('Duration'),
      title: id('Duration'),
      chart: 'line',
      unit: 'milliseconds',
      bounded: true,
      queries: [
        {
          id: 'duration',
          by: [QUANTILE_LABEL],
          promql: (variables) => quantilesOf([], rateOf(DURATION_BUCKETS, of(variables), variables), variables),
        },
      ],
      exemplars: { promql: selectorsOf(DURATION_BUCKETS, of), by: [], valued: true },
    },
  ]
}
