// @vitest-environment jsdom
import type { MeshList, MeshView, WorkloadPage, WorkloadView } from '@meshdeck/contract'
import type { KubeResource, Mesh } from '@meshdeck/kube'
import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const SLOW = { timeout: 20_000 }
const RECORD = '*/api/v1/clusters/-hub/resources/meshes/shop'
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
let mode: MeshView['mode'] = 'External'
let written: { dryRun: string | null; body: KubeResource }[] = []

const view = (): MeshView => ({
  name: 'shop',
  mode,
  phase: 'Running',
  namespace: 'istio-system',
  controlPlaneCluster: 'alpha',
  clusters: (mode === 'Managed' ? ['alpha', 'beta'] : ['alpha']).map((name) => ({ name, state: 'reachable' })),
  conditions: [],
  protected: false,
  counters: {
    clusters: { healthy: 1, total: 1 },
    services: { healthy: 1, total: 1 },
    pods: { running: 1, injected: 1, total: 1 },
    proxyVersions: [],
    gateways: { ingress: 0, egress: 0 },
  },
})
const values = (cpu: string) => ({ global: { proxy: { resources: { limits: { cpu } } } } })
const record = (): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop', resourceVersion: '1' },
  spec: {
    mode: 'Managed',
    controlPlane: { cluster: 'alpha' },
    dataPlane: { injectByDefault: false, resources: { requests: { cpu: '50m' } } },
    members: [
      { cluster: 'alpha', values: values('750m') },
      { cluster: 'beta', values: values('3') },
    ],
  },
})
const importer: WorkloadView = {
  cluster: 'alpha',
  namespace: 'legacy',
  kind: 'Deployment',
  name: 'importer',
  labels: {},
  podLabels: {},
  replicas: 2,
  ready: 2,
  pods: 2,
  injectedPods: 0,
  injection: 'not-injected',
  injectsNewPods: false,
  policy: 'unset',
  settings: {},
  reason: 'unset',
  proxyVersions: [],
  services: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  mode = 'External'
  written = []
  api.keep('config-maps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
    data: {
      values: JSON.stringify({
        global: { proxy: { logLevel: 'error', resources: { requests: { cpu: '100m' }, limits: { cpu: '2' } } } },
        sidecarInjectorWebhook: { enableNamespacesByDefault: true },
      }),
    },
  })
  api.server.use(
    http.get('*/api/v1/meshes', () => HttpResponse.json({ items: [view()], failures: [] } satisfies MeshList)),
    http.get('*/api/v1/meshes/shop/workloads', ({ request }) => {
      const items = new URL(request.url).searchParams.get('reason')?.includes('unset') === true ? [importer] : []
      const page = { total: items.length, all: 9, page: 1, pageSize: 1_000, outdated: 0, failures: [] }
      return HttpResponse.json({ items, ...page } satisfies WorkloadPage)
    }),
    http.get(RECORD, () => HttpResponse.json(record())),
    http.put<never, KubeResource>(RECORD, async ({ request }) => {
      const body = await request.json()
      written.push({ dryRun: new URL(request.url).searchParams.get('dryRun'), body })
      return HttpResponse.json(body)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/sidecars/global${query}`)
}

describe('sidecars of the whole mesh', { timeout: 40_000 }, () => {
  it('are read only where others installed Istio, and shown as its injector has them', async () => {
    open('?edit=true')
    expect(await screen.findByText('Read only: this mesh was attached.', undefined, SLOW)).toBeTruthy()
    const row = await screen.findByRole('row', { name: /alpha.*On.*100m \/ 2.*error/ })
    expect(within(row).getByText('control plane')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
    expect(await screen.findByText(/1 workload says nothing of injection.*pods: 2/)).toBeTruthy()
    expect(screen.getByText('importer')).toBeTruthy()
  })

  it('say why an injector cannot be read', async () => {
    api.server.use(
      http.get('*/api/v1/clusters/alpha/resources/config-maps/:namespace/:name', () =>
        problemResponse({ type: 'about:blank', code: 'forbidden', title: 'Forbidden', status: 403, detail: 'not you' }),
      ),
    )
    open()
    expect(await screen.findByText(/not you/, undefined, SLOW)).toBeTruthy()
  })

  it('show what mesh and values come to, and values that have no effect', async () => {
    mode = 'Managed'
    open()
    const alpha = await screen.findByRole('row', { name: /^alpha/ }, SLOW)
    expect(within(alpha).getByText('50m / 750m')).toBeTruthy()
    within(alpha).getByText('by Helm values').focus()
    expect(await screen.findByText(/win over what is said for the mesh: limits.cpu=750m/)).toBeTruthy()
    const beta = screen.getByRole('row', { name: /^beta/ })
    expect(within(beta).getByText('50m / 750m')).toBeTruthy()
    expect(within(beta).getByText('values without effect')).toBeTruthy()
    expect(within(beta).getByText(/Injected by the istiod of alpha/)).toBeTruthy()
  })

  it('are changed in the record of the mesh, after a review', async () => {
    mode = 'Managed'
    open()
    await user.click(await screen.findByRole('button', { name: 'Edit' }, SLOW))
    await user.click(await screen.findByRole('checkbox', { name: /Sidecars in every namespace/ }, SLOW))
    expect(screen.getByText('importer')).toBeTruthy()
    const wide = screen.getByRole('region', { name: 'For the mesh' })
    const limit = within(wide).getByLabelText('Memory limit')
    fireEvent.change(limit, { target: { value: 'much' } })
    expect(within(wide).getByRole('alert').textContent).toContain('Write quantities')
    fireEvent.change(limit, { target: { value: '512Mi' } })
    const own = screen.getByRole('region', { name: 'By Helm values' })
    expect(within(own).getByText(/spec\.members\[0\]\.values/)).toBeTruthy()
    fireEvent.change(within(own).getByLabelText('CPU limit'), { target: { value: '' } })
    await user.click(screen.getByRole('button', { name: /Review/ }))
    const apply = await screen.findByRole('button', { name: /Apply/ }, SLOW)
    await expect.poll(() => apply.hasAttribute('disabled')).toBe(false)
    await user.click(apply)
    await expect.poll(() => written.map(({ dryRun }) => dryRun)).toEqual(['All', null])
    expect(written.at(-1)?.body).toMatchObject({
      metadata: { resourceVersion: '1' },
      spec: {
        dataPlane: {
          injectByDefault: true,
          resources: { requests: { cpu: '50m' }, limits: { memory: '512Mi' } },
        },
        members: [{ cluster: 'alpha' }, { cluster: 'beta', values: values('3') }],
      },
    })
  })

  it('are not for everybody to change', async () => {
    mode = 'Managed'
    api.state.may = ({ verb }) => verb !== 'update'
    open()
    expect(await screen.findByRole('row', { name: /^alpha/ }, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
  })
})
