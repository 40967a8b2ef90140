// @vitest-environment jsdom
import type { MonitoringChoices, MonitoringExemplars, Problem } from '@meshdeck/contract'
import { DASHBOARDS } from '@meshdeck/mesh/monitoring'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { AT, CHOICES, sectionFixture } from './fixtures.ts'

const drawn = vi.hoisted(() => vi.fn())
// jsdom has no canvas to draw on.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({ setOption: drawn, resize: vi.fn(), dispose: vi.fn(), convertFromPixel: vi.fn() }),
  joinCharts: vi.fn(),
}))

const SLOW = { timeout: 60_000 }
const CART = 'services?namespace=shop&name=cart'
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const OTHER = '00f067aa0ba902b700f067aa0ba902b7'
const labels = {
  source_workload: 'web-v1',
  source_workload_namespace: 'shop',
  connection_security_policy: 'mutual_tls',
}
const SOME: MonitoringExemplars = {
  from: AT - 3_600,
  to: AT,
  exemplars: [
    { at: AT - 60.5, value: 40, traceId: TRACE, labels },
    { at: AT - 30, value: 1_500, traceId: OTHER, labels },
  ],
  total: 2,
  hidden: 0,
  failures: [],
}
const NONE: MonitoringExemplars = { ...SOME, exemplars: [], total: 0 }
const api = createFakeApi()
let close: () => void = () => undefined
/** Panels whose exemplars were asked for, with the questions. */
const asked: { panel: string; query: Record<string, string> }[] = []
let choices: MonitoringChoices
let answer: MonitoringExemplars | Problem

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  asked.length = 0
  choices = CHOICES
  answer = SOME
  api.server.use(
    http.get('*/api/v1/meshes/shop/monitoring/-choices', () => HttpResponse.json(choices)),
    http.get('*/api/v1/meshes/shop/monitoring/:dashboard/:section', ({ params }) => {
      const dashboard = DASHBOARDS.find(({ id }) => id === params['dashboard'])?.id ?? 'mesh'
      return HttpResponse.json(sectionFixture(dashboard, String(params['section'])))
    }),
    http.get('*/api/v1/meshes/shop/monitoring/services/:section/:panel/exemplars', ({ request, params }) => {
      asked.push({
        panel: `${String(params['section'])}/${String(params['panel'])}`,
        query: Object.fromEntries(new URL(request.url).searchParams),
      })
      return 'code' in answer ? problemResponse(answer) : HttpResponse.json(answer)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
  vi.clearAllMocks()
})
afterAll(() => api.server.close())

const open = (path: string) => {
  close = openConsole(`/meshes/shop/monitoring/${path}`)
}
const durations = () => screen.findByRole('figure', { name: 'Duration by client' }, SLOW)
const list = async () => {
  const card = await durations()
  await userEvent.click(await within(card).findByText('2 traced requests', {}, SLOW))
  return within(card).getByRole('region', { name: 'Traced requests: Duration by client' })
}

describe('exemplars', () => {
  it('are asked for when they are wanted, of the time that is shown, and the address says so', SLOW, async () => {
    open(CART)
    await durations()
    expect(asked).toEqual([])
    await userEvent.click(screen.getByRole('switch', { name: 'Exemplars' }))
    await waitFor(() => expect(window.location.search).toContain('exemplars=true'))
    await waitFor(() =>
      expect(asked.map(({ panel }) => panel).toSorted()).toEqual([
        'clients/clients-duration',
        'clients/clients-requests',
        'general/clientDuration',
        'general/serverDuration',
      ]),
    )
    expect(asked[0]?.query).toMatchObject({
      from: String(AT - 3_600),
      to: String(AT),
      namespace: 'shop',
      name: 'cart',
      reporter: 'source',
    })
    expect(asked[0]?.query).not.toHaveProperty('range')
  })

  it('stand in the chart as points and below it as a list', SLOW, async () => {
    open(`${CART}&exemplars=true`)
    const region = await list()
    const row = within(region).getByRole('row', { name: new RegExp(TRACE) })
    expect(row.textContent).toContain('web-v1.shop · mTLS')
    expect(row.textContent).toContain('40 ms')
    expect(within(region).getByRole('row', { name: new RegExp(OTHER) }).textContent).toContain('1.5 s')
    const points = [
      [(AT - 60.5) * 1000, 40],
      [(AT - 30) * 1000, 1_500],
    ]
    expect(drawn.mock.calls.flatMap(([option]) => option.series)).toContainEqual(
      expect.objectContaining({ symbol: 'diamond', data: points }),
    )
  })

  it('lead to their traces where the address has a place for an id', SLOW, async () => {
    choices = { ...CHOICES, links: { tracing: 'https://traces.example/trace/{trace}?s={service}' } }
    open(`${CART}&exemplars=true`)
    const link = within(await list()).getByRole('link', { name: `Open trace ${TRACE}` })
    expect(link.getAttribute('href')).toBe(`https://traces.example/trace/${TRACE}?s=cart.shop`)
    expect(link.getAttribute('rel')).toBe('noreferrer')
  })

  it('can be copied where there is no such address', SLOW, async () => {
    const user = userEvent.setup()
    open(`${CART}&exemplars=true`)
    const region = await list()
    expect(within(region).queryByRole('link')).toBeNull()
    await user.click(within(region).getByRole('button', { name: `Copy trace id ${TRACE}` }))
    expect(await within(region).findByRole('button', { name: `Trace id ${TRACE} copied` })).toBeDefined()
    expect(await navigator.clipboard.readText()).toBe(TRACE)
  })

  it('have no value where the panel shows rates', SLOW, async () => {
    answer = { ...SOME, exemplars: SOME.exemplars.map(({ value: _value, ...rest }) => rest) }
    open(`${CART}&exemplars=true`)
    const card = await screen.findByRole('figure', { name: 'Requests by client and code' }, SLOW)
    await userEvent.click(await within(card).findByText('2 traced requests', {}, SLOW))
    expect(within(card).queryByRole('columnheader', { name: 'Value' })).toBeNull()
    expect(within(card).getByRole('row', { name: new RegExp(TRACE) })).toBeDefined()
  })

  it('say that there are none', SLOW, async () => {
    answer = NONE
    open(`${CART}&exemplars=true`)
    const card = await durations()
    expect(await within(card).findByText(/keeps no traced requests/, {}, SLOW)).toBeDefined()
    expect(within(card).queryByRole('alert')).toBeNull()
  })

  it.each([
    ['forbidden', 403],
    ['prometheus-overloaded', 503],
  ] as const)(
    'say that they could not be asked for (%s), and leave the figures in place',
    SLOW,
    async (code, status) => {
      answer = { type: 'about:blank', code, title: 'No', status, cluster: 'alpha' }
      open(`${CART}&exemplars=true`)
      const card = await durations()
      expect((await within(card).findByRole('alert', {}, SLOW)).textContent).toMatch(/^Traced requests could not be/)
      expect(within(card).getByRole('region', { name: /Duration by client/ }).textContent).toContain('web-v1.shop')
    },
  )

  it('say what is left out and who did not answer', SLOW, async () => {
    const problem: Problem = { type: 'about:blank', code: 'prometheus-timeout', title: 'Late', status: 504 }
    answer = { ...SOME, total: 1_312, hidden: 3, failures: [{ cluster: 'beta', problem }] }
    open(`${CART}&exemplars=true`)
    const card = await durations()
    expect(
      await within(card).findByText('2 of 1,312 traced requests are shown, spread over the time.', {}, SLOW),
    ).toBeDefined()
    expect(card.textContent).toContain('3 traced requests of namespaces that you may not see are left out.')
    expect(within(card).getByRole('alert').textContent).toContain('beta')
  })

  it('are offered only where panels have them', SLOW, async () => {
    open('mesh')
    await screen.findByRole('figure', { name: 'Requests' }, SLOW)
    expect(screen.queryByRole('switch', { name: 'Exemplars' })).toBeNull()
  })
})
