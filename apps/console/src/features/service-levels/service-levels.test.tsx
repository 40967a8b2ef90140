// @vitest-environment jsdom
import type { Problem, ServiceLevelDetail, ServiceLevelList, ServiceLevelView } from '@meshdeck/contract'
import { burnConditions } from '@meshdeck/mesh/service-levels'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

// jsdom has no canvas to draw on.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn() }),
  joinCharts: vi.fn(),
}))

const LIST = '*/api/v1/meshes/shop/service-levels'
const SLOW = { timeout: 20_000 }
const NONE: Problem = { type: 'about:blank', code: 'not-found', title: 'Not found', status: 404 }
const FORBIDDEN: Problem = {
  type: 'about:blank',
  code: 'forbidden',
  title: 'Forbidden',
  status: 403,
  cluster: '-hub',
  missing: { verb: 'list', group: 'meshdeck.io', resource: 'servicelevels' },
}
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const level = (name: string, more: Partial<ServiceLevelView> = {}): ServiceLevelView => ({
  name,
  service: { namespace: 'shop', name: 'cart' },
  clusters: ['alpha'],
  missing: [],
  indicator: { type: 'Availability' },
  objective: 99.9,
  windowDays: 28,
  state: 'met',
  budgetLeft: 0.62,
  good: 0.99962,
  requests: 1_000_000,
  bad: 380,
  burn: [
    { window: '5m', rate: 0.4 },
    { window: '1h', rate: 0.4 },
  ],
  ...more,
})
const unmeasured = ({ budgetLeft: _left, good: _good, ...rest }: ServiceLevelView): ServiceLevelView => rest
const LEVELS = [
  level('cart'),
  level('pay', {
    service: { namespace: 'shop', name: 'pay' },
    state: 'exhausted',
    budgetLeft: -0.5,
    missing: ['beta'],
  }),
  unmeasured(level('slow', { indicator: { type: 'Latency', thresholdMilliseconds: 250 }, state: 'noData', burn: [] })),
]
const listOf = (items: ServiceLevelView[]): ServiceLevelList => ({ items, at: 1_764_000_000, failures: [] })
const DETAIL: ServiceLevelDetail = {
  level: LEVELS[1] ?? level('pay'),
  conditions: burnConditions(28).map((condition, index) => ({ ...condition, holds: index === 0 })),
  course: { from: 1_000, to: 2_000, step: 500, good: [[2_000, 0.98]], left: [[2_000, -0.5]] },
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  api.server.use(
    http.get('*/api/v1/meshes/shop/services', () => HttpResponse.json({ items: [], total: 0, failures: [] })),
    http.get(`${LIST}/-rules`, ({ request }) =>
      HttpResponse.text(`all of ${new URL(request.url).searchParams.get('format')}`),
    ),
    http.get(`${LIST}/:name/-rules`, () => HttpResponse.text('groups: of pay')),
    http.get('*/api/v1/meshes/shop/history', () => problemResponse(NONE)),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const openList = (answer: ServiceLevelList, search = '') => {
  api.server.use(http.get(LIST, () => HttpResponse.json(answer)))
  close = openConsole(`/meshes/shop/service-levels${search}`)
}
const openOne = (answer: ServiceLevelDetail | Problem) => {
  api.server.use(
    http.get(`${LIST}/pay`, () => ('code' in answer ? problemResponse(answer) : HttpResponse.json(answer))),
  )
  close = openConsole('/meshes/shop/service-levels/pay')
}

describe('the service levels of a mesh', { timeout: 40_000 }, () => {
  it('are listed with the worst first, and say in words how they are', async () => {
    openList(listOf(LEVELS))
    const table = await screen.findByRole('table', { name: 'Service levels' }, SLOW)
    const [, ...rows] = within(table).getAllByRole('row')
    expect(rows.map((row) => within(row).getAllByRole('link')[0]?.textContent)).toEqual(['pay', 'cart', 'slow'])
    const row = (name: RegExp) => within(table).getByRole('row', { name })
    expect(row(/^pay/).textContent).toContain('Exhausted')
    expect(row(/^pay/).textContent).toContain('Without beta')
    expect(row(/^cart/).textContent).toContain('62%')
    expect(row(/^cart/).textContent).toContain('99.962%')
    // Nothing that was not measured is shown as a figure.
    expect(row(/^slow/).textContent).toMatch(/No data–––$/)
    expect(row(/^slow/).textContent).toContain('99.9% within 250 ms over 28 days')
  })

  it('are narrowed by the address', async () => {
    openList(listOf(LEVELS), '?state=met')
    expect(await screen.findByText('1 of 3 service levels', undefined, SLOW)).toBeTruthy()
    close()
    openList(listOf(LEVELS), '?search=nothing')
    expect(await screen.findByText('Nothing matches these filters', undefined, SLOW)).toBeTruthy()
  })

  it('have their rules together, in both forms', async () => {
    openList(listOf(LEVELS))
    await user.click(await screen.findByRole('button', { name: 'Rules of all service levels' }, SLOW))
    expect(await screen.findByText('all of operator', undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByText('Rule file'))
    expect(await screen.findByText('all of file', undefined, SLOW)).toBeTruthy()
  })

  it('say what they are for when there are none, and who may make one', async () => {
    openList(listOf([]))
    expect(await screen.findByText('No service level yet', undefined, SLOW)).toBeTruthy()
    expect(await screen.findByRole('button', { name: 'Create a service level' }, SLOW)).toBeTruthy()
    close()
    api.state.may = () => false
    openList(listOf([]))
    await screen.findByText('No service level yet', undefined, SLOW)
    expect(screen.queryByRole('button', { name: 'Create a service level' })).toBeNull()
  })

  it('say what failed, and which right is missing', async () => {
    api.server.use(http.get(LIST, () => problemResponse({ ...NONE, code: 'internal', status: 500 })))
    close = openConsole('/meshes/shop/service-levels')
    expect(await screen.findByRole('button', { name: 'Retry' }, SLOW)).toBeTruthy()
    close()
    api.server.use(http.get(LIST, () => problemResponse(FORBIDDEN)))
    close = openConsole('/meshes/shop/service-levels')
    expect(await screen.findByText('servicelevels.meshdeck.io', undefined, SLOW)).toBeTruthy()
  })
})

describe('one service level', { timeout: 40_000 }, () => {
  it('says how its budget went, which condition holds, and has its rules', async () => {
    openOne(DETAIL)
    expect(
      await screen.findByRole('img', { name: 'Error budget left over the window, -50% at its end' }, SLOW),
    ).toBeTruthy()
    const conditions = screen.getByRole('table', { name: 'When somebody is told' })
    expect(within(conditions).getAllByText('Holds')).toHaveLength(1)
    expect(within(conditions).getAllByText('Does not hold')).toHaveLength(2)
    expect(await screen.findByText('groups: of pay', undefined, SLOW)).toBeTruthy()
  })

  it('is deleted by who may, after its name was typed', async () => {
    const object = { apiVersion: 'meshdeck.io/v1alpha1', kind: 'ServiceLevel', metadata: { name: 'pay' }, spec: {} }
    api.server.use(http.get('*/api/v1/clusters/-hub/resources/service-levels/pay', () => HttpResponse.json(object)))
    openOne(DETAIL)
    await user.click(await screen.findByRole('button', { name: 'Delete' }, SLOW))
    const dialog = await screen.findByRole('dialog', undefined, SLOW)
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Delete' }).disabled).toBe(true)
  })

  it('says when it is gone, or which right is missing', async () => {
    openOne(NONE)
    expect(await screen.findByText('There is no service level pay in this mesh', undefined, SLOW)).toBeTruthy()
    close()
    openOne(FORBIDDEN)
    expect(await screen.findByText('servicelevels.meshdeck.io', undefined, SLOW)).toBeTruthy()
  })
})

describe('a new service level', { timeout: 40_000 }, () => {
  it('begins with the service that one comes from, and says at the field what is wrong', async () => {
    close = openConsole('/meshes/shop/service-levels/-create?service=shop/cart')
    const objective = await screen.findByRole('spinbutton', { name: 'Target' }, SLOW)
    expect(screen.getByText(/One of 1,000 requests may go wrong/)).toBeTruthy()
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('cart-availability')
    expect(screen.getByRole<HTMLInputElement>('combobox', { name: 'Service' }).value).toBe('cart')
    await user.clear(objective)
    await user.type(objective, '100')
    expect(await screen.findByText(/Nothing can promise 100 %/, undefined, SLOW)).toBeTruthy()
    await user.clear(screen.getByRole('combobox', { name: 'Service' }))
    expect(await screen.findByText(/Choose one, or write a name/, undefined, SLOW)).toBeTruthy()
  })

  it('names the right that is missing', async () => {
    api.state.may = () => false
    close = openConsole('/meshes/shop/service-levels/-create')
    expect(await screen.findByText('servicelevels.meshdeck.io', undefined, SLOW)).toBeTruthy()
  })
})
