// @vitest-environment jsdom
import type { Problem, RecordingRules } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const PATH = '*/api/v1/meshes/shop/monitoring/-recording-rules'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => api.server.use(http.get(`${PATH}/file`, () => HttpResponse.text('groups: all'))))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (answer: RecordingRules | Problem) => {
  api.server.use(http.get(PATH, () => ('code' in answer ? problemResponse(answer) : HttpResponse.json(answer))))
  close = openConsole('/meshes/shop/monitoring/recording-rules')
}

describe('the recording rules', { timeout: 40_000 }, () => {
  it('are found or not in each Prometheus, with what they save, and can be taken along', async () => {
    open({
      sources: [
        { clusters: ['alpha'], state: 'used', rawSeries: 54_000, recordedSeries: 6_000 },
        { clusters: ['beta', 'gamma'], state: 'absent', rawSeries: 900 },
      ],
      failures: [],
    })
    const table = await screen.findByRole('table', { name: 'What each Prometheus makes of them' }, SLOW)
    const used = within(table).getByRole('row', { name: /alpha/ })
    expect(used.textContent).toContain('In use')
    expect(within(used).getByText('48,000')).toBeTruthy()
    expect(within(table).getByRole('row', { name: /beta and gamma/ }).textContent).toBe(
      'beta and gammaNot installed900––',
    )
    expect(await screen.findByText('groups: all', undefined, SLOW)).toBeTruthy()
  })

  it('say which right is missing, while the rules can still be read', async () => {
    open({
      type: 'about:blank',
      code: 'forbidden',
      title: 'Forbidden',
      status: 403,
      cluster: 'alpha',
      missing: { verb: 'list', group: '', resource: 'services' },
    })
    expect(await screen.findByText('services', undefined, SLOW)).toBeTruthy()
    expect(await screen.findByText('groups: all', undefined, SLOW)).toBeTruthy()
  })

  it('say what failed', async () => {
    open({ type: 'about:blank', code: 'internal', title: 'Failed', status: 500 })
    expect(await screen.findByRole('button', { name: 'Retry' }, SLOW)).toBeTruthy()
  })
})
