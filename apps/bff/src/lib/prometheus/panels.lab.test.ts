import { isRecord } from '@meshdeck/kube'
import { labState, type LabState } from '@meshdeck/lab'
import { DASHBOARDS, panelsOf, REPORTERS, type Panel, type Variables } from '@meshdeck/mesh/monitoring'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fetchPanels } from './panel-answers.ts'
import { alignedNow, createPrometheusClient, type PrometheusClient } from './prometheus-client.ts'

const WINDOW_SECONDS = 60
const VARIABLES: Variables = {
  window: WINDOW_SECONDS,
  systemNamespace: 'istio-system',
  namespace: 'shop',
  name: 'cart',
  reporter: 'source',
  quantiles: [0.5, 0.9, 0.99],
  peers: [],
  peerNamespaces: [],
}
/** Of HTTP, of TCP as a server, and of TCP as a client. */
const SUBJECTS = {
  services: [
    { namespace: 'shop', name: 'cart' },
    { namespace: 'backend', name: 'mysql' },
  ],
  workloads: [
    { namespace: 'shop', name: 'cart' },
    { namespace: 'backend', name: 'mysql' },
    { namespace: 'backend', name: 'orders' },
  ],
} as const
/** The lab has no kubelet and no ztunnel. */
const NOT_MEASURED =
  /^(performance\/(cpu|memoryEach|proxy|istiodDisk)|ztunnel\/)|container$|^performance\/istiod.*total$/
/** istiod makes a series when something first happens, and in the lab no proxy is connected and nothing has failed. */
const ON_DEMAND = new RegExp(
  '^control-plane/(convergence|queueTime|certificates/certificateChain|rejected|xdsPushes|events/triggers|connections|' +
    'pushErrors|pushTime|pushSize|validation/failed|injection/failed)',
)

let cluster: LabState['clusters'][number]
let client: PrometheusClient
let at: number

/** Prometheus asked without any of our code. */
async function ask(query: string): Promise<{ labels: Record<string, unknown>; value: number }[]> {
  const response = await fetch(
    `${cluster.prometheusUrl}/api/v1/query?${new URLSearchParams({ query, time: String(at) })}`,
  )
  const body: unknown = await response.json()
  if (!isRecord(body) || !isRecord(body['data']) || !Array.isArray(body['data']['result']))
    throw new Error(`${query}: ${JSON.stringify(body)}`)
  return body['data']['result'].filter(isRecord).map(({ metric, value }) => ({
    labels: isRecord(metric) ? metric : {},
    value: Array.isArray(value) ? Number(value[1]) : Number.NaN,
  }))
}

const subjectsOf = (dashboard: string): readonly Partial<Variables>[] =>
  dashboard === 'services' || dashboard === 'workloads' ? SUBJECTS[dashboard] : [{}]

async function answersOf(panel: Panel, variables: Variables) {
  const [answer] = await fetchPanels(client, [panel], variables, { from: at, to: at, step: 5 })
  if (answer === undefined || !('answers' in answer)) throw new Error(panel.id)
  return answer.answers
}

beforeAll(async () => {
  const [first] = (await labState()).clusters
  if (first === undefined) throw new Error('the lab has no cluster')
  cluster = first
  client = createPrometheusClient({ url: cluster.prometheusUrl, policy: { allowLoopback: true } })
  // Some seconds back, so that no scrape can still change the answer; a lab that came up just now is waited for.
  await vi.waitFor(
    async () => {
      at = alignedNow() - 10
      const raw = await ask(`sum(rate(istio_requests_total[${WINDOW_SECONDS}s]))`)
      expect(raw[0]?.value).toBeGreaterThan(0)
    },
    { timeout: 55_000, interval: 1_000 },
  )
})
afterAll(() => client.close())

describe('a real Prometheus', () => {
  it('accepts every query of every panel, under all variables', async () => {
    for (const dashboard of DASHBOARDS) {
      for (const more of [
        ...REPORTERS.map((reporter) => ({ reporter })),
        {
          cluster: 'alpha',
          revision: 'default',
          within: ['shop', 'backend'],
          peers: ['web'],
          peerNamespaces: ['shop'],
        },
      ]) {
        const variables = { ...VARIABLES, ...more }
        for (const panel of panelsOf(dashboard)) {
          const answers = await answersOf(panel, variables)
          expect([dashboard.id, panel.id, answers.length]).toEqual([dashboard.id, panel.id, panel.queries.length])
          expect(answers.flatMap(({ warnings }) => warnings)).toEqual([])
        }
      }
    }
  })

  it('has figures for what is measured here, with real names of metrics', async () => {
    const filled = new Set<string>()
    const all: string[] = []
    for (const dashboard of DASHBOARDS) {
      for (const panel of panelsOf(dashboard)) {
        all.push(...panel.queries.map((query) => `${dashboard.id}/${panel.id}/${query.id}`))
        for (const subject of subjectsOf(dashboard.id)) {
          for (const { query, series } of await answersOf(panel, { ...VARIABLES, ...subject }))
            if (series.some(({ points }) => points.length > 0)) filled.add(`${dashboard.id}/${panel.id}/${query.id}`)
        }
      }
    }
    const empty = all.filter((id) => !filled.has(id) && !NOT_MEASURED.test(id) && !ON_DEMAND.test(id))
    process.stdout.write(`panels on the lab: ${filled.size} of ${all.length} queries with figures\n`)
    expect(empty).toEqual([])
  })

  it('gives the panels what it gives to plain queries of the same', async () => {
    const valueOf = async (dashboard: string, id: string, more: Partial<Variables> = {}) => {
      const panel = DASHBOARDS.filter((each) => each.id === dashboard)
        .flatMap((each) => panelsOf(each))
        .find((each) => each.id === id)
      if (panel === undefined) throw new Error(id)
      const [answer] = await answersOf(panel, { ...VARIABLES, ...more })
      const [value, over] = [answer?.series[0], answer?.over?.[0]].map((series) => series?.points.at(-1)?.[1])
      return over === undefined ? value : (value ?? Number.NaN) / over
    }
    const raw = await ask(`rate(istio_requests_total[${WINDOW_SECONDS}s])`)
    const total = (take: (labels: Record<string, unknown>) => boolean): number =>
      raw.filter(({ labels }) => take(labels)).reduce((sum, { value }) => sum + value, 0)
    const once = ({ reporter, source_workload }: Record<string, unknown>): boolean =>
      reporter !== 'destination' || source_workload === 'unknown'
    const failed = ({ response_code, grpc_response_status = '' }: Record<string, unknown>): boolean =>
      /^(0|5..)$/.test(String(response_code)) || !['', '0'].includes(String(grpc_response_status))

    expect(await valueOf('mesh', 'volume')).toBeCloseTo(total(once), 9)
    expect(await valueOf('mesh', 'success')).toBeCloseTo(
      1 - total((labels) => once(labels) && failed(labels)) / total(once),
      9,
    )
    const cart = ({ reporter, destination_service }: Record<string, unknown>): boolean =>
      reporter === 'source' && String(destination_service).startsWith('cart.shop.svc.')
    expect(await valueOf('services', 'clientRequests')).toBeCloseTo(total(cart), 9)
    expect(total(cart)).toBeGreaterThan(0)
    const [goroutines] = await ask('go_goroutines{app="istiod"}')
    expect(await valueOf('control-plane', 'goroutines')).toBe(goroutines?.value)
    const [services] = await ask('istio_build{component="pilot"}')
    expect(await valueOf('control-plane', 'istiodVersions')).toBe(services?.value)
  })
})
