// @vitest-environment jsdom
import type { Problem, ProxyConfig, ProxyConfigRow, ProxyLogLevels, SetProxyLogLevel } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { proxyPage, proxyView, workloadRow } from './fixtures.ts'

const LIST = '*/api/v1/meshes/shop/proxies'
const ZTUNNELS = '*/api/v1/clusters/alpha/proxies/istio-system'
const PAGE = '/meshes/shop/proxies/alpha/istio-system/ztunnel-1'
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const ztunnel = (pod: string) =>
  proxyView({
    namespace: 'istio-system',
    pod,
    type: 'ztunnel',
    state: 'stale',
    xds: { CDS: { state: 'ignored' }, WDS: { state: 'stale' }, WADS: { state: 'synced' } },
    workload: { kind: 'DaemonSet', name: 'ztunnel' },
  })
const serve = (pod: string, section: ProxyConfig['section'], rows: readonly ProxyConfigRow[]) =>
  http.get(`${ZTUNNELS}/${pod}/config/${section}`, () =>
    HttpResponse.json({ section, rows: [...rows] } satisfies ProxyConfig),
  )
const refuse = (section: string, status: number, problem: Partial<Problem>) =>
  http.get(`${ZTUNNELS}/ztunnel-1/config/${section}`, () =>
    problemResponse({ type: 'about:blank', code: 'internal', title: 'Failed', status, ...problem }),
  )

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

function listed(): void {
  const items = [ztunnel('ztunnel-1'), ztunnel('ztunnel-2'), proxyView()]
  api.server.use(http.get(LIST, () => HttpResponse.json(proxyPage(items))))
}

