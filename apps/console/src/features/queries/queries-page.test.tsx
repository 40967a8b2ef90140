// @vitest-environment jsdom
import type { QueryOverview } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createFakeApi } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, FORBIDDEN, queryLoad, queryOverview, queryServer } from './fixtures.ts'

// jsdom has no canvas to draw on.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({
    setOption: vi.fn(),
    resize: vi.fn(),
    dispose: vi.fn(),
  }),
  joinCharts: vi.fn(),
}))

const PATH = '*/api/v1/queries'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

function open(answer: () => Response | Promise<Response>): void {
  api.server.use(http.get(PATH, answer))
  close = openConsole('/settings/queries')
}
const show = (overview: QueryOverview) => open(() => HttpResponse.json(overview))

describe('the page of queries', { timeout: 40_000 }, () => {
  it('says what each Prometheus is, and what is asked of it', async () => {
    show(queryOverview())
    const card = await screen.findByRole('region', { name: 'prom.example:9090' }, SLOW)
    for (const text of [
      'Prometheus 3.5.0',
      '123,456',
      'agrees with this console’s',
      '2 under way, 3 waiting',
      'Asked as needed',
    ])
      expect(within(card).getByText(text)).toBeTruthy()
    expect(within(card).getByText(/1 too costly, 0 queue full, 1 while paused/)).toBeTruthy()
    expect(within(card).getByRole('link', { name: 'beta' }).getAttribute('href')).toBe('/clusters/beta')
    const slowest = within(card).getByRole('table', { name: 'Slowest queries' })
    expect(within(slowest).getByText('1.2 s')).toBeTruthy()
    const limits = screen.getByRole('table', { name: 'Limits in force' })
    expect(within(limits).getByText('MESHDECK_PROMETHEUS_MAX_SAMPLES')).toBeTruthy()
    expect(within(limits).getByText('200,000,000')).toBeTruthy()
  })

  it('says what is amiss: spared, a wrong clock, nothing told, a credential that cannot be read, servers that are hidden', async () => {
    const problem = {
      type: 'about:blank',
      code: 'prometheus-not-configured',
      title: '',
      status: 404,
      detail: 'no key "token"',
    }
    const spared = queryServer({
      address: 'slow.example',
      make: 'unknown',
      skewSeconds: -90,
      load: queryLoad({
        circuit: { state: 'open', error: 'Prometheus at slow.example cannot be reached' },
        minutes: [],
        slowest: [],
      }),
    })
    const { series: _, ...unknown } = spared
    show(queryOverview({ servers: [unknown, { clusters: ['gamma'], problem }], hidden: 2 }))
    const card = await screen.findByRole('region', { name: 'slow.example' }, SLOW)
    for (const text of [
      'Paused',
      /cannot be reached/,
      '90 s behind this console’s',
      /cost of queries is not estimated/,
      /^Nothing was asked/,
    ])
      expect(within(card).getByText(text)).toBeTruthy()
    expect(within(screen.getByRole('region', { name: 'It cannot be asked' })).getByText(/no key "token"/)).toBeTruthy()
    expect(screen.getByText(/^2 more Prometheus/)).toBeTruthy()
  })

  it('shows what a server calls itself as text, whatever is in it', async () => {
    const hostile = '<img src=x onerror="alert(1)">'
    const load = queryLoad({
      slowest: [{ shape: `sum(${hostile})`, count: 1, failed: 0, meanMs: 1, slowestMs: 1, bytes: 1 }],
      circuit: { state: 'open', error: hostile },
    })
    show(queryOverview({ servers: [queryServer({ version: hostile, address: hostile, load })] }))
    const card = await screen.findByRole('region', { name: hostile }, SLOW)
    for (const text of [hostile, `Prometheus ${hostile}`, `sum(${hostile})`])
      expect(within(card).getAllByText(text).length).toBeGreaterThan(0)
    expect(document.querySelector('img[src="x"]')).toBeNull()
  })

  it('says where to begin when there is none', async () => {
    show(queryOverview({ servers: [] }))
    expect(await screen.findByRole('heading', { name: 'No cluster names a Prometheus' }, SLOW)).toBeTruthy()
    expect(screen.getByRole('table', { name: 'Limits in force' })).toBeTruthy()
  })

  it('says what failed, and which right is missing', async () => {
    open(() => HttpResponse.json(BROKEN, { status: BROKEN.status }))
    expect(await screen.findByRole('button', { name: 'Retry' }, SLOW)).toBeTruthy()
    close()
    open(() => HttpResponse.json(FORBIDDEN, { status: 403 }))
    expect(await screen.findByText(/You may not/i, undefined, SLOW)).toBeTruthy()
  })
})
