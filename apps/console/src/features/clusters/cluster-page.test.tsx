// @vitest-environment jsdom
import type { ClusterView, OrphanList, Problem } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView, FORBIDDEN } from './fixtures.ts'

const CLUSTER = '*/api/v1/clusters/alpha'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let left = 0
let orphans: OrphanList = { items: [], unread: [] }

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  left = 0
  orphans = { items: [], unread: [] }
  answer(clusterView({ meshes: ['shop'] }))
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: [], failures: [] })),
    http.get(`${CLUSTER}/orphans`, () => HttpResponse.json(orphans)),
    http.delete(CLUSTER, () => {
      left += 1
      return new HttpResponse(null, { status: 204 })
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const answer = (cluster: ClusterView) => api.server.use(http.get(CLUSTER, () => HttpResponse.json(cluster)))
const refuse = (problem: Problem) => api.server.use(http.get(CLUSTER, () => problemResponse(problem)))
const open = () => {
  close = openConsole('/clusters/alpha')
}

describe('a cluster', { timeout: 40_000 }, () => {
  it('tells its facts, what was found in words, its Istio and its meshes', async () => {
    open()
    const facts = within(await screen.findByRole('region', { name: 'Facts' }, SLOW))
    for (const text of ['v1.36.3', '3', 'http://prom.example:9090', 'cn-east', 'blue'])
      expect(facts.getByText(text)).toBeTruthy()
    expect(facts.getByRole('link', { name: 'shop' })).toBeTruthy()
    const found = within(screen.getByRole('table', { name: 'What was found' }))
    expect(found.getByRole('row', { name: /Rights.*It may not list pods/ })).toBeTruthy()
    const istio = within(screen.getByRole('table', { name: 'Istio' }))
    expect(istio.getByRole('row', { name: 'default istio-system 1.30.3 1 / 2' })).toBeTruthy()
  })

  it('says when nothing was found in it', async () => {
    answer(clusterView({ istio: [], conditions: [], meshes: [] }))
    open()
    expect(await screen.findByText('No Istio was found in this cluster.', undefined, SLOW)).toBeTruthy()
    expect(screen.getByText('The controller has not looked at it yet.')).toBeTruthy()
  })

  it('lists what meshes that are no more have left in it, with the commands that clean it up', async () => {
    orphans = {
      items: [
        {
          mesh: 'gone',
          cluster: 'alpha',
          seen: true,
          objects: [{ kind: 'HelmRelease', namespace: 'istio-system', name: 'istiod' }],
          unread: [],
          commands: ['helm --kube-context alpha uninstall istiod --namespace istio-system'],
        },
      ],
      unread: ['Secret'],
    }
    open()
    const card = within(await screen.findByRole('region', { name: 'Left by meshes that are no more' }, SLOW))
    expect(card.getByText('Helm release istio-system/istiod')).toBeTruthy()
    expect(card.getByText('helm --kube-context alpha uninstall istiod --namespace istio-system')).toBeTruthy()
    expect(card.getByText('You may not list Secret, so there may be more.')).toBeTruthy()
  })

  it('is left once its name is typed, and the list opens', async () => {
    answer(clusterView())
    open()
    await userEvent.click(await screen.findByRole('button', { name: 'Leave' }, SLOW))
    const dialog = await screen.findByRole('dialog')
    fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'alpha' } })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }))
    await waitFor(() => expect(window.location.pathname).toBe('/clusters'))
    expect(left).toBe(1)
  })

  it('offers a viewer no way to leave', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    await screen.findByRole('region', { name: 'Facts' }, SLOW)
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Leave' })).toBeNull())
  })

  it('says that there is none of that name', async () => {
    refuse({ ...BROKEN, code: 'unknown-cluster', status: 404 })
    open()
    expect(await screen.findByRole('heading', { name: 'No such cluster is joined' }, SLOW)).toBeTruthy()
  })

  it('says what failed', async () => {
    refuse(BROKEN)
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('names the right that is missing', async () => {
    refuse(FORBIDDEN)
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('clusters.meshdeck.io')).toBeTruthy()
  })
})
