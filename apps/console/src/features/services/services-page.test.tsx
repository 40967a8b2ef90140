// @vitest-environment jsdom
import type { Problem, ServicePage, ServiceView, Topology } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const LIST = '*/api/v1/meshes/shop/services'
const TOPOLOGY = '*/api/v1/meshes/shop/topology'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
let seen: URLSearchParams[] = []

const reviews: ServiceView = {
  namespace: 'shop',
  name: 'reviews',
  clusters: ['alpha', 'beta'],
  type: 'ClusterIP',
  status: 'warning',
  reasons: [{ code: 'some-pods-not-injected', params: { pods: 3, injected: 2, clusters: ['beta'] } }],
  pods: 3,
  readyPods: 3,
  injectedPods: 2,
  versions: ['v1', 'v2'],
  ports: [{ name: 'http', port: 9080, protocol: 'TCP', appProtocol: 'http' }],
  labels: {},
}
const page = (items: ServiceView[]): ServicePage => ({
  items,
  total: items.length,
  all: items.length,
  page: 1,
  pageSize: 50,
  failures: [],
})
const topology: Topology = {
  at: 1,
  window: 120,
  latency: 'p95',
  nodes: [
    {
      id: 'r',
      type: 'service',
      namespace: 'shop',
      name: 'reviews',
      health: 'healthy',
      idle: false,
      inbound: { requestRate: 12.5, errorRate: 0.02, latencyMs: 84, bytesRate: 0 },
      outbound: { requestRate: 0, bytesRate: 0 },
    },
  ],
  edges: [],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  seen = []
  api.server.use(
    http.get(LIST, ({ request }) => {
      seen.push(new URL(request.url).searchParams)
      return HttpResponse.json(page([reviews]))
    }),
    http.get(TOPOLOGY, ({ request }) => {
      seen.push(new URL(request.url).searchParams)
      return HttpResponse.json(topology)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/services${query}`)
}
const fail = (path: string, problem: Problem) => api.server.use(http.get(path, () => problemResponse(problem)))

describe('services', { timeout: 40_000 }, () => {
  it('show health with its reason, coverage and traffic', async () => {
    open()
    const table = await screen.findByRole('table', undefined, SLOW)
    expect(within(table).getByRole('link', { name: 'reviews' }).getAttribute('href')).toBe(
      '/meshes/shop/services/shop/reviews/overview',
    )
    expect(within(table).getByText('2 of 3')).toBeTruthy()
    expect(await within(table).findByText('12.5')).toBeTruthy()
    expect(within(table).getByText('2%')).toBeTruthy()
    expect(within(table).getByText('84 ms')).toBeTruthy()
    within(table).getByText('Warning').focus()
    expect(await screen.findByText('2 of 3 pods have a sidecar; some in beta lack one.')).toBeTruthy()
  })

  it('ask the server for what the address says, and for the traffic of the namespaces shown', async () => {
    open('?statuses=error,warning&namespaces=shop&sort=-status&page=2')
    await screen.findByRole('table', undefined, SLOW)
    expect(Object.fromEntries(seen[0] ?? [])).toMatchObject({
      status: 'error,warning',
      namespace: 'shop',
      sort: '-status',
      page: '2',
    })
    await screen.findByText('12.5')
    // On a slow machine the list may be asked again after it.
    const topology = seen.find((query) => query.has('view'))
    expect(Object.fromEntries(topology ?? [])).toMatchObject({ view: 'service', namespaces: 'shop' })
  })

  it('stay useful without Prometheus, and say so', async () => {
    fail(TOPOLOGY, { type: 'about:blank', code: 'prometheus-not-configured', title: 'None', status: 404 })
    open()
    expect(
      await screen.findByText(/Traffic is not known: No Prometheus is set for this cluster/, undefined, SLOW),
    ).toBeTruthy()
    expect(screen.getByRole('link', { name: 'reviews' })).toBeTruthy()
  })

  it('say when there are none', async () => {
    api.server.use(http.get(LIST, () => HttpResponse.json(page([]))))
    open()
    expect(await screen.findByRole('heading', { name: 'No services' }, SLOW)).toBeTruthy()
  })

  it('say what failed', async () => {
    fail(LIST, { type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400, detail: 'no such column' })
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('no such column')
  })

  it('name the right that is missing', async () => {
    fail(LIST, {
      type: 'about:blank',
      code: 'forbidden',
      title: 'No',
      status: 403,
      missing: { verb: 'list', group: '', resource: 'services' },
    })
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('services')).toBeTruthy()
  })

  it('leads from a row to rules begun with the service, and to its labels in each cluster', async () => {
    api.server.use(http.get(LIST, () => HttpResponse.json(page([{ ...reviews, selector: { app: 'reviews' } }]))))
    open()
    await user.click(await screen.findByRole('button', { name: /More actions.*reviews/ }, SLOW))
    const items = (await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent)
    expect(items).toEqual([
      'New virtual service for it',
      'New destination rule for it',
      'New peer authentication for it',
      'New request authentication for it',
      'New authorization policy for it',
      'Use a wizard',
      'Labels and protocols in alpha',
      'Labels and protocols in beta',
    ])
    await user.click(screen.getByRole('menuitem', { name: 'New destination rule for it' }))
    await expect.poll(() => window.location.pathname).toBe('/meshes/shop/destination-rules/-create')
    expect(Object.fromEntries(new URL(window.location.href).searchParams)).toEqual({
      cluster: 'alpha',
      namespace: 'shop',
      service: 'reviews',
      labels: 'app=reviews',
      versions: 'v1,v2',
    })
  })

  it('offers a reader without rights nothing to change', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    await screen.findByRole('link', { name: 'reviews' }, SLOW)
    expect(screen.queryByRole('button', { name: /More actions/ })).toBeNull()
  })
})
