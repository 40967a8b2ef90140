// @vitest-environment jsdom
import type { Problem, ServiceDetail, Topology, TopologyNode, TrustDomains } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'reviews',
    clusters: ['alpha'],
    type: 'ClusterIP',
    status: 'running',
    reasons: [],
    pods: 2,
    readyPods: 2,
    injectedPods: 2,
    versions: ['v1', 'v2'],
    ports: [{ port: 9080, protocol: 'TCP' }],
    labels: {},
  },
  addresses: [{ cluster: 'alpha', host: 'reviews.shop', type: 'ClusterIP', ips: [], selector: { app: 'reviews' } }],
  workloads: [],
  pods: [],
  rules: [],
  failures: [],
}
const traffic = { requestRate: 1, bytesRate: 0 }
const node = (id: string, namespace: string, name: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  type: 'workload',
  cluster: 'alpha',
  namespace,
  name,
  health: 'healthy',
  idle: false,
  inbound: traffic,
  outbound: traffic,
  ...more,
})
const calls: Topology = {
  at: 0,
  window: 3600,
  latency: 'none',
  nodes: [
    node('f', 'shop', 'front-v1'),
    node('b', 'jobs', 'batch'),
    node('r', 'shop', 'reviews-v1', { app: 'reviews' }),
  ],
  edges: ['f', 'b'].map((source) => ({
    id: source,
    source,
    target: 'r',
    protocol: 'http' as const,
    health: 'healthy' as const,
    requestRate: 1,
    sentRate: 0,
    receivedRate: 0,
    mtlsShare: source === 'b' ? 0 : 1,
    codes: {},
    flags: {},
    reporter: 'destination' as const,
  })),
  failures: [],
}
const front = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'front-v1', namespace: 'shop' },
  spec: { template: { spec: { serviceAccountName: 'front' } } },
}

/** The mesh’s own name, and one that it also takes. */
const trusted: TrustDomains = { items: [{ cluster: 'alpha', trustDomain: 'corp', aliases: ['old'] }] }
let shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: {} } }

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  const none = { items: [], total: 0, all: 0, page: 1, pageSize: 50, failures: [] }
  api.server.use(
    http.get('*/api/v1/meshes/shop/services', () => HttpResponse.json(none)),
    http.get('*/api/v1/meshes/shop/workloads', () => HttpResponse.json(none)),
    http.get('*/api/v1/meshes/shop/services/shop/reviews', () => HttpResponse.json(detail)),
    http.get('*/api/v1/meshes/shop/topology', () => HttpResponse.json(calls)),
    http.get('*/api/v1/meshes/shop/trust-domains', () => HttpResponse.json(trusted)),
    http.get('*/api/v1/clusters/alpha/resources/namespaces/shop', () => HttpResponse.json(shop)),
  )
})
afterEach(() => {
  shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: {} } }
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (path: string) => {
  close = openConsole(`/meshes/shop/-wizards/${path}`)
}
const written = () => api.writes.filter(({ dryRun }) => !dryRun).map(({ method, body }) => `${method} ${body.kind}`)

