// @vitest-environment jsdom
import type {
  Problem,
  ProxyConfig,
  ProxyConfigRow,
  ProxyLogLevels,
  ProxyPage,
  SetProxyLogLevel,
} from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { proxyPage, proxyView, routeRow } from './fixtures.ts'

const LIST = '*/api/v1/meshes/shop/proxies'
const PROXY = '*/api/v1/clusters/alpha/proxies/shop'
const PAGE = '/meshes/shop/proxies/alpha/shop/cart-1'
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const refuse =
  (status: number, problem: Partial<Problem> = {}) =>
  () =>
    problemResponse({ type: 'about:blank', code: 'internal', title: 'Failed', status, ...problem })
const FORBIDDEN = refuse(403, {
  code: 'forbidden',
  cluster: 'alpha',
  missing: { verb: 'create', group: '', resource: 'pods/portforward', namespace: 'istio-system' },
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

describe('the proxies of a mesh', { timeout: 40_000 }, () => {
  const openList = (answer: ProxyPage, search = '') => {
    const asked: URL[] = []
    api.server.use(
      http.get(LIST, ({ request }) => {
        asked.push(new URL(request.url))
        return HttpResponse.json(answer)
      }),
    )
    close = openConsole(`/meshes/shop/proxies${search}`)
    return asked
  }

  it('are listed with what each uses of what it was sent', async () => {
    const rejected = proxyView({
      pod: 'currency-1',
      state: 'rejected',
      xds: { ...proxyView().xds, LDS: { state: 'never-acked', error: 'no such filter' } },
    })
    openList(proxyPage([proxyView(), rejected]))
    const row = await screen.findByRole('row', { name: /currency-1/ })
    expect(within(row).getAllByText('Rejected')).toHaveLength(2)
    expect(within(row).getAllByText('Synced')).toHaveLength(3)
    expect(within(row).getByText('Not asked for')).toBeTruthy()
    expect(within(row).getByRole('link').getAttribute('href')).toBe(
      '/meshes/shop/proxies/alpha/shop/currency-1/listeners',
    )
    await user.hover(within(row).getAllByText('Rejected')[0] ?? row)
    expect((await screen.findByRole('tooltip')).textContent).toContain('LDS: no such filter')
    expect(screen.getByText('istioctl --context alpha proxy-status')).toBeTruthy()
  })

  it('are asked for as the address says', async () => {
    const asked = openList(proxyPage([proxyView()]), '?states=rejected,stale&types=router&sort=name')
    await screen.findByRole('row', { name: /cart-1/ })
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toMatchObject({
      state: 'rejected,stale',
      type: 'router',
      sort: 'name',
    })
  })

  it('say what is missing: clusters, other clusters, all of them', async () => {
    const problem: Problem = {
      type: 'about:blank',
      code: 'cluster-unreachable',
      title: 'x',
      status: 503,
      cluster: 'alpha',
    }
    openList({ ...proxyPage([proxyView()]), elsewhere: 2, failures: [{ cluster: 'alpha', problem }] })
    expect(await screen.findByText(/2 proxies belong to clusters that are not part of this mesh/)).toBeTruthy()
    expect((await screen.findAllByText(/alpha/)).length).toBeGreaterThan(0)
    close()
    openList(proxyPage([]))
    expect(await screen.findByText('No proxy is connected')).toBeTruthy()
  })

  it('say what failed, and which right is missing', async () => {
    api.server.use(http.get(LIST, refuse(500)))
    close = openConsole('/meshes/shop/proxies')
    expect(await screen.findByRole('button', { name: 'Retry' })).toBeTruthy()
    close()
    api.server.use(http.get(LIST, FORBIDDEN))
    close = openConsole('/meshes/shop/proxies')
    expect(await screen.findByText('pods/portforward')).toBeTruthy()
  })
})

describe('one proxy', { timeout: 40_000 }, () => {
  const serve = (pod: string, rows: readonly ProxyConfigRow[]) =>
    http.get(`${PROXY}/${pod}/config/routes`, () =>
      HttpResponse.json({ section: 'routes', rows: [...rows] } satisfies ProxyConfig),
    )
  const others = http.get(LIST, () => HttpResponse.json(proxyPage([proxyView(), proxyView({ pod: 'cart-2' })])))

  it('has its lines in a table, which is searched, with the object that made each', async () => {
    api.server.use(
      others,
      serve('cart-1', [routeRow(), routeRow({ key: 'b', cells: { ...routeRow().cells, domains: 'ratings' } })]),
    )
    close = openConsole(`${PAGE}/routes`)
    const table = await screen.findByRole('region', { name: 'Routes' })
    const row = await within(table).findByRole('row', { name: /ratings/ })
    expect(within(row).getByRole('link', { name: 'reviews' }).getAttribute('href')).toBe(
      '/meshes/shop/virtual-services/shop/reviews?cluster=alpha',
    )
    await user.type(within(table).getByRole('searchbox'), 'ratings')
    await expect.poll(() => within(table).queryAllByRole('row')).toHaveLength(2)
    expect(window.location.search).toContain('search=ratings')
    expect(screen.getByText('istioctl --context alpha proxy-config route cart-1.shop')).toBeTruthy()
    expect(screen.getByText(/served by istiod-1/)).toBeTruthy()
  })

  it('is compared with another one, line by line', async () => {
    const changed = routeRow({
      cells: { ...routeRow().cells, destination: 'outbound|8080|v2|reviews' },
      fingerprint: 'b',
    })
    api.server.use(
      others,
      serve('cart-1', [routeRow(), routeRow({ key: 'same' }), routeRow({ key: 'mine' })]),
      serve('cart-2', [changed, routeRow({ key: 'same' })]),
    )
    close = openConsole(`${PAGE}/routes?compare=alpha/shop/cart-2`)
    const table = await screen.findByRole('region', { name: 'Differences to cart-2' })
    const row = await within(table).findByRole('row', { name: /^Different/ })
    expect(row.textContent).toContain('Hereoutbound|8080|v1|reviewsThereoutbound|8080|v2|reviews')
    expect(within(table).getByRole('row', { name: /^Only here/ })).toBeTruthy()
    expect(within(table).getAllByRole('row')).toHaveLength(3)
  })

  it('says so when there is no difference', async () => {
    api.server.use(others, serve('cart-1', [routeRow()]), serve('cart-2', [routeRow()]))
    close = openConsole(`${PAGE}/routes?compare=alpha/shop/cart-2`)
    expect(await screen.findByText('There is no difference')).toBeTruthy()
  })

  it('shows Envoy’s own JSON of a resource', async () => {
    const config = {
      dynamic_route_configs: [
        { version_info: '1', route_config: { name: '8080' } },
        { route_config: { name: '9090' } },
      ],
    }
    api.server.use(
      others,
      serve('cart-1', [routeRow()]),
      http.get(`${PROXY}/cart-1/dump/routes`, () => HttpResponse.json({ section: 'routes', config })),
    )
    close = openConsole(`${PAGE}/routes?json=8080`)
    const dialog = await screen.findByRole('dialog', { name: '8080' })
    await expect.poll(() => dialog.textContent).toContain('"version_info": "1"')
    expect(dialog.textContent).not.toContain('9090')
  })

  it('says when it has nothing, cannot be reached, or may not be looked into', async () => {
    api.server.use(others, serve('cart-1', []))
    close = openConsole(`${PAGE}/routes`)
    expect(await screen.findByText('The proxy has none of these')).toBeTruthy()
    close()
    api.server.use(http.get(`${PROXY}/cart-1/config/routes`, refuse(502, { code: 'pod-unreachable' })))
    close = openConsole(`${PAGE}/routes`)
    expect(await screen.findByText('The pod gave no usable answer')).toBeTruthy()
    close()
    api.server.use(http.get(`${PROXY}/cart-1/config/routes`, FORBIDDEN))
    close = openConsole(`${PAGE}/routes`)
    expect(await screen.findByText('pods/portforward')).toBeTruthy()
  })
})

describe('the log levels of a proxy', { timeout: 40_000 }, () => {
  const levels = (rbac: string): ProxyLogLevels => ({
    loggers: [
      { name: 'http', level: 'warning' },
      { name: 'rbac', level: rbac },
    ],
    levels: ['debug', 'info', 'warning'],
    perLogger: true,
  })
  const open = () => {
    api.server.use(
      http.get(LIST, () => HttpResponse.json(proxyPage([proxyView()]))),
      http.get(`${PROXY}/cart-1/log-levels`, () => HttpResponse.json(levels('warning'))),
    )
    close = openConsole(`${PAGE}/log-level`)
  }
  const choose = async (field: string, option: string) => {
    await user.click(await screen.findByRole('combobox', { name: field }))
    await user.click(await screen.findByTitle(option))
  }

  it('are shown, and one is set after it is said what that does', async () => {
    const bodies: SetProxyLogLevel[] = []
    open()
    api.server.use(
      http.post<never, SetProxyLogLevel>(`${PROXY}/cart-1/log-levels`, async ({ request }) => {
        bodies.push(await request.json())
        return HttpResponse.json(levels('debug'))
      }),
    )
    const table = await screen.findByRole('table', { name: 'Loggers and their levels' })
    expect(within(table).getByRole('row', { name: 'rbac warning' })).toBeTruthy()
    expect(screen.getByText(/It is not kept/)).toBeTruthy()
    const set = screen.getByRole<HTMLButtonElement>('button', { name: 'Set the level' })
    expect(set.disabled).toBe(true)
    await choose('Logger', 'rbac')
    await choose('Level', 'debug')
    expect(screen.getByText(/every request writes many lines/)).toBeTruthy()
    expect(screen.getByText('istioctl --context alpha proxy-config log cart-1.shop --level rbac:debug')).toBeTruthy()
    await user.click(set)
    expect(await screen.findByText('The level is set.')).toBeTruthy()
    expect(bodies).toEqual([{ level: 'debug', logger: 'rbac' }])
    expect(within(table).getByRole('row', { name: 'rbac debug' })).toBeTruthy()
  })

  it('say why one could not be set', async () => {
    open()
    api.server.use(http.post(`${PROXY}/cart-1/log-levels`, FORBIDDEN))
    await choose('Level', 'info')
    await user.click(screen.getByRole('button', { name: 'Set the level' }))
    expect(await screen.findByText(/You lack the right to do this/)).toBeTruthy()
  })
})
