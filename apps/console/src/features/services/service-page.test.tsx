// @vitest-environment jsdom
import type { GoldenSignals, Problem, ServiceDetail } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const DETAIL = '*/api/v1/meshes/shop/services/shop/reviews'
const SLOW = { timeout: 20_000 }
const AT = 1_795_489_440
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'reviews',
    clusters: ['alpha'],
    type: 'ClusterIP',
    status: 'error',
    reasons: [{ code: 'no-pod-injected', params: { pods: 2, clusters: ['alpha'] } }],
    pods: 2,
    readyPods: 1,
    injectedPods: 0,
    versions: ['v1'],
    ports: [{ port: 9080, targetPort: '9080', protocol: 'TCP' }],
    labels: { app: 'reviews' },
  },
  addresses: [
    {
      cluster: 'alpha',
      host: 'reviews.shop.svc.cluster.local',
      type: 'ClusterIP',
      ips: ['10.96.1.2'],
      selector: { app: 'reviews' },
    },
  ],
  workloads: [
    {
      cluster: 'alpha',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'reviews-v1',
      labels: {},
      podLabels: { app: 'reviews' },
      replicas: 2,
      ready: 1,
      pods: 2,
      injectedPods: 0,
      injection: 'not-injected',
      injectsNewPods: false,
      policy: 'unset',
      settings: {},
      reason: 'pod-disabled',
      proxyVersions: [],
      services: ['reviews'],
    },
  ],
  pods: [
    {
      cluster: 'alpha',
      namespace: 'shop',
      name: 'reviews-v1-a',
      ip: '10.20.0.5',
      phase: 'Running',
      ready: true,
      injected: false,
      restarts: 0,
    },
    {
      cluster: 'alpha',
      namespace: 'shop',
      name: 'reviews-v1-b',
      phase: 'Pending',
      ready: false,
      injected: false,
      restarts: 3,
      problem: 'ImagePullBackOff',
    },
  ],
  rules: [{ cluster: 'alpha', kind: 'VirtualService', namespace: 'shop', name: 'reviews-canary' }],
  failures: [],
}
const golden: GoldenSignals = {
  from: AT - 300,
  to: AT,
  step: 60,
  requestRate: [[AT, 7.5]],
  errorRate: [[AT, 0]],
  latencyP50: [],
  latencyP90: [],
  latencyP99: [],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  api.server.use(
    http.get(DETAIL, () => HttpResponse.json(detail)),
    http.get('*/api/v1/meshes/shop/metrics/golden', () => HttpResponse.json(golden)),
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: [], failures: [] })),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (tab: string) => {
  close = openConsole(`/meshes/shop/services/shop/reviews/${tab}`)
}
const fail = (problem: Problem) => api.server.use(http.get(DETAIL, () => problemResponse(problem)))

describe('a service', { timeout: 40_000 }, () => {
  it('says what it is, how it is and why, and what it answers', async () => {
    open('overview')
    expect(
      await screen.findByText('None of its 2 pods has a sidecar (alpha), so it is outside the mesh.', undefined, SLOW),
    ).toBeTruthy()
    expect(await screen.findByText('7.5')).toBeTruthy()
    expect(within(screen.getByRole('table', { name: 'Ports' })).getByText(/not declared/)).toBeTruthy()
  })

  it('shows its addresses, and how many pods answer there', async () => {
    open('addresses')
    const card = await screen.findByRole('region', { name: 'In alpha' }, SLOW)
    expect(within(card).getByText('10.96.1.2')).toBeTruthy()
    expect(within(card).getByText(/1 of 2 pods are ready here/)).toBeTruthy()
    expect(within(card).getByRole('link', { name: 'All instances' }).getAttribute('href')).toBe(
      '/meshes/shop/services/shop/reviews/instances',
    )
  })

  it('shows workloads with why they have no sidecar', async () => {
    open('workloads')
    const table = await screen.findByRole('table', { name: 'Workloads' }, SLOW)
    within(table).getByText('Without sidecar').focus()
    expect(await screen.findByText(/the pod template refuses it/)).toBeTruthy()
  })

  it('leads to the rules in force on it and says why, and keeps the tab in the address', async () => {
    const object = { cluster: 'alpha', kind: 'VirtualService', namespace: 'shop', name: 'reviews-canary' }
    api.server.use(
      http.post('*/api/v1/meshes/shop/-references', () =>
        HttpResponse.json({
          items: [{ uses: [], usedBy: [{ object, path: 'spec.hosts[0]', part: 'object', loose: false }] }],
          hidden: ['Sidecar'],
          failures: [],
        }),
      ),
    )
    open('overview')
    await user.click(await screen.findByRole('tab', { name: 'Rules' }, SLOW))
    const link = await screen.findByRole('link', { name: 'reviews-canary' })
    expect(link.getAttribute('href')).toBe('/meshes/shop/virtual-services/shop/reviews-canary?cluster=alpha')
    expect(screen.getByText('spec.hosts[0]').closest('li')?.textContent).toBe('names this service: spec.hosts[0]')
    expect(screen.getByText(/may not see all objects of Sidecar/)).toBeTruthy()
    expect(window.location.pathname).toBe('/meshes/shop/services/shop/reviews/rules')
  })

  it('shows the YAML of the cluster', async () => {
    api.keep('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'reviews', namespace: 'shop' },
      spec: { clusterIP: '10.96.1.2' },
    })
    open('yaml')
    expect(
      await screen.findByText('kubectl --context alpha -n shop get services reviews -o yaml', undefined, SLOW),
    ).toBeTruthy()
    expect(await screen.findByText('10.96.1.2', { exact: false }, SLOW)).toBeTruthy()
  })

  it('says when it is gone', async () => {
    fail({ type: 'about:blank', code: 'not-found', title: 'Not found', status: 404 })
    open('overview')
    expect(await screen.findByText(/There is no service reviews in namespace shop/, undefined, SLOW)).toBeTruthy()
  })

  it('says what failed', async () => {
    fail({ type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400, detail: 'the words of the server' })
    open('overview')
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('names the right that is missing', async () => {
    fail({
      type: 'about:blank',
      code: 'forbidden',
      title: 'No',
      status: 403,
      missing: { verb: 'list', group: '', resource: 'services' },
    })
    open('overview')
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('services')).toBeTruthy()
  })
})
