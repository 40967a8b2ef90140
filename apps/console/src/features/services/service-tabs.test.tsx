// @vitest-environment jsdom
import type { Problem, ServiceDetail, ServiceInstances, ServiceVersions } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const SERVICE = '*/api/v1/meshes/shop/services/shop/reviews'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'reviews',
    clusters: ['alpha', 'beta'],
    type: 'ClusterIP',
    status: 'running',
    reasons: [],
    pods: 3,
    readyPods: 2,
    injectedPods: 2,
    versions: ['v1', 'v2'],
    ports: [{ port: 9080, protocol: 'TCP' }],
    labels: {},
  },
  addresses: [],
  workloads: [],
  pods: [],
  rules: [],
  failures: [],
}
const instances: ServiceInstances = {
  items: [
    {
      kind: 'Pod',
      cluster: 'alpha',
      namespace: 'shop',
      name: 'reviews-v1-a',
      address: '10.20.0.5',
      node: 'n1',
      region: 'east',
      zone: 'east-a',
      phase: 'Running',
      ready: true,
      proxy: 'sidecar',
      proxyVersion: '1.30.3',
      mtls: 'STRICT',
      version: 'v1',
      workload: 'Deployment/reviews-v1',
      restarts: 0,
    },
    {
      kind: 'Pod',
      cluster: 'beta',
      namespace: 'shop',
      name: 'reviews-v2-b',
      phase: 'Pending',
      ready: false,
      problem: 'ImagePullBackOff',
      proxy: 'none',
      version: 'v2',
      restarts: 3,
    },
    {
      kind: 'WorkloadEntry',
      cluster: 'alpha',
      namespace: 'shop',
      name: 'old-iron',
      address: '10.9.9.9',
      phase: '',
      ready: true,
      proxy: 'none',
    },
  ],
  failures: [],
}
const versions: ServiceVersions = {
  window: 300,
  versions: [
    {
      version: 'v1',
      pods: 2,
      ready: 1,
      clusters: [
        { cluster: 'alpha', pods: 1, ready: 1 },
        { cluster: 'beta', pods: 1, ready: 0 },
      ],
      workloads: [{ cluster: 'alpha', name: 'Deployment/reviews-v1' }],
      subsets: [{ cluster: 'alpha', namespace: 'shop', name: 'reviews', subset: 'stable' }],
      wantedShare: 0.9,
      requestRate: 8,
      share: 0.8,
      errorRate: 0.05,
      latencyMs: 12,
    },
    { version: '', pods: 1, ready: 1, clusters: [], workloads: [], subsets: [], wantedShare: 0.1 },
  ],
  routes: [
    {
      cluster: 'alpha',
      namespace: 'shop',
      name: 'reviews-canary',
      route: 'http[0]',
      conditional: false,
      applied: true,
      destinations: [{ host: 'reviews.shop.svc.cluster.local', subset: 'stable', share: 0.9 }],
    },
  ],
  hidden: [],
  failures: [],
}
const FORBIDDEN: Problem = {
  type: 'about:blank',
  code: 'forbidden',
  title: 'No',
  status: 403,
  missing: { verb: 'list', group: '', resource: 'services' },
}
const LOST: Problem = { type: 'about:blank', code: 'cluster-unreachable', title: 'Lost', status: 502, cluster: 'beta' }

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  api.server.use(
    http.get(SERVICE, () => HttpResponse.json(detail)),
    http.get(`${SERVICE}/instances`, () => HttpResponse.json(instances)),
    http.get(`${SERVICE}/versions`, () => HttpResponse.json(versions)),
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
const rowOf = async (table: string, name: RegExp) =>
  within(await screen.findByRole('table', { name: table }, SLOW)).getByRole('row', { name })

describe('the instances of a service', { timeout: 60_000 }, () => {
  it('show where each is, how it is, and what it asks of callers', async () => {
    open('instances')
    await screen.findByText('reviews-v1-a', undefined, SLOW)
    const row = (name: string) => screen.getByText(name).closest('tr')?.textContent ?? ''
    for (const told of ['10.20.0.5', 'Ready', 'v1', 'Sidecar 1.30.3', 'STRICT', 'alpha', 'n1', 'east / east-a'])
      expect(row('reviews-v1-a')).toContain(told)
    expect(row('reviews-v2-b')).toContain('Not ready (Pending)')
    expect(row('reviews-v2-b')).toContain('plain text (no proxy)')
    expect(row('old-iron')).toContain('machine (WorkloadEntry)')
  })

  it('are narrowed by the address of the page', async () => {
    open('instances?clusters=beta')
    expect(await screen.findByText('reviews-v2-b', undefined, SLOW)).toBeTruthy()
    expect(screen.queryByText('reviews-v1-a')).toBeNull()
  })

  it('are searched, and the address keeps what for', async () => {
    open('instances')
    await user.type(await screen.findByRole('searchbox', { name: /Name, address/ }, SLOW), '10.9')
    expect(await screen.findByText('old-iron')).toBeTruthy()
    await expect.poll(() => new URL(window.location.href).searchParams.get('search')).toBe('10.9')
    expect(screen.queryByText('reviews-v1-a')).toBeNull()
  })

  it('say why there are none, which cluster is missing, what failed, and which right is missing', async () => {
    api.server.use(
      http.get(`${SERVICE}/instances`, () =>
        HttpResponse.json({ items: [], failures: [{ cluster: 'beta', problem: LOST }] }),
      ),
    )
    open('instances')
    expect(await screen.findByText('Nothing answers for this service', undefined, SLOW)).toBeTruthy()
    expect((await screen.findByText('beta')).textContent).toBe('beta')
    close()
    api.server.use(
      http.get(`${SERVICE}/instances`, () =>
        problemResponse({ ...LOST, code: 'bad-request', status: 400, detail: 'own words' }),
      ),
    )
    open('instances')
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('own words')
    close()
    api.server.use(http.get(`${SERVICE}/instances`, () => problemResponse(FORBIDDEN)))
    open('instances')
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('services')).toBeTruthy()
  })
})

