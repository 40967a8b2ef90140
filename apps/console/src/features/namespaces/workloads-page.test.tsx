// @vitest-environment jsdom
import type { SidecarView, WorkloadPage, WorkloadSidecars, WorkloadView } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const SLOW = { timeout: 20_000 }
const SIDECARS = '*/api/v1/meshes/shop/workloads/alpha/demo/Deployment/:name/sidecars'
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
let seen: URL[] = []

const workload = (name: string, outdated?: WorkloadView['outdated']): WorkloadView => ({
  cluster: 'alpha',
  namespace: 'demo',
  kind: 'Deployment',
  name,
  labels: {},
  podLabels: { app: name },
  replicas: 1,
  ready: 1,
  pods: 1,
  injectedPods: 1,
  injection: 'injected',
  injectsNewPods: true,
  policy: 'unset',
  settings: {},
  reason: 'namespace-enabled',
  proxyVersions: ['1.30.3'],
  services: [],
  ...(outdated === undefined ? {} : { outdated }),
})
const sidecar = (pod: string, more: Partial<SidecarView> = {}): SidecarView => ({
  pod,
  state: 'running',
  outdated: false,
  native: false,
  restarts: 0,
  version: '1.30.3',
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '2', memory: '1Gi' },
  usage: {},
  ...more,
})
const answer = (items: SidecarView[]): WorkloadSidecars => ({
  items,
  controlPlane: { revision: 'default', version: '1.30.3' },
  failures: [],
})
const rows = [
  workload('fresh'),
  workload('old', { pods: 1, version: '1.30.3', pinned: false }),
  workload('pinned', { pods: 1, version: '1.30.3', pinned: true }),
]

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  seen = []
  api.server.use(
    http.get('*/api/v1/meshes/shop/workloads', ({ request }) => {
      seen.push(new URL(request.url))
      const page = { total: rows.length, all: rows.length, page: 1, pageSize: 50, failures: [], outdated: 2 }
      return HttpResponse.json({ items: rows, ...page } satisfies WorkloadPage)
    }),
    http.get('*/api/v1/clusters/alpha/resources/deployments', () =>
      HttpResponse.json({ items: [], total: 0, all: 0, page: 1, pageSize: 50, failures: [], missing: [] }),
    ),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/sidecars/workloads${query}`)
}
const openStatus = async () => {
  open()
  await user.click(await screen.findByRole('button', { name: 'More actions for fresh' }, SLOW))
  await user.click(await screen.findByRole('menuitem', { name: 'Sidecar status' }))
  return screen.findByRole('dialog')
}

describe('sidecars of workloads', { timeout: 40_000 }, () => {
  it('tell pod by pod what runs, why not, and how much of its limit it uses', async () => {
    const usage = { cpu: 0.05, cpuShare: 0.025, memory: 966_367_642, memoryShare: 0.9 }
    api.server.use(
      http.get(SIDECARS, () =>
        HttpResponse.json(
          answer([
            sidecar('fresh-1', { usage, node: 'n1' }),
            sidecar('fresh-2', { state: 'failed', reason: 'OOMKilled', version: '1.28.4', outdated: true }),
            sidecar('fresh-3', { state: 'not-injected', requests: {}, limits: {} }),
          ]),
        ),
      ),
    )
    const dialog = await openStatus()
    const [, first, second, third] = await within(dialog).findAllByRole('row')
    expect(first?.textContent).toContain('50m, 2.5% of its limit')
    expect(first?.textContent).toContain('966 MB, 90% of its limit')
    expect(within(dialog).getByRole('progressbar', { name: 'Memory limit in use by fresh-1' })).toBeTruthy()
    expect(second?.textContent).toMatch(/Failed.*OOMKilled.*1\.28\.4.*Outdated.*not measured/)
    expect(third?.textContent).toContain('Not injected')
    expect(within(dialog).queryByText(/has no metrics of these containers/)).toBeNull()
  })

  it('say that nothing is measured, and who was asked in vain', async () => {
    api.server.use(http.get(SIDECARS, () => HttpResponse.json(answer([sidecar('fresh-1')]))))
    expect(await within(await openStatus()).findByText(/has no metrics of these containers/)).toBeTruthy()
  })

  it('mark what is older than its control plane, count it, and find it', async () => {
    open()
    const table = await screen.findByRole('table', undefined, SLOW)
    const [old, pinned] = within(table).getAllByText('Outdated')
    old?.focus()
    expect(await screen.findByText(/1 pod runs a proxy that is older .* A restart renews it/)).toBeTruthy()
    pinned?.focus()
    expect(await screen.findByText(/names the proxy’s image/)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Show them' }))
    expect(await screen.findByRole('switch', { name: 'Outdated proxies', checked: true })).toBeTruthy()
    await expect.poll(() => seen.at(-1)?.searchParams.get('outdated')).toBe('true')
  })

  it('offer those a restart that it would renew', async () => {
    open()
    const boxes = await screen.findAllByRole('checkbox', undefined, SLOW)
    for (const box of boxes.slice(-2)) await user.click(box)
    await user.click(await screen.findByRole('button', { name: 'Restart to renew proxy (1)' }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByRole('checkbox', { name: 'old' })).toBeTruthy()
    expect(within(dialog).queryByRole('checkbox', { name: 'pinned' })).toBeNull()
    expect(within(dialog).getByText(/rollout restart deployment\/old/)).toBeTruthy()
  })
})
