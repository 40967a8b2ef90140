// @vitest-environment jsdom
import type {
  BatchResult,
  NamespacePage,
  NamespaceView,
  Problem,
  SetInjection,
  StartedRestart,
  StartRestart,
  WorkloadPage,
} from '@meshdeck/contract'
import type { Restart } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const LIST = '*/api/v1/meshes/shop/injection'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

/** A cluster with one namespace `demo` of one deployment `sleep`, as the BFF would tell of it. */
let enabled = false
let restarted = false
let seen: URL[] = []
let writes: (SetInjection | StartRestart)[] = []

const demo = (): NamespaceView => ({
  cluster: 'alpha',
  name: 'demo',
  system: false,
  policy: enabled ? 'enabled' : 'unset',
  state: enabled ? (restarted ? 'enabled' : 'enabled-pending') : 'unset',
  reason: enabled ? 'namespace-enabled' : 'unset',
  injectsNewPods: enabled,
  ambient: false,
  pods: 2,
  injectedPods: restarted ? 2 : 0,
  workloads: 1,
  pendingWorkloads: enabled && !restarted ? 1 : 0,
  labels: enabled ? { 'istio-injection': 'enabled' } : {},
})
const paged = <Item,>(items: Item[]) => ({
  items,
  total: items.length,
  all: items.length,
  page: 1,
  pageSize: 50,
  failures: [],
})
const workloads = (): WorkloadPage => ({
  outdated: 0,
  ...paged([
    {
      cluster: 'alpha',
      namespace: 'demo',
      kind: 'Deployment' as const,
      name: 'sleep',
      labels: {},
      podLabels: { app: 'sleep' },
      replicas: 2,
      ready: 2,
      pods: 2,
      injectedPods: restarted ? 2 : 0,
      injection: enabled
        ? restarted
          ? ('injected' as const)
          : ('pending-restart' as const)
        : ('not-injected' as const),
      injectsNewPods: enabled,
      policy: 'unset' as const,
      settings: {},
      reason: demo().reason,
      proxyVersions: restarted ? ['1.30.3'] : [],
      services: [],
    },
  ]),
})
const restart = (): Restart => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Restart',
  metadata: { name: 'shop-1a2b' },
  spec: { mesh: 'shop', targets: [SLEEP] },
  status: {
    phase: 'Done',
    total: 1,
    done: 1,
    failed: 0,
    targets: [{ ...SLEEP, phase: 'Done', updated: 2, wanted: 2 }],
  },
})
const SLEEP = { cluster: 'alpha', namespace: 'demo', kind: 'Deployment' as const, name: 'sleep' }
const FORBIDDEN: Problem = {
  type: 'about:blank',
  code: 'forbidden',
  title: 'Forbidden',
  status: 403,
  cluster: 'alpha',
  detail: 'namespaces "demo" is forbidden',
  missing: { verb: 'patch', group: '', resource: 'namespaces', name: 'demo' },
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  enabled = false
  restarted = false
  seen = []
  writes = []
  api.server.use(
    http.get(LIST, ({ request }) => {
      seen.push(new URL(request.url))
      return HttpResponse.json(paged([demo()]) satisfies NamespacePage)
    }),
    http.get('*/api/v1/meshes/shop/workloads', () => HttpResponse.json(workloads())),
    http.post<never, SetInjection>(LIST, async ({ request }) => {
      const body = await request.json()
      writes.push(body)
      if (body.dryRun !== true) enabled = true
      const labels = [{ label: 'istio-injection', after: 'enabled' }]
      return HttpResponse.json({
        results: [{ target: 'alpha/namespaces/demo', ok: true, labels }],
      } satisfies BatchResult)
    }),
    http.post<never, StartRestart>('*/api/v1/meshes/shop/restarts', async ({ request }) => {
      writes.push(await request.json())
      restarted = true
      return HttpResponse.json({
        name: 'shop-1a2b',
        results: [{ target: 'alpha/deployments/demo/sleep', ok: true }],
      } satisfies StartedRestart)
    }),
    http.get('*/api/v1/clusters/-hub/resources/restarts/shop-1a2b', () => HttpResponse.json(restart())),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/sidecars/namespaces${query}`)
}
const openMenu = async () => user.click(await screen.findByRole('button', { name: 'More actions for demo' }, SLOW))
const refuseWith = (status: number, problem: Partial<Problem>) =>
  api.server.use(
    http.get(LIST, () =>
      problemResponse({ type: 'about:blank', code: 'internal', title: 'Failed', status, ...problem }),
    ),
  )

describe('namespaces', { timeout: 40_000 }, () => {
  it('show the state of injection, and why on focus', async () => {
    open()
    const table = await screen.findByRole('table', undefined, SLOW)
    const state = within(table).getByText('Not set')
    state.focus()
    expect(await screen.findByText(/no label asks for one/)).toBeTruthy()
    expect(within(table).getByText('0 of 2')).toBeTruthy()
  })

  it('ask the server for the policy and the cluster of the address', async () => {
    open('?policies=enabled,unset&pending=true&clusters=alpha&system=true&search=dem')
    await screen.findByRole('table', undefined, SLOW)
    expect(Object.fromEntries(seen[0]?.searchParams ?? [])).toMatchObject({
      policy: 'enabled,unset',
      pending: 'true',
      cluster: 'alpha',
      system: 'true',
      search: 'dem',
    })
  })

  it('are enabled after the server has tried it, restarted, and seen to be done', async () => {
    open()
    await openMenu()
    await user.click(await screen.findByRole('menuitem', { name: 'Enable injection' }))
    const dialog = await screen.findByRole('dialog')
    expect(
      await within(dialog).findByText(
        'kubectl --context alpha label namespace demo istio-injection=enabled --overwrite',
      ),
    ).toBeTruthy()
    expect(writes).toEqual([
      { action: 'enable', restart: false, dryRun: true, targets: [{ cluster: 'alpha', namespace: 'demo' }] },
    ])

    await user.type(await within(dialog).findByLabelText('Reason (optional)'), 'into the mesh')
    await user.click(within(dialog).getByRole('button', { name: 'Enable' }))
    const start = await within(dialog).findByRole('button', { name: 'Restart 1 workload now' })
    await expect.poll(() => start.hasAttribute('disabled')).toBe(false)
    await user.click(start)
    expect(await within(dialog).findByText('1 of 1 workload done')).toBeTruthy()
    expect(writes.slice(1)).toEqual([
      {
        action: 'enable',
        reason: 'into the mesh',
        restart: false,
        targets: [{ cluster: 'alpha', namespace: 'demo' }],
      },
      { targets: [SLEEP], batchSize: 5 },
    ])
    const page = within(dialog).getByRole('link', { name: 'Open the progress page' })
    expect(page.getAttribute('href')).toBe('/meshes/shop/sidecars/restarts/shop-1a2b')
  })

  it('say why the server would refuse, and then nothing can be sent', async () => {
    api.server.use(
      http.post(LIST, () =>
        HttpResponse.json({
          results: [{ target: 'alpha/namespaces/demo', ok: false, problem: FORBIDDEN }],
        } satisfies BatchResult),
      ),
    )
    open()
    await openMenu()
    await user.click(await screen.findByRole('menuitem', { name: 'Enable injection' }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByText(/namespaces "demo" is forbidden/)).toBeTruthy()
    expect(within(dialog).getByRole('button', { name: 'Enable' }).hasAttribute('disabled')).toBe(true)
    expect(within(dialog).queryByText(/kubectl/)).toBeNull()
  })

  it('let nobody choose a workload that they may not restart', async () => {
    enabled = true
    api.state.may = ({ kind, verb }) => !(kind === 'Deployment' && verb === 'patch')
    open('?open=alpha/demo')
    const drawer = await screen.findByRole('dialog', undefined, SLOW)
    expect(await within(drawer).findByText('Restart needed')).toBeTruthy()
    expect(await within(drawer).findByRole('button', { name: 'Disable injection' })).toBeTruthy()
    expect(within(drawer).queryByRole('button', { name: /restart/i })).toBeNull()
  })

  it('offer a viewer the workloads and nothing that changes anything', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    await openMenu()
    await waitFor(() =>
      expect(screen.getAllByRole('menuitem').map((item) => item.textContent)).toEqual(['Show workloads']),
    )
    expect(screen.queryByRole('checkbox')).toBeNull()
  })

  it('say when there are none', async () => {
    api.server.use(http.get(LIST, () => HttpResponse.json(paged([]))))
    open()
    expect(await screen.findByRole('heading', { name: 'No namespaces' }, SLOW)).toBeTruthy()
  })

  it('say what failed', async () => {
    refuseWith(400, { code: 'bad-request', detail: 'no such column' })
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('no such column')
  })

  it('name the right that is missing', async () => {
    refuseWith(403, { code: 'forbidden', missing: { verb: 'list', group: '', resource: 'namespaces' } })
    open()
    const alert = await screen.findByRole('alert', undefined, SLOW)
    expect(within(alert).getByText('namespaces')).toBeTruthy()
  })
})
