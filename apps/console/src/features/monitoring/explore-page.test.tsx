// @vitest-environment jsdom
import type { ExploreAnswer, Problem } from '@meshdeck/contract'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import type { PromqlEditorProps } from '../../components/promql-editor.tsx'
import { AT } from './fixtures.ts'

// jsdom has no canvas to draw on.
vi.mock('../../charts/echarts.ts', () => ({
  createChart: () => ({ setOption: vi.fn(), resize: vi.fn(), dispose: vi.fn() }),
  joinCharts: vi.fn(),
}))

// Outside of a bundle Prometheus' extension brings a second copy of CodeMirror, which then knows none of the first's parts.
vi.mock('../../components/code-mirror/promql-view.tsx', () => ({
  PromqlView: ({ label, value, onChange }: PromqlEditorProps) => (
    <textarea aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} />
  ),
}))

const SLOW = { timeout: 60_000 }
const api = createFakeApi()
let close: () => void = () => undefined
const asked: URLSearchParams[] = []
let answer: ExploreAnswer | Problem

const TWO: ExploreAnswer = {
  from: AT - 3_600,
  to: AT,
  step: 30,
  series: [
    { labels: { __name__: 'up', job: 'istiod' }, cluster: 'alpha', points: [[AT, 1]] },
    { labels: { __name__: 'up', pod: 'p-1' }, cluster: 'beta', points: [[AT, 0.25]] },
  ],
  total: 7,
  warnings: [],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  asked.length = 0
  answer = TWO
  api.server.use(
    http.get('*/api/v1/meshes/shop/monitoring/-explore', ({ request }) => {
      asked.push(new URL(request.url).searchParams)
      return 'code' in answer ? problemResponse(answer) : HttpResponse.json(answer)
    }),
    http.get('*/api/v1/meshes/shop/monitoring/-explore/names', () => HttpResponse.json({ names: [], total: 0 })),
    http.get('*/api/v1/meshes/shop/monitoring/-explore/metrics', () => HttpResponse.json({ metrics: {} })),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (search: string) => {
  close = openConsole(`/meshes/shop/monitoring/explore${search}`)
}

describe('the page for queries of one’s own', () => {
  it('asks nothing before there is a query, and says how to begin', SLOW, async () => {
    open('')
    expect(await screen.findByRole('heading', { name: 'No query yet' }, SLOW)).toBeDefined()
    expect(await screen.findByRole('textbox', { name: 'Query (PromQL)' }, SLOW)).toBeDefined()
    expect(screen.getByRole('button', { name: 'Run' }).hasAttribute('disabled')).toBe(true)
    expect(asked).toEqual([])
    const user = userEvent.setup()
    await user.type(screen.getByRole('textbox', { name: 'Query (PromQL)' }), ' up ')
    await user.click(screen.getByRole('button', { name: 'Run' }))
    await waitFor(() => expect(asked[0]?.get('query')).toBe('up'))
    expect(window.location.search).toContain('query=up')
  })

  it('shows what is asked in its address, as lines and as a table', SLOW, async () => {
    const user = userEvent.setup()
    open('?query=up&range=3h')
    const result = await screen.findByRole('region', { name: 'Result' }, SLOW)
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({ query: 'up', range: '10800' })
    expect((await within(result).findByRole('button', { name: 'up{job="istiod"} · alpha' }, SLOW)).tagName).toBe(
      'BUTTON',
    )
    expect(result.textContent).toContain('The 2 largest of 7 series are shown.')
    await user.click(screen.getByText('Table'))
    const table = await within(result).findByRole('table')
    expect(within(table).getByRole('columnheader', { name: 'job' })).toBeDefined()
    expect(within(table).getByRole('row', { name: /p-1.*beta.*0\.25/ })).toBeDefined()
    expect(window.location.search).toContain('display=table')
  })

  it('says at the field what Prometheus does not understand', SLOW, async () => {
    answer = {
      type: 'about:blank',
      code: 'invalid-input',
      title: 'Invalid',
      status: 400,
      fields: [{ field: 'query', message: 'parse error: unexpected end of input' }],
    }
    open('?query=sum(')
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('unexpected end of input'), SLOW)
    expect(screen.queryByRole('region', { name: 'Result' })).toBeNull()
  })

  it('says that there is nothing, and which right is missing', SLOW, async () => {
    answer = { ...TWO, series: [], total: 0 }
    open('?query=nothing')
    expect(await screen.findByText('Nothing was measured in this time.', {}, SLOW)).toBeDefined()
    close()
    answer = {
      type: 'about:blank',
      code: 'forbidden',
      title: 'Forbidden',
      status: 403,
      cluster: 'alpha',
      missing: { verb: 'list', group: '', resource: 'services' },
    }
    open('?query=up')
    expect((await screen.findByRole('alert', {}, SLOW)).textContent).toContain('services')
  })
})
