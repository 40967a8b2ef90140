// @vitest-environment jsdom
import type {
  ClusterList,
  MeshCertificates,
  MeshFigures,
  MeshOverview,
  NamespacePage,
  Problem,
  ResourceCounts,
} from '@meshdeck/contract'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

// jsdom has no canvas to draw on.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn() }),
}))

const OVERVIEW = '*/api/v1/meshes/shop/overview'
const FIGURES = '*/api/v1/meshes/shop/metrics/overview'
const CERTIFICATES = '*/api/v1/meshes/shop/certificates'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined

const overview: MeshOverview = {
  mesh: {
    name: 'shop',
    mode: 'External',
    phase: 'Degraded',
    version: '1.30.3',
    revision: 'default',
    namespace: 'istio-system',
    controlPlaneCluster: 'alpha',
    clusters: [
      { name: 'alpha', state: 'reachable', phase: 'Running' },
      { name: 'beta', state: 'lost' },
    ],
    conditions: [{ type: 'MembersReachable', status: 'False', reason: 'SomeLost', message: 'beta does not answer.' }],
    protected: false,
    counters: {
      clusters: { healthy: 1, total: 2 },
      services: { healthy: 3, total: 4 },
      pods: { running: 9, injected: 7, total: 9 },
    },
  },
  components: [
    {
      cluster: 'alpha',
      kind: 'Deployment',
      namespace: 'istio-system',
      name: 'istiod',
      version: '1.30.3',
      ready: 1,
      replicas: 2,
    },
  ],
  failures: [],
}
const AT = 1_795_489_440
const service = (name: string, requestRate: number, errorRate: number) => ({
  namespace: 'shop',
  name,
  requestRate,
  errorRate,
  latencyMs: 20,
})
const figures: MeshFigures = {
  from: AT - 3_600,
  to: AT,
  step: 60,
  requestRate: [
    [AT - 60, 1],
    [AT, 42.5],
  ],
  errorRate: [[AT, 0.031]],
  latencyP50: [[AT, 12]],
  latencyP90: [[AT, 150]],
  latencyP99: [],
  bytesRate: [[AT, 2_500_000]],
  proxyCpu: [],
  proxyMemory: [[AT, 640_000_000]],
  top: {
    byRate: [service('web', 100, 0), service('cart', 20, 0.01)],
    byErrors: [service('pay', 10, 0.5), service('cart', 20, 0.01)],
    byLatency: [service('web', 100, 0)],
  },
  failures: [],
}
const certificates: MeshCertificates = {
  items: [{ what: 'root', source: 'istio-ca-secret', cluster: 'alpha', notAfter: '2126-01-01T00:00:00Z' }],
  unread: ['beta'],
}
const total = (count: number): NamespacePage => ({
  items: [],
  total: count,
  all: 20,
  page: 1,
  pageSize: 1,
  failures: [],
})
const NO_PROMETHEUS: Problem = {
  type: 'about:blank',
  code: 'prometheus-not-configured',
  title: 'No Prometheus',
  status: 404,
  cluster: 'alpha',
}

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = vi.fn()
      disconnect = vi.fn()
    },
  )
})
beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  api.server.use(
    http.get(OVERVIEW, () => HttpResponse.json(overview)),
    http.get(FIGURES, () => HttpResponse.json(figures)),
    http.get(CERTIFICATES, () => HttpResponse.json(certificates)),
    http.get('*/api/v1/meshes/shop/injection', ({ request }) => {
      const { searchParams } = new URL(request.url)
      return HttpResponse.json(total(searchParams.has('pending') ? 2 : searchParams.has('policy') ? 4 : 10))
    }),
    http.get('*/api/v1/meshes/shop/workloads', () => HttpResponse.json({ ...total(25) })),
    http.get('*/api/v1/meshes/shop/resource-counts', () =>
      HttpResponse.json({
        counts: [
          { kind: 'VirtualService', count: 3, forbidden: false },
          { kind: 'DestinationRule', count: 0, forbidden: true },
          { kind: 'Istio', count: 9, forbidden: false },
        ],
        failures: [],
      } satisfies ResourceCounts),
    ),
    http.get('*/api/v1/clusters', () =>
      HttpResponse.json({
        items: [
          {
            name: 'alpha',
            source: 'secret',
            hub: false,
            state: 'reachable',
            istio: [],
            meshes: ['shop'],
            prometheusUrl: 'http://prom.example:9090',
            conditions: [],
          },
        ],
        failures: [],
      } satisfies ClusterList),
    ),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = () => {
  close = openConsole('/meshes/shop/overview')
}
const fail = (path: string, problem: Problem) => api.server.use(http.get(path, () => problemResponse(problem)))

describe('overview', { timeout: 40_000 }, () => {
  it('tells state, counts and control plane', async () => {
    open()
    const state = await screen.findByRole('region', { name: 'State' }, SLOW)
    expect(within(state).getByText('Not all clusters answer')).toBeTruthy()
    expect(within(state).getByText('beta does not answer.')).toBeTruthy()
    expect(within(screen.getByRole('table', { name: 'Components of Istio' })).getByText('1 of 2')).toBeTruthy()
    expect(await screen.findByText('4 / 10')).toBeTruthy()
    expect(screen.getByText('2 wait for a restart')).toBeTruthy()
    // Only what Istio reads counts as configuration, and only what may be seen.
    const configuration = screen.getByText('Istio and Gateway API objects').closest('dd')
    expect(configuration?.textContent).toMatch(/^3/)
  })

  it('lets a mesh that is not well be retried, edited and deleted', async () => {
    const record = { apiVersion: 'meshdeck.io/v1alpha1', kind: 'Mesh', metadata: { name: 'shop' }, spec: {} }
    const written: Record<string, string>[] = []
    api.server.use(
      http.get('*/api/v1/clusters/-hub/resources/meshes/shop', () => HttpResponse.json(record)),
      http.put('*/api/v1/clusters/-hub/resources/meshes/shop', async ({ request }) => {
        const body = (await request.json()) as { metadata: { annotations: Record<string, string> } }
        written.push(body.metadata.annotations)
        return HttpResponse.json(body)
      }),
    )
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Retry now' }, SLOW))
    await waitFor(() => expect(written.map((each) => Object.keys(each))).toEqual([['meshdeck.io/retried-at']]))
    expect(screen.getByRole('button', { name: 'Edit' })).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
  })

  it('tells the newest figures, how old they are and whose', async () => {
    open()
    const traffic = await screen.findByRole('region', { name: 'Traffic now' }, SLOW)
    expect(await within(traffic).findByText('42.5')).toBeTruthy()
    expect(within(traffic).getByText('3.1%')).toBeTruthy()
    // Nobody measured p99 at that instant, and no server reported on mTLS.
    expect(within(traffic).getAllByText('–')).toHaveLength(2)
    expect(await within(traffic).findByText(/alpha \(http:\/\/prom\.example:9090\)/)).toBeTruthy()
  })

  it('puts the services with the most failed requests first', async () => {
    open()
    const worst = await screen.findByRole('table', { name: 'Services with the most errors' }, SLOW)
    expect(
      within(worst)
        .getAllByRole('link')
        .map((link) => link.textContent),
    ).toEqual(['pay', 'cart'])
    expect(within(worst).getByRole('link', { name: 'pay' }).getAttribute('href')).toBe(
      '/meshes/shop/services/shop/pay/overview',
    )
  })

  it('draws the last hour, and says in words what nobody measures', async () => {
    open()
    const charts = within(await screen.findByRole('region', { name: 'Over time' }, SLOW))
    expect(await charts.findByRole('img', { name: 'Requests per second over time, at last 42.5' }, SLOW)).toBeTruthy()
    expect(charts.getByRole('img', { name: 'Memory of the proxies over time, at last 640 MB' })).toBeTruthy()
    expect(charts.getByText(/no container metrics of istio-proxy/)).toBeTruthy()
  })

  it('says what needs attention, each a link, and when certificates end', async () => {
    open()
    const attention = within(await screen.findByRole('list', { name: 'Needs attention' }, SLOW))
    const link = async (name: string) => (await attention.findByRole('link', { name })).getAttribute('href')
    expect(await link('beta cannot be reached')).toBe('/meshes/shop/clusters')
    expect(await link('istiod in alpha: 1 of 2 ready')).toBe(
      '/meshes/shop/deployments/istio-system/istiod?cluster=alpha',
    )
    expect(await link('2 namespaces have pods that wait for a restart')).toBe(
      '/meshes/shop/sidecars/namespaces?pending=true',
    )
    const table = within(await screen.findByRole('table', { name: 'Certificates' }))
    expect(table.getByRole('row', { name: /Root alpha istio-ca-secret in \d+ years/ })).toBeTruthy()
    expect(screen.getByText(/Not readable in beta/)).toBeTruthy()
  })

  it('says plainly that there is no Prometheus, and shows the rest', async () => {
    fail(FIGURES, NO_PROMETHEUS)
    open()
    expect(
      await screen.findByText('There are no figures from alpha: Meshdeck knows no Prometheus for it', undefined, SLOW),
    ).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Open alpha' })).toBeTruthy()
    expect(screen.getByText('7 / 9')).toBeTruthy()
  })

  it('says what failed', async () => {
    fail(OVERVIEW, {
      type: 'about:blank',
      code: 'bad-request',
      title: 'Bad',
      status: 400,
      detail: 'the words of the server',
    })
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('names the right that is missing', async () => {
    fail(OVERVIEW, {
      type: 'about:blank',
      code: 'forbidden',
      title: 'No',
      status: 403,
      missing: { verb: 'list', group: 'meshdeck.io', resource: 'meshes' },
    })
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('meshes.meshdeck.io')).toBeTruthy()
  })
})
