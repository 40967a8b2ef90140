// @vitest-environment jsdom
import type { ExplainAnswer, ExplainRequest, Problem } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const EXPLAIN = '*/api/v1/meshes/shop/-explain'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
const asked: ExplainRequest[] = []

const place = { cluster: 'alpha', kind: 'VirtualService', namespace: 'shop', name: 'reviews', path: 'spec.http[1]' }
const answer: ExplainAnswer = {
  verdict: 'denied',
  status: 403,
  cluster: 'alpha',
  steps: [
    {
      hop: 'client',
      outcome: 'ok',
      code: 'route.match',
      values: { route: 'canary' },
      place,
      others: [
        {
          hop: 'client',
          outcome: 'skip',
          code: 'miss.uri',
          values: { route: 'admin', wanted: 'prefix /admin', got: '/' },
          place: { ...place, path: 'spec.http[0].match[0]' },
        },
      ],
    },
  ],
  branches: [
    {
      verdict: 'denied',
      status: 403,
      host: 'reviews.shop.svc.cluster.local',
      port: 9080,
      subset: 'v1',
      weight: 100,
      cluster: 'outbound|9080|v1|reviews.shop.svc.cluster.local',
      steps: [{ hop: 'server', outcome: 'stop', code: 'authz.denied', values: { name: 'shop/deny' } }],
    },
  ],
  hidden: ['Pod'],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  asked.length = 0
  const page = { items: [], total: 0, all: 0, page: 1, pageSize: 30, failures: [] }
  api.server.use(
    http.post(EXPLAIN, async ({ request }) => {
      // The boundary: what the console itself has sent.
      asked.push((await request.json()) as ExplainRequest)
      return HttpResponse.json(answer)
    }),
    http.get('*/api/v1/meshes/shop/services', () => HttpResponse.json(page)),
    http.get('*/api/v1/meshes/shop/workloads', () => HttpResponse.json(page)),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/explain${query}`)
}
const QUESTION = '?source=shop/cart&host=reviews&port=9080'

describe('the page that explains a request', { timeout: 40_000 }, () => {
  it('asks by keyboard, and keeps the question in the address', async () => {
    open()
    expect(await screen.findByText('Ask about a request', undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Explain' }))
    expect(screen.getAllByRole('alert').map(({ textContent }) => textContent)).toEqual([
      'Say who calls: a namespace, a slash and a name.',
      'Say which host is called.',
      'A port is a number from 1 to 65535.',
    ])
    await user.type(screen.getByRole('combobox', { name: 'Workload' }), 'shop/cart')
    await user.type(screen.getByRole('combobox', { name: 'Host' }), 'reviews')
    await user.type(screen.getByRole('combobox', { name: 'Port' }), '9080')
    await user.type(screen.getByRole('textbox', { name: 'Path' }), 'api{Enter}')
    expect(await screen.findByRole('heading', { name: /It is refused · HTTP 403/ })).toBeTruthy()
    expect(asked).toEqual([
      {
        source: { from: 'workload', namespace: 'shop', name: 'cart' },
        protocol: 'http',
        host: 'reviews',
        port: 9080,
        path: '/api',
        method: 'GET',
        headers: {},
      },
    ])
    expect(Object.fromEntries(new URLSearchParams(window.location.search))).toEqual({
      source: 'shop/cart',
      host: 'reviews',
      port: '9080',
      path: '/api',
    })
  })

  it('answers a link at once, with what decides, where, and what did not', async () => {
    open(QUESTION)
    expect(await screen.findByText('Route canary fits.', undefined, SLOW)).toBeTruthy()
    const [link] = screen.getAllByRole('link', { name: 'VirtualService shop/reviews' })
    expect(link?.getAttribute('href')).toBe('/meshes/shop/virtual-services/shop/reviews?cluster=alpha')
    const others = screen.getByText('1 other that did not decide').closest('details')
    expect(others && within(others).getByText('admin wants the path prefix /admin; it is /.')).toBeTruthy()
    expect(screen.getByRole('heading', { name: '100 % to reviews.shop.svc.cluster.local:9080 v1' })).toBeTruthy()
    expect(screen.getByText('You do not see all of: Pod. What is hidden may change the answer.')).toBeTruthy()
  })

  it.each([
    ['forbidden', 403, 'You may not see this'],
    ['internal', 500, 'Something went wrong inside Meshdeck'],
  ] as const)('says so when it is %s', async (code, status, title) => {
    const problem: Problem = { type: 'about:blank', code, title: 'No', status }
    api.server.use(http.post(EXPLAIN, () => problemResponse(problem)))
    open(QUESTION)
    expect(await screen.findByRole('heading', { name: title }, SLOW)).toBeTruthy()
    expect(screen.queryByText('Route canary fits.')).toBeNull()
  })
})
