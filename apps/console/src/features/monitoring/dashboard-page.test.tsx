// @vitest-environment jsdom
import type { MonitoringChoices, MonitoringSection, Problem } from '@meshdeck/contract'
import { DASHBOARDS, type DashboardId } from '@meshdeck/mesh/monitoring'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { AT, CHOICES, sectionFixture } from './fixtures.ts'

// jsdom has no canvas to draw on; a pixel stands for ten seconds of the range.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({
    setOption: vi.fn(),
    resize: vi.fn(),
    dispose: vi.fn(),
    convertFromPixel: (_axis: unknown, x: number) => (AT - 3_600 + x * 10) * 1000,
  }),
  joinCharts: vi.fn(),
}))

/** A dashboard has up to thirty panels, each with a table. */
const SLOW = { timeout: 60_000 }
const api = createFakeApi()
let close: () => void = () => undefined
/** Sections that were asked for, with their questions. */
const asked: { dashboard: string; section: string; query: URLSearchParams }[] = []
let choices: MonitoringChoices
let answerOf: (dashboard: DashboardId, section: string) => MonitoringSection | Problem

const FORBIDDEN: Problem = {
  type: 'about:blank',
  code: 'forbidden',
  title: 'Forbidden',
  status: 403,
  cluster: 'alpha',
  missing: { verb: 'list', group: '', resource: 'services' },
}
const NO_PROMETHEUS: Problem = {
  type: 'about:blank',
  code: 'prometheus-not-configured',
  title: 'No Prometheus',
  status: 404,
  cluster: 'alpha',
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  asked.length = 0
  choices = CHOICES
  answerOf = (dashboard, section) => sectionFixture(dashboard, section)
  api.server.use(
    http.get('*/api/v1/meshes/shop/monitoring/-choices', () => HttpResponse.json(choices)),
    http.get('*/api/v1/meshes/shop/monitoring/:dashboard/:section', ({ request, params }) => {
      const dashboard = DASHBOARDS.find(({ id }) => id === params['dashboard'])?.id ?? 'mesh'
      const section = String(params['section'])
      asked.push({ dashboard, section, query: new URL(request.url).searchParams })
      const answer = answerOf(dashboard, section)
      return 'code' in answer ? problemResponse(answer) : HttpResponse.json(answer)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
  vi.restoreAllMocks()
})
afterAll(() => api.server.close())

const open = (path: string) => {
  close = openConsole(`/meshes/shop/monitoring/${path}`)
}
const panel = (name: string) => screen.findByRole('figure', { name }, SLOW)

describe('a dashboard', () => {
  it.each(DASHBOARDS.map(({ id }) => id))('%s shows every panel by its name, with its figures', SLOW, async (id) => {
    const dashboard = DASHBOARDS.find((each) => each.id === id)
    const closed = dashboard?.sections.flatMap((section) => (section.closed ? [section.id] : [])).join(',')
    open(`${id}?namespace=shop&name=cart&turned=${closed}`)
    for (const section of dashboard?.sections ?? []) {
      await waitFor(() => expect(asked.map((each) => each.section)).toContain(section.id), SLOW)
    }
    const count = dashboard?.sections.flatMap(({ panels }) => panels).length
    await waitFor(() => expect(screen.getAllByRole('figure')).toHaveLength(count ?? 0), SLOW)
    // A text that is missing shows its key.
    expect(document.body.textContent).not.toMatch(/\b(panels|series|sections|about|columns|units)\.[a-zA-Z]/)
    expect(screen.queryByText('Nothing was measured in this time.')).toBeNull()
  })

  it('asks for what is open only, and for the rest when it is opened', SLOW, async () => {
    const user = userEvent.setup()
    open('mesh')
    await panel('Requests')
    expect(asked.map(({ section }) => section)).not.toContain('configuration')
    await user.click(screen.getByRole('button', { name: 'Configuration' }))
    await panel('Configuration objects')
    expect(window.location.search).toContain('turned=configuration')
  })

  it('asks again for the time and the variables that are chosen, and keeps them in the address', SLOW, async () => {
    const user = userEvent.setup()
    open('services?namespace=shop&name=cart&quantiles=0.5&reporter=destination&peerNamespaces=shop,backend')
    await panel('Requests, as clients see them')
    const [first] = asked
    expect(Object.fromEntries(first?.query ?? [])).toMatchObject({
      range: '3600',
      namespace: 'shop',
      name: 'cart',
      quantiles: '0.5',
      reporter: 'destination',
      peerNamespaces: 'shop,backend',
    })
    await user.click(screen.getByText('3 h'))
    await waitFor(() => expect(asked.at(-1)?.query.get('range')).toBe('10800'))
    expect(window.location.search).toContain('range=3h')
  })

  it('says that a name has to be chosen, and asks nothing before', SLOW, async () => {
    open('workloads?namespace=shop')
    expect(await screen.findByRole('heading', { name: 'Choose a workload' }, SLOW)).toBeDefined()
    expect(asked).toEqual([])
  })

  it('says that it does not exist', SLOW, async () => {
    open('nothing')
    expect(await screen.findByRole('heading', { name: 'There is no such dashboard' }, SLOW)).toBeDefined()
  })

  it('says which right is missing', SLOW, async () => {
    answerOf = () => FORBIDDEN
    open('control-plane')
    const state = await screen.findByRole('alert', {}, SLOW)
    expect(state.textContent).toContain('services')
    expect(screen.queryAllByRole('figure')).toEqual([])
  })

  it('says that no Prometheus is set', SLOW, async () => {
    answerOf = () => NO_PROMETHEUS
    open('mesh')
    expect((await screen.findByRole('alert', {}, SLOW)).textContent).toMatch(/Prometheus/)
  })

  it('says of a panel that there is nothing, that some is left out, and what went wrong', SLOW, async () => {
    answerOf = (dashboard, section) =>
      sectionFixture(dashboard, section, ({ id, series }) => {
        if (id === 'volume') return { series: [], total: 0 }
        if (id === 'success') return { total: 312 }
        if (id === 'clientErrors') return { series, hidden: 3, warnings: ['a store is away'] }
        return {
          series: [],
          failures: [{ cluster: 'beta', problem: { ...NO_PROMETHEUS, code: 'prometheus-timeout' } }],
        }
      })
    open('mesh')
    expect((await panel('Requests')).textContent).toContain('Nothing was measured in this time.')
    expect((await panel('Success')).textContent).toContain('The 1 largest of 312 series are shown.')
    expect((await panel('4xx')).textContent).toContain('3 series of namespaces that you may not see are left out.')
    expect((await panel('4xx')).textContent).toContain('a store is away')
    expect(within(await panel('5xx')).getByRole('alert').textContent).toContain('beta')
  })

  it('says to whom totals are kept', SLOW, async () => {
    answerOf = (dashboard, section) => ({ ...sectionFixture(dashboard, section), within: ['backend'] })
    open('mesh')
    expect(await screen.findByText(/You may see backend only/, {}, SLOW)).toBeDefined()
  })
})

describe('a panel', () => {
  it('has its figures as a table, whose names take lines out of the chart', SLOW, async () => {
    const user = userEvent.setup()
    open('services?namespace=shop&name=cart')
    const card = await panel('Requests by client and code')
    const table = await within(card).findByRole('table', {}, SLOW)
    expect(within(table).getByRole('row', { name: /web-v1\.shop · 200 · mTLS/ }).textContent).toContain('1.5/s2/s2/s')
    const line = within(table).getByRole('button', { name: 'web-v1.shop · 200 · mTLS' })
    expect(line.getAttribute('aria-pressed')).toBe('true')
    await user.click(line)
    expect(line.getAttribute('aria-pressed')).toBe('false')
  })

  it('shows that stretch of time in all panels which is drawn over one', SLOW, async () => {
    open('services?namespace=shop&name=cart')
    const card = await panel('Success by client')
    const chart = await within(card).findByRole('img', { name: /chart of/ }, SLOW)
    Element.prototype.setPointerCapture = () => undefined
    fireEvent.pointerDown(chart, { clientX: 30, button: 0 })
    fireEvent.pointerMove(chart, { clientX: 90 })
    fireEvent.pointerUp(chart, { clientX: 90 })
    await waitFor(() => expect(window.location.search).toContain(`from=${AT - 3_600 + 300}`))
    expect(window.location.search).toContain(`to=${AT - 3_600 + 900}`)
    await waitFor(() => {
      const later = asked.filter(({ query }) => query.get('from') === String(AT - 3_300))
      expect(new Set(later.map(({ section }) => section))).toEqual(new Set(['general', 'clients']))
    })
    await userEvent.click(screen.getByRole('button', { name: 'Back to now' }))
    await waitFor(() => expect(window.location.search).not.toContain('from='))
  })

  it('tells its queries, and leads to Grafana with them', SLOW, async () => {
    const user = userEvent.setup()
    const opened = vi.spyOn(window, 'open').mockReturnValue(null)
    open('mesh')
    const card = await panel('Requests')
    await user.click(within(card).getByRole('button', { name: /Requests/ }))
    await user.click(await screen.findByRole('menuitem', { name: 'Open in Grafana' }))
    const address = new URL(String(opened.mock.calls[0]?.[0]))
    expect(`${address.origin}${address.pathname}`).toBe('https://grafana.example/base/explore')
    expect(JSON.parse(address.searchParams.get('left') ?? '')).toMatchObject({
      queries: [{ refId: 'A', expr: 'up{query="volume"}' }],
      range: { from: String((AT - 3_600) * 1000), to: String(AT * 1000) },
    })
    await user.click(within(card).getByRole('button', { name: /Requests/ }))
    await user.click(await screen.findByRole('menuitem', { name: 'Queries (PromQL)' }))
    expect(await screen.findByText('up{query="volume"}')).toBeDefined()
  })

  it('leads from a row to the dashboards of its workload and its service', SLOW, async () => {
    open('mesh')
    const card = await panel('HTTP and gRPC workloads')
    expect((await within(card).findByRole('link', { name: 'cart-v1.shop' }, SLOW)).getAttribute('href')).toBe(
      '/meshes/shop/monitoring/workloads?namespace=shop&name=cart-v1',
    )
    expect(within(card).getByRole('link', { name: 'cart.shop' }).getAttribute('href')).toBe(
      '/meshes/shop/monitoring/services?namespace=shop&name=cart',
    )
  })

  it('leads to the traces of what it is about, and nowhere when nobody has said where they are', SLOW, async () => {
    open('services?namespace=shop&name=cart')
    expect((await screen.findByRole('link', { name: 'Traces of cart.shop' }, SLOW)).getAttribute('href')).toBe(
      'https://traces.example/search?service=cart.shop',
    )
    close()
    choices = { ...CHOICES, links: {} }
    open('services?namespace=shop&name=cart')
    const card = await panel('Requests, as clients see them')
    expect(screen.queryByRole('link', { name: /Traces/ })).toBeNull()
    await userEvent.click(within(card).getByRole('button', { name: /Requests/ }))
    expect(await screen.findByRole('menuitem', { name: 'Save as CSV' })).toBeDefined()
    expect(screen.queryByRole('menuitem', { name: 'Open in Grafana' })).toBeNull()
  })
})

it('the dashboard of ztunnels leads to what each of them has', SLOW, async () => {
  open('ztunnel')
  const link = await screen.findByRole('link', { name: 'Configuration of each ztunnel' }, SLOW)
  expect(link.getAttribute('href')).toBe('/meshes/shop/proxies?types=ztunnel')
  close()
  open('mesh')
  await panel('Requests')
  expect(screen.queryByRole('link', { name: 'Configuration of each ztunnel' })).toBeNull()
})

describe('the form of times', () => {
  it('shows what was typed, and says what is wrong with it', SLOW, async () => {
    const user = userEvent.setup()
    open('mesh')
    await panel('Requests')
    await user.click(screen.getByRole('button', { name: 'From – to' }))
    const from = await screen.findByLabelText('From')
    fireEvent.change(from, { target: { value: '2030-01-01T00:00:00' } })
    expect(screen.getByText('“From” must be before “to”.')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Show' }).hasAttribute('disabled')).toBe(true)
    fireEvent.change(from, { target: { value: '2026-11-01T00:00:00' } })
    await user.click(screen.getByRole('button', { name: 'Show' }))
    const expected = String(new Date('2026-11-01T00:00:00').getTime() / 1000)
    await waitFor(() => expect(asked.at(-1)?.query.get('from')).toBe(expected))
  })
})
