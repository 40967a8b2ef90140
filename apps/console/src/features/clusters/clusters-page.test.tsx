// @vitest-environment jsdom
import type { ClusterList, ClusterView } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView, FORBIDDEN } from './fixtures.ts'

const CLUSTERS = '*/api/v1/clusters'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let clusters: ClusterView[] = []
let left: string[] = []

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  clusters = [
    clusterView({ displayName: 'The first', meshes: ['shop'] }),
    clusterView({ name: 'beta', region: 'cn-west' }),
    clusterView({ name: 'started', source: 'kubeconfig', hub: true, istio: [], conditions: [] }),
  ]
  left = []
  api.server.use(
    http.get(CLUSTERS, () => HttpResponse.json({ items: clusters, failures: [] } satisfies ClusterList)),
    http.delete('*/api/v1/clusters/:name', ({ params }) => {
      left.push(String(params['name']))
      clusters = clusters.filter(({ name }) => name !== params['name'])
      return new HttpResponse(null, { status: 204 })
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/clusters${query}`)
}
const row = async (name: RegExp) => within(await screen.findByRole('row', { name }, SLOW))
const openLeave = async (name: string) => {
  await userEvent.click(await screen.findByRole('button', { name: `More actions for ${name}` }, SLOW))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Leave' }))
  return screen.findByRole('dialog')
}
const typeName = (dialog: HTMLElement, name: string) =>
  fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: name } })

describe('clusters', { timeout: 40_000 }, () => {
  it('tell connection, rights, Prometheus and Istio, and why on focus', async () => {
    open()
    const alpha = await row(/alpha/)
    for (const text of ['Reachable', 'Incomplete', 'Answers', 'v1.36.3', '1.30.3', 'cn-east', 'blue', 'The first'])
      expect(alpha.getByText(text)).toBeTruthy()
    expect(alpha.getByRole('link', { name: 'shop' }).getAttribute('href')).toBe('/meshes/shop/overview')
    alpha.getByText('Incomplete').focus()
    expect((await screen.findByRole('tooltip')).textContent).toBe('It may not list pods.')
    expect((await row(/started/)).getByText('Hub')).toBeTruthy()
  })

  it('are searched by the address', async () => {
    open('?search=cn-west')
    await row(/beta/)
    expect(screen.queryByRole('row', { name: /alpha/ })).toBeNull()
  })

  it('change when one is lost', async () => {
    open()
    await row(/beta/)
    clusters = [clusterView({ name: 'beta', state: 'lost' })]
    api.notify({ type: 'cluster', cluster: 'beta', state: 'lost' })
    expect(await (await row(/beta/)).findByText('Lost')).toBeTruthy()
  })

  it('are left once the name is typed', async () => {
    open()
    const dialog = await openLeave('beta')
    expect(within(dialog).getByText('kubectl delete cluster.meshdeck.io beta')).toBeTruthy()
    const confirm = within(dialog).getByRole('button', { name: 'Leave' })
    typeName(dialog, 'bet')
    expect(confirm.hasAttribute('disabled')).toBe(true)
    typeName(dialog, 'beta')
    await userEvent.click(confirm)
    await waitFor(() => expect(screen.queryByRole('row', { name: /beta/ })).toBeNull())
    expect(left).toEqual(['beta'])
  })

  it('stay while a mesh uses them, and the dialog names it', async () => {
    open()
    const dialog = await openLeave('alpha')
    expect(within(dialog).getByRole('link', { name: 'shop' })).toBeTruthy()
    expect(within(dialog).queryByRole('textbox')).toBeNull()
  })

  it('stay when the server refuses, in its own words', async () => {
    api.server.use(
      http.delete('*/api/v1/clusters/:name', () =>
        problemResponse({ ...BROKEN, code: 'cluster-in-use', status: 409, detail: 'Cluster beta belongs to hidden' }),
      ),
    )
    open()
    const dialog = await openLeave('beta')
    typeName(dialog, 'beta')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }))
    const alert = await within(dialog).findByRole('alert')
    expect(alert.textContent).toContain('The cluster belongs to a mesh')
    expect(alert.textContent).toContain('belongs to hidden')
  })

  it('cannot be left when they came with the kubeconfig, nor by a viewer', async () => {
    open()
    await screen.findByRole('button', { name: 'More actions for beta' }, SLOW)
    expect(screen.queryByRole('button', { name: 'More actions for started' })).toBeNull()
    close()
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    await row(/beta/)
    await waitFor(() => expect(screen.queryByRole('button', { name: 'More actions for beta' })).toBeNull())
    expect(screen.queryByRole('button', { name: 'Join a cluster' })).toBeNull()
  })

  it('say how to start when there is none', async () => {
    clusters = []
    open()
    await screen.findByRole('heading', { name: 'No cluster yet' }, SLOW)
    await userEvent.click((await screen.findAllByRole('button', { name: 'Join a cluster' }))[0] ?? document.body)
    await waitFor(() => expect(window.location.pathname).toBe('/clusters/-join'))
  })

  it('say what failed', async () => {
    api.server.use(http.get(CLUSTERS, () => problemResponse(BROKEN)))
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('name the right that is missing', async () => {
    api.server.use(http.get(CLUSTERS, () => problemResponse(FORBIDDEN)))
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('clusters.meshdeck.io')).toBeTruthy()
  })
})