describe('a ztunnel', { timeout: 40_000 }, () => {
  it('leads from the list to its workloads, and says what it was sent', async () => {
    listed()
    close = openConsole('/meshes/shop/proxies')
    const row = await screen.findByRole('row', { name: /ztunnel-1/ })
    expect(within(row).getByRole('link').getAttribute('href')).toBe(`${PAGE}/workloads`)
    await user.hover(within(row).getByText('Stale'))
    expect((await screen.findByRole('tooltip')).textContent).toMatch(/WDS: Stale\s*WADS: Synced/)
  })

  it('has workloads in a table, which is searched, with links to the objects', async () => {
    listed()
    const bank = workloadRow({
      key: 'bank',
      cells: { ...workloadRow().cells, name: 'bank', status: 'Unhealthy', meshCluster: 'elsewhere' },
      links: { name: { kind: 'ServiceEntry', namespace: 'shop', name: 'bank' } },
    })
    api.server.use(serve('ztunnel-1', 'workloads', [workloadRow(), bank]))
    close = openConsole(`${PAGE}/workloads`)
    const table = await screen.findByRole('region', { name: 'Workloads' })
    const row = await within(table).findByRole('row', { name: /journal-1/ })
    const hrefOf = (within_: HTMLElement, name: string) =>
      within(within_).getByRole('link', { name }).getAttribute('href')
    expect(hrefOf(row, 'journal')).toBe('/meshes/shop/sidecars/workloads?namespaces=shop&clusters=alpha&search=journal')
    expect(hrefOf(row, 'shop-waypoint')).toBe('/meshes/shop/k8s-gateways/shop/shop-waypoint?cluster=alpha')
    const other = within(table).getByRole('row', { name: /bank/ })
    expect(within(other).getByText('Unhealthy')).toBeTruthy()
    // A cluster that is not of this mesh has no pages here.
    expect(hrefOf(other, 'bank')).toBe('/meshes/shop/service-entries/shop/bank?cluster=alpha')
    await user.type(within(table).getByRole('searchbox'), 'Unhealthy')
    await expect.poll(() => within(table).queryAllByRole('row')).toHaveLength(2)
    expect(screen.getByText('istioctl --context alpha ztunnel-config workload ztunnel-1.istio-system')).toBeTruthy()
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual([
      'Workloads',
      'Services',
      'Policies',
      'Certificates',
      'Configuration',
      'Log level',
    ])
  })

  it('has policies with the objects that made them', async () => {
    listed()
    const cells = { name: 'readers', namespace: 'shop', action: 'Deny', scope: 'Namespace', rules: 'namespaces dev' }
    const origin = { kind: 'AuthorizationPolicy', namespace: 'shop', name: 'readers' }
    api.server.use(
      serve('ztunnel-1', 'policies', [{ key: 'a', cells, origin, resource: 'shop/readers', fingerprint: 'a' }]),
    )
    close = openConsole(`${PAGE}/policies`)
    const row = await screen.findByRole('row', { name: /namespaces dev/ })
    expect(within(row).getByRole('link', { name: 'readers' }).getAttribute('href')).toBe(
      '/meshes/shop/authorization-policies/shop/readers?cluster=alpha',
    )
  })

  it('has certificates, and says why one is missing', async () => {
    listed()
    const cells = {
      identity: 'spiffe://cluster.local/ns/shop/sa/cart',
      type: '',
      certificateState: 'Unavailable: signing gRPC error',
      valid: '',
      notAfter: '',
      notBefore: '',
      serial: '',
    }
    api.server.use(serve('ztunnel-1', 'workload-certificates', [{ key: 'a', cells, resource: 'a', fingerprint: 'a' }]))
    close = openConsole(`${PAGE}/workload-certificates`)
    expect(await screen.findByText('Unavailable: signing gRPC error')).toBeTruthy()
  })

  it('is compared with another ztunnel, and with nothing else', async () => {
    listed()
    const moved = workloadRow({ cells: { ...workloadRow().cells, node: 'node-2' }, fingerprint: 'b' })
    api.server.use(serve('ztunnel-1', 'workloads', [workloadRow()]), serve('ztunnel-2', 'workloads', [moved]))
    close = openConsole(`${PAGE}/workloads?compare=alpha/istio-system/ztunnel-2`)
    const table = await screen.findByRole('region', { name: 'Differences to ztunnel-2' })
    const row = await within(table).findByRole('row', { name: /^Different/ })
    expect(row.textContent).toContain('Herenode-1Therenode-2')
    await user.click(screen.getByRole('combobox', { name: 'Compare with' }))
    expect((await screen.findAllByTitle(/^alpha\//)).map(({ title }) => title)).not.toContain('alpha/shop/cart-1')
  })

  it('shows its own JSON of an entry', async () => {
    listed()
    const config = [
      { uid: 'alpha//Pod/shop/journal-1', capacity: 1 },
      { uid: 'other', capacity: 7 },
    ]
    api.server.use(
      serve('ztunnel-1', 'workloads', [workloadRow()]),
      http.get(`${ZTUNNELS}/ztunnel-1/dump/workloads`, () => HttpResponse.json({ section: 'workloads', config })),
    )
    close = openConsole(`${PAGE}/workloads`)
    const row = await screen.findByRole('row', { name: /journal-1/ })
    await user.click(within(row).getByRole('button', { name: /More actions/ }))
    await user.click(await screen.findByRole('menuitem', { name: 'ztunnel’s JSON' }))
    const dialog = await screen.findByRole('dialog')
    await expect.poll(() => dialog.textContent).toContain('"capacity": 1')
    expect(dialog.textContent).not.toContain('"capacity": 7')
  })

  it('says when it has nothing, cannot be reached, or may not be looked into', async () => {
    listed()
    api.server.use(serve('ztunnel-1', 'services', []))
    close = openConsole(`${PAGE}/services`)
    expect(await screen.findByText('The proxy has none of these')).toBeTruthy()
    close()
    api.server.use(refuse('services', 502, { code: 'pod-unreachable' }))
    close = openConsole(`${PAGE}/services`)
    expect(await screen.findByText('The pod gave no usable answer')).toBeTruthy()
    close()
    const missing = { verb: 'create', group: '', resource: 'pods/portforward', namespace: 'istio-system' }
    api.server.use(refuse('services', 403, { code: 'forbidden', cluster: 'alpha', missing }))
    close = openConsole(`${PAGE}/services`)
    expect(await screen.findByText('pods/portforward')).toBeTruthy()
  })

  it('has one log level for all, of those that it knows', async () => {
    listed()
    const bodies: SetProxyLogLevel[] = []
    const levels = (level: string): ProxyLogLevels => ({
      loggers: [{ name: 'ztunnel', level }],
      levels: ['debug', 'info'],
      perLogger: false,
    })
    api.server.use(
      http.get(`${ZTUNNELS}/ztunnel-1/log-levels`, () => HttpResponse.json(levels('info'))),
      http.post<never, SetProxyLogLevel>(`${ZTUNNELS}/ztunnel-1/log-levels`, async ({ request }) => {
        bodies.push(await request.json())
        return HttpResponse.json(levels('debug'))
      }),
    )
    close = openConsole(`${PAGE}/ztunnel-log-level`)
    await user.click(await screen.findByRole('combobox', { name: 'Level' }))
    await user.click(await screen.findByTitle('debug'))
    expect(screen.queryByTitle('critical')).toBeNull()
    expect(screen.queryByRole('combobox', { name: 'Logger' })).toBeNull()
    expect(screen.getByText(/every connection writes many lines/)).toBeTruthy()
    expect(
      screen.getByText('istioctl --context alpha ztunnel-config log ztunnel-1.istio-system --level debug'),
    ).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Set the level' }))
    expect(await screen.findByRole('row', { name: 'ztunnel debug' })).toBeTruthy()
    expect(bodies).toEqual([{ level: 'debug' }])
  })
})