describe('a wizard', { timeout: 60_000 }, () => {
  it('tells what failed half-way, and takes back what was written', async () => {
    api.state.refuse = ({ dryRun, body }) =>
      !dryRun && body.kind === 'VirtualService'
        ? { type: 'about:blank', code: 'admission-denied', title: 'No', status: 422, detail: 'istiod is away' }
        : undefined
    open('split?service=shop/reviews&shares=v1%3D90,v2%3D10')
    await screen.findByText('Create destination rule shop / reviews', undefined, SLOW)
    await user.click(screen.getByRole('button', { name: 'Review' }))
    expect(await screen.findByText('destination rule shop / reviews: the server accepts it (dry run)')).toBeTruthy()
    const apply = await screen.findByRole('button', { name: 'Apply' })
    await expect.poll(() => apply.hasAttribute('disabled')).toBe(false)
    await user.click(apply)
    expect(await screen.findByText(/^Only a part is applied/)).toBeTruthy()
    expect(screen.getByText(/istiod is away/)).toBeTruthy()
    expect(written()).toEqual(['POST DestinationRule', 'POST VirtualService'])

    api.state.refuse = () => undefined
    await user.click(screen.getByRole('button', { name: 'Apply the rest' }))
    expect(await screen.findByText('All is applied.')).toBeTruthy()
    expect(written()).toEqual(['POST DestinationRule', 'POST VirtualService', 'POST VirtualService'])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('All is as it was before.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Back to the form' }))
    expect(await screen.findByText('Create destination rule shop / reviews')).toBeTruthy()
  })

  it('lets nothing be applied that the server refuses', async () => {
    api.state.refuse = ({ body }) =>
      body.kind === 'DestinationRule'
        ? {
            type: 'about:blank',
            code: 'invalid-object',
            title: 'No',
            status: 422,
            fields: [{ field: 'spec.host', message: 'not like this' }],
          }
        : undefined
    open('split?service=shop/reviews&shares=v1%3D90,v2%3D10')
    await screen.findByText('Create destination rule shop / reviews', undefined, SLOW)
    await user.click(screen.getByRole('button', { name: 'Review' }))
    expect(await screen.findByText('destination rule shop / reviews: the server refuses it')).toBeTruthy()
    expect(screen.getByText('not like this')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Apply' })).toHaveProperty('disabled', true)
    expect(written()).toEqual([])
  })

  it('names at its field what is wrong, and keeps the answers in the address', async () => {
    open('timeout?service=shop/reviews')
    const field = await screen.findByRole('textbox', { name: 'Timeout' }, SLOW)
    await user.clear(field)
    await user.type(field, 'soon')
    expect((await screen.findByRole('alert')).textContent).toBe('Write a time such as 5s or 200ms.')
    await user.clear(field)
    await user.type(field, '4s')
    expect(screen.queryByRole('alert')).toBeNull()
    await expect.poll(() => new URLSearchParams(window.location.search).get('timeout')).toBe('4s')
  })

  it('says who calls now and could not any more', async () => {
    api.keep('deployments', front)
    open('allow?service=shop/reviews&principals=old/ns/shop/sa/front,alien/ns/x/sa/y')
    const plan = await screen.findByRole('region', { name: 'What it would do' }, SLOW)
    expect(await within(plan).findByText('These called in the last hour and would be refused:')).toBeTruthy()
    expect(within(plan).getByText('jobs / batch')).toBeTruthy()
    expect(within(plan).queryByText('shop / front-v1')).toBeNull()
    expect(within(plan).getByText(/^These are of no trust domain of the mesh \(corp, old\).*: alien/)).toBeTruthy()
    close()
    open('mtls?scope=mesh')
    expect(await screen.findByText('Create peer authentication istio-system / default', undefined, SLOW)).toBeTruthy()
    close()
    open('mtls?namespace=shop')
    expect(
      await screen.findByText('These spoke plain text in the last hour and would be refused:', undefined, SLOW),
    ).toBeTruthy()
    expect(screen.getByText('jobs / batch')).toBeTruthy()
    expect(screen.queryByText('shop / front-v1')).toBeNull()
  })

  it('offers callers by the mesh’s own trust domain', async () => {
    api.keep('service-accounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'front', namespace: 'shop' },
    })
    open('allow?service=shop/reviews')
    await user.click(await screen.findByRole('combobox', { name: 'Callers' }, SLOW))
    expect(await screen.findByTitle('corp/ns/shop/sa/front')).toBeTruthy()
  })

  it('says what governs the service, and what ambient mode asks for', async () => {
    shop = { ...shop, metadata: { name: 'shop', labels: { 'istio.io/dataplane-mode': 'ambient' } } }
    api.keep('http-routes', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'theirs', namespace: 'shop' },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews' }],
        rules: [{ backendRefs: [{ name: 'reviews', port: 9080 }] }],
      },
    })
    open('split?service=shop/reviews&shares=v1%3D90,v2%3D10')
    const plan = await screen.findByRole('region', { name: 'What it would do' }, SLOW)
    expect(await within(plan).findByText('Change HTTP route shop / theirs; what else it says stays')).toBeTruthy()
    expect(within(plan).getByText('Create Service shop / reviews-v1')).toBeTruthy()
    expect(within(plan).getByRole('link', { name: 'HTTP route shop / theirs' })).toBeTruthy()
    expect(within(plan).getByText(/ambient mode and has no waypoint/)).toBeTruthy()
    expect(within(plan).getByRole('link', { name: 'Make a waypoint' }).getAttribute('href')).toContain('k8s-gateways')
    close()
    open('fault?service=shop/reviews')
    expect(await screen.findByText(/have no such setting/, undefined, SLOW)).toBeTruthy()
  })

  it('asks which kind of routes is meant where there are several', async () => {
    const reviews = [{ destination: { host: 'reviews' } }]
    api.keep('virtual-services', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'mixed', namespace: 'shop' },
      spec: { hosts: ['reviews'], http: [{ route: reviews }], tcp: [{ match: [{ port: 9080 }], route: reviews }] },
    })
    open('split?service=shop/reviews&shares=v1%3D90,v2%3D10&stream=tcp')
    expect(await screen.findByRole('combobox', { name: 'Kind of routes' }, SLOW)).toBeTruthy()
    expect(screen.getByText(/^It has routes of several kinds \(http, tcp\); those of tcp are changed/)).toBeTruthy()
  })

  it('goes on without routes of the Gateway API that may not be seen, and says so', async () => {
    const problem: Problem = { type: 'about:blank', code: 'forbidden', title: 'No', status: 403 }
    api.server.use(http.get('*/api/v1/clusters/alpha/resources/http-routes', () => problemResponse(problem)))
    open('split?service=shop/reviews&shares=v1%3D90,v2%3D10')
    expect(await screen.findByText('Create destination rule shop / reviews', undefined, SLOW)).toBeTruthy()
    expect(screen.getByText(/^You may not see HTTPRoute/)).toBeTruthy()
  })

  it('says what it may not see instead of planning without it', async () => {
    const problem: Problem = { type: 'about:blank', code: 'forbidden', title: 'No', status: 403 }
    api.server.use(http.get('*/api/v1/clusters/alpha/resources/virtual-services', () => problemResponse(problem)))
    open('mirror?service=shop/reviews')
    expect(await screen.findByRole('heading', { name: 'You may not see this' }, SLOW)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Review' })).toHaveProperty('disabled', true)
  })
})