describe('the versions of a service', { timeout: 60_000 }, () => {
  it('show pods, subsets, what is wanted and what was measured', async () => {
    open('versions')
    const row = await rowOf('Versions', /^v1/)
    expect(within(row).getByText('1 of 2')).toBeTruthy()
    expect(within(row).getByRole('link', { name: 'stable of reviews (alpha)' }).getAttribute('href')).toBe(
      '/meshes/shop/destination-rules/shop/reviews?cluster=alpha',
    )
    expect(
      within(row)
        .getAllByRole('cell')
        .slice(3)
        .map(({ textContent }) => textContent),
    ).toEqual(['90%', '80%', '8', '5%', '12 ms'])
    const plain = await rowOf('Versions', /^without a version/)
    expect(
      within(plain)
        .getAllByRole('cell')
        .slice(3)
        .map(({ textContent }) => textContent),
    ).toEqual(['10%', '–', '–', '–', '–'])
  })

  it('lead to the wizards, begun with this service, and to the routes', async () => {
    open('versions')
    const link = await screen.findByRole('link', { name: 'Canary release' }, SLOW)
    expect(link.getAttribute('href')).toBe('/meshes/shop/-wizards/canary?service=shop%2Freviews')
    const route = await rowOf('Routes to this service', /reviews-canary/)
    expect(within(route).getByText('everything else; the wanted shares are from here')).toBeTruthy()
    expect(within(route).getByText('reviews.shop.svc.cluster.local (stable) 90%')).toBeTruthy()
  })

  it('say what a reader may not see, why there are none, what failed, and which right is missing', async () => {
    api.server.use(
      http.get(`${SERVICE}/versions`, () =>
        HttpResponse.json({ ...versions, versions: [], routes: [], hidden: ['DestinationRule'] }),
      ),
    )
    open('versions')
    expect(await screen.findByText(/may not see all objects of DestinationRule/, undefined, SLOW)).toBeTruthy()
    expect(screen.getByText('No versions')).toBeTruthy()
    close()
    api.server.use(
      http.get(`${SERVICE}/versions`, () =>
        problemResponse({ ...LOST, code: 'bad-request', status: 400, detail: 'own words' }),
      ),
    )
    open('versions')
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('own words')
    close()
    api.server.use(http.get(`${SERVICE}/versions`, () => problemResponse(FORBIDDEN)))
    open('versions')
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('services')).toBeTruthy()
  })
})
