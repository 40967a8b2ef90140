// @vitest-environment jsdom
import type { Problem, ServiceDetail, Topology } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { edge, node, shopTopology } from './fixtures.ts'
import { SLOW, TOPOLOGY, topologyPage } from './testing/topology-page.ts'

const page = topologyPage()
const [WEB, CART, MYSQL] = ['service:alpha/shop/web', 'service:alpha/shop/cart', 'service:alpha/shop/mysql'] as const
const topology: Topology = shopTopology({
  nodes: [WEB, CART, MYSQL].map((id) => node(id, { type: 'service' })),
  edges: [edge(WEB, CART, { requestRate: 7 }), edge(CART, MYSQL), edge(MYSQL, WEB, { requestRate: 3 })],
})
const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'cart',
    clusters: ['alpha'],
    type: 'ClusterIP',
    status: 'running',
    reasons: [],
    pods: 1,
    readyPods: 1,
    injectedPods: 1,
    versions: [],
    ports: [],
    labels: {},
  },
  addresses: [],
  workloads: [],
  pods: [],
  rules: [],
  failures: [],
}

beforeEach(() => {
  page.answer(topology)
  page.api.server.use(http.get('*/api/v1/meshes/shop/services/shop/cart', () => HttpResponse.json(detail)))
})

/** The table: the picture needs a real canvas. */
const open = (query = '') => openConsole(`/meshes/shop/services/shop/cart/topology?display=table${query}`)
const refuse = (problem: Problem) => page.api.server.use(http.get(TOPOLOGY, () => problemResponse(problem)))

describe('what is around a service', { timeout: 60_000 }, () => {
  it('is who calls it and what it calls, as far as the address says', async () => {
    const close = open('&hops=1&direction=up')
    const rows = within(await page.table()).getAllByRole('row')
    expect(rows).toHaveLength(2)
    expect(rows[1]?.textContent).toContain('web')
    expect(page.asked()[0]?.get('view')).toBe('service')
    await userEvent.click(screen.getByRole('link', { name: 'In the whole topology' }))
    const { searchParams, pathname } = new URL(window.location.href)
    expect(pathname).toBe('/meshes/shop/topology')
    expect(Object.fromEntries(searchParams)).toMatchObject({ view: 'service', focus: CART, hops: '1', direction: 'up' })
    close()
  })

  it('leads from a call to the topology, where it is chosen', async () => {
    const close = open('&hops=1')
    const [first] = within(await page.table()).getAllByRole('button', { name: 'web' })
    if (!first) throw new Error('nobody calls it')
    await userEvent.click(first)
    await expect.poll(() => new URL(window.location.href).pathname).toBe('/meshes/shop/topology')
    expect(new URL(window.location.href).searchParams.get('selected')).not.toBeNull()
    close()
  })

  it('says when there is no traffic, what failed, and which right is missing', async () => {
    page.answer({ ...topology, edges: [] })
    let close = open()
    expect(await screen.findByText('No traffic around this service', undefined, SLOW)).toBeTruthy()
    close()
    refuse({ type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400, detail: 'own words' })
    close = open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('own words')
    close()
    const missing = { verb: 'list', group: '', resource: 'services' }
    refuse({ type: 'about:blank', code: 'forbidden', title: 'No', status: 403, missing })
    close = open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('services')).toBeTruthy()
    close()
  })
})
