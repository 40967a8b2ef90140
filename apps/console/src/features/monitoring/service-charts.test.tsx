// @vitest-environment jsdom
import type { MonitoringSection, Problem, ServiceDetail } from '@meshdeck/contract'
import { DASHBOARDS, type DashboardId } from '@meshdeck/mesh/monitoring'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { CHOICES, sectionFixture } from './fixtures.ts'

// jsdom has no canvas to draw on.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn() }),
  joinCharts: vi.fn(),
}))

const SLOW = { timeout: 60_000 }
const api = createFakeApi()
let close: () => void = () => undefined
const asked: { section: string; query: URLSearchParams }[] = []
let answerOf: (dashboard: DashboardId, section: string) => MonitoringSection | Problem

const workload = (name: string) => ({
  cluster: 'alpha',
  namespace: 'shop',
  kind: 'Deployment' as const,
  name,
  labels: {},
  podLabels: {},
  replicas: 1,
  ready: 1,
  pods: 1,
  injectedPods: 1,
  injection: 'injected' as const,
  injectsNewPods: true,
  policy: 'unset' as const,
  settings: {},
  reason: 'namespace-enabled',
  proxyVersions: [],
  services: ['cart'],
})
const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'cart',
    clusters: ['alpha'],
    type: 'ClusterIP',
    status: 'running',
    reasons: [],
    pods: 2,
    readyPods: 2,
    injectedPods: 2,
    versions: [],
    ports: [],
    labels: {},
  },
  addresses: [],
  workloads: [workload('cart-v1'), workload('cart-v2')],
  pods: [],
  rules: [],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  asked.length = 0
  answerOf = (dashboard, section) => sectionFixture(dashboard, section)
  api.server.use(
    http.get('*/api/v1/meshes/shop/services/shop/cart', () => HttpResponse.json(detail)),
    http.get('*/api/v1/meshes/shop/monitoring/-choices', () => HttpResponse.json(CHOICES)),
    http.get('*/api/v1/meshes/shop/monitoring/:dashboard/:section', ({ request, params }) => {
      const dashboard = DASHBOARDS.find(({ id }) => id === params['dashboard'])?.id ?? 'mesh'
      const section = String(params['section'])
      asked.push({ section, query: new URL(request.url).searchParams })
      const answer = answerOf(dashboard, section)
      return 'code' in answer ? problemResponse(answer) : HttpResponse.json(answer)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/services/shop/cart/traffic${query}`)
}

describe('the traffic of a service', SLOW, () => {
  it('is its dashboard, over the time in the address, with a way to the whole of it', async () => {
    open('?range=3h')
    expect(await screen.findByRole('figure', { name: 'Requests, as clients see them' }, SLOW)).toBeTruthy()
    const general = asked.find(({ section }) => section === 'general')
    expect(general && Object.fromEntries(general.query)).toMatchObject({
      range: '10800',
      namespace: 'shop',
      name: 'cart',
    })
    expect(screen.getByRole('link', { name: 'The whole dashboard' }).getAttribute('href')).toBe(
      '/meshes/shop/monitoring/services?range=3h&namespace=shop&name=cart',
    )
  })

  it('asks what its workloads call when that is opened, and of which is in the address', async () => {
    open('?workload=cart-v2')
    await userEvent.click(await screen.findByRole('button', { name: /Outbound/ }, SLOW))
    await waitFor(() => expect(asked.find(({ section }) => section === 'outbound')?.query.get('name')).toBe('cart-v2'))
    expect(new URL(window.location.href).searchParams.get('turned')).toBe('outbound')
    expect(asked.some(({ section }) => section === 'serviceWorkloads')).toBe(false)
  })

  it('says when nothing was measured, what failed, and which right is missing', async () => {
    answerOf = (dashboard, section) => sectionFixture(dashboard, section, () => ({ series: [], total: 0 }))
    open()
    const volume = await screen.findByRole('figure', { name: 'Requests, as clients see them' }, SLOW)
    expect(within(volume).getByText('Nothing was measured in this time.')).toBeTruthy()
    close()
    answerOf = () => ({ type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400, detail: 'own words' })
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('own words')
    close()
    answerOf = () => ({
      type: 'about:blank',
      code: 'forbidden',
      title: 'No',
      status: 403,
      missing: { verb: 'list', group: '', resource: 'services' },
    })
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('services')).toBeTruthy()
  })
})
