// @vitest-environment jsdom
import type { MeshList, MeshRemoval, MeshView } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, FORBIDDEN, meshView } from './fixtures.ts'

const MESHES = '*/api/v1/meshes'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let meshes: MeshView[] = []
let deleted: string[] = []
const removal: MeshRemoval = {
  checks: [
    {
      type: 'sidecars',
      state: 'warning',
      count: 3,
      dependents: [{ cluster: 'gamma', kind: 'Pod', namespace: 'web', count: 3 }],
      unread: [],
    },
    { type: 'gateways', state: 'unknown', count: 0, dependents: [], unread: ['delta'] },
  ],
  made: [
    {
      mesh: 'mine',
      cluster: 'delta',
      seen: false,
      objects: [{ kind: 'Istio', name: 'default' }],
      unread: [],
      commands: ['kubectl --context delta delete istios.sailoperator.io default'],
    },
  ],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  meshes = [
    meshView({
      traffic: {
        requestRate: 134,
        errorRate: 0.011,
        sparkline: [
          [0, 1],
          [60, 2],
        ],
      },
    }),
    meshView({
      name: 'stock',
      phase: 'Degraded',
      version: '1.29.6',
      controlPlaneCluster: 'gamma',
      clusters: [
        { name: 'gamma', state: 'reachable', phase: 'Running' },
        { name: 'delta', state: 'lost', phase: 'Degraded' },
      ],
      conditions: [
        { type: 'MembersReachable', status: 'False', reason: 'SomeUnreachable', message: 'delta does not answer.' },
      ],
      protected: true,
    }),
  ]
  deleted = []
  api.server.use(
    http.get(MESHES, () => HttpResponse.json({ items: meshes, failures: [] } satisfies MeshList)),
    http.get('*/api/v1/meshes/:name/removal', () => HttpResponse.json(removal)),
    http.delete('*/api/v1/clusters/-hub/resources/meshes/:name', ({ params }) => {
      deleted.push(String(params['name']))
      meshes = meshes.filter(({ name }) => name !== params['name'])
      return HttpResponse.json({})
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes${query}`)
}
const card = (name: string) => screen.findByRole('article', { name }, SLOW)
const namesOfCards = () => screen.getAllByRole('article').map((each) => each.getAttribute('aria-label'))
const openDelete = async (name: string) => {
  await userEvent.click(await screen.findByRole('button', { name: `More actions for ${name}` }, SLOW))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }))
  return screen.findByRole('dialog')
}
/** At once: the dialog takes the focus while it opens, and letters that are typed then would go astray. */
const typeName = (dialog: HTMLElement, name: string) =>
  fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: name } })

describe('meshes', { timeout: 40_000 }, () => {
  it('tell state, size, traffic and clusters, and why on focus', async () => {
    open()
    const shop = within(await card('shop'))
    expect(await shop.findByText('134')).toBeTruthy()
    expect(shop.getByText('1.1% errors')).toBeTruthy()
    expect(shop.getByText('20 / 20')).toBeTruthy()
    const members = within(shop.getByRole('list', { name: 'Clusters' })).getAllByRole('listitem')
    expect(members.map((each) => each.textContent)).toEqual(['alphacontrol plane', 'beta'])

    const stock = within(await card('stock'))
    expect(stock.getByText('delta · Lost')).toBeTruthy()
    expect(stock.getAllByText('delta does not answer.')).toHaveLength(1)
    stock.getByText('Degraded').focus()
    expect((await screen.findByRole('tooltip')).textContent).toContain('delta does not answer.')
    expect(screen.getByText('2 meshes on 4 clusters · 1 needs attention')).toBeTruthy()
  })

  it('are a table when the address says so', async () => {
    open('?view=table&sort=-name')
    const rows = within(await screen.findByRole('table', undefined, SLOW)).getAllByRole('row')
    expect(rows.slice(1).map((row) => within(row).getAllByRole('link')[0]?.textContent)).toEqual(['stock', 'shop'])
    await userEvent.click(screen.getByText('Cards'))
    expect(await card('shop')).toBeTruthy()
    expect(window.location.search).not.toContain('view=')
  })

  it('are filtered by the address, and all shown again', async () => {
    open('?phases=Degraded')
    await card('stock')
    expect(namesOfCards()).toEqual(['stock'])
    await userEvent.type(screen.getByRole('searchbox'), 'nowhere')
    await userEvent.click(await screen.findByRole('button', { name: 'Clear filters' }))
    await card('shop')
    expect(namesOfCards()).toEqual(['shop', 'stock'])
  })

  it('change when the stream says so', async () => {
    open()
    await card('shop')
    meshes = [meshView({ name: 'fresh' }), ...meshes]
    api.notify({ type: 'change', cluster: 'alpha', kind: 'Mesh', op: 'added', name: 'fresh' })
    expect(await card('fresh')).toBeTruthy()
  })

  it('are deleted once the name is typed', async () => {
    open()
    const dialog = await openDelete('shop')
    expect(dialog.textContent).toContain('Cluster alpha: no longer part of a mesh here')
    const confirm = within(dialog).getByRole('button', { name: 'Delete' })
    typeName(dialog, 'sho')
    expect(confirm.hasAttribute('disabled')).toBe(true)
    typeName(dialog, 'shop')
    await userEvent.click(confirm)
    await waitFor(() => expect(screen.queryByRole('article', { name: 'shop' })).toBeNull())
    expect(deleted).toEqual(['shop'])
  })

  it('tell before what depends on them, and where', async () => {
    open()
    const dialog = await openDelete('shop')
    const checks = within(await within(dialog).findByRole('list', { name: 'Looked at before' }))
    expect(checks.getByText(/3 pods still have a sidecar/)).toBeTruthy()
    expect(checks.getByRole('link', { name: 'gamma / web' }).getAttribute('href')).toBe(
      '/meshes/shop/sidecars/namespaces?search=web&clusters=gamma',
    )
    expect(checks.getByText('Not known whether gateways are served by this mesh')).toBeTruthy()
    expect(checks.getByText('Not known of: delta')).toBeTruthy()
  })

  it('that wait for a lost cluster are forced off: listed, kept as a file, and without the finalizer', async () => {
    const files: Blob[] = []
    vi.stubGlobal(
      'URL',
      Object.assign(URL, { createObjectURL: (blob: Blob) => files.push(blob), revokeObjectURL: vi.fn() }),
    )
    const record = {
      apiVersion: 'meshdeck.io/v1alpha1',
      kind: 'Mesh',
      metadata: { name: 'mine', resourceVersion: '7', finalizers: ['meshdeck.io/installation', 'of/another'] },
      spec: {},
    }
    const replaced: unknown[] = []
    api.server.use(
      http.get('*/api/v1/clusters/-hub/resources/meshes/mine', () => HttpResponse.json(record)),
      http.put('*/api/v1/clusters/-hub/resources/meshes/mine', async ({ request }) => {
        const body = (await request.json()) as typeof record
        // Somebody is always faster the first time.
        if (replaced.push(body.metadata.finalizers) === 1)
          return problemResponse({ type: 'about:blank', code: 'conflict', title: 'Conflict', status: 409 })
        meshes = []
        return HttpResponse.json(body)
      }),
    )
    const clusters: MeshView['clusters'] = [{ name: 'delta', state: 'lost', phase: 'Degraded' }]
    meshes = [meshView({ name: 'mine', mode: 'Dedicated', controlPlaneCluster: 'delta', clusters })]
    open()
    const asked = await openDelete('mine')
    await userEvent.click(within(asked).getByRole('button', { name: 'Force the deletion' }))
    await screen.findByText('Force the deletion of mesh mine', undefined, SLOW)
    const dialog = screen.getByRole('dialog')
    expect(await within(dialog).findByText('Istio default')).toBeTruthy()
    expect(dialog.textContent).toContain('kubectl --context delta delete istios.sailoperator.io default')
    typeName(dialog, 'mine')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete and leave it behind' }))
    await waitFor(() => expect(screen.queryByRole('article', { name: 'mine' })).toBeNull())
    expect(deleted).toEqual(['mine'])
    expect(replaced).toEqual([['of/another'], ['of/another']])
    expect(files).toHaveLength(1)
  })

  it('stay when they are protected, and the dialog says what to do', async () => {
    open()
    const dialog = await openDelete('stock')
    expect(dialog.textContent).toContain('protected against deletion')
    expect(dialog.textContent).toContain('kubectl patch mesh.meshdeck.io stock')
    expect(within(dialog).queryByRole('textbox')).toBeNull()
  })

  it('stay when the server refuses, in its own words', async () => {
    api.server.use(http.delete('*/api/v1/clusters/-hub/resources/meshes/:name', () => problemResponse(BROKEN)))
    open()
    const dialog = await openDelete('shop')
    typeName(dialog, 'shop')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }))
    expect((await within(dialog).findByRole('alert')).textContent).toContain('the words of the server')
    expect(namesOfCards()).toContain('shop')
  })

  it('offer a viewer nothing that changes anything', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    await card('shop')
    await waitFor(() => expect(screen.queryByRole('button', { name: /More actions/ })).toBeNull())
    expect(screen.queryByRole('button', { name: 'Attach a mesh' })).toBeNull()
  })

  it('say what a mesh is when there is none, with one button', async () => {
    meshes = []
    open()
    await screen.findByRole('heading', { name: 'No mesh yet' }, SLOW)
    const main = within(screen.getByRole('main'))
    expect(main.getByText(/A mesh is an Istio control plane/)).toBeTruthy()
    await userEvent.click((await main.findAllByRole('button', { name: 'Attach a mesh' }))[0] ?? document.body)
    await waitFor(() => expect(window.location.pathname).toBe('/meshes/-create'))
  })

  it('say what failed', async () => {
    api.server.use(http.get(MESHES, () => problemResponse(BROKEN)))
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('name the right that is missing', async () => {
    api.server.use(http.get(MESHES, () => problemResponse(FORBIDDEN)))
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('meshes.meshdeck.io')).toBeTruthy()
  })
})
