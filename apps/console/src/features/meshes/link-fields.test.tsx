// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

describe('the links of a mesh', { timeout: 40_000 }, () => {
  it('show what becomes of them, go into the record, and refuse what is no web address', async () => {
    const mesh = {
      apiVersion: 'meshdeck.io/v1alpha1',
      kind: 'Mesh',
      metadata: { name: 'shop', resourceVersion: '1' },
      spec: { mode: 'External', controlPlane: { cluster: 'alpha' } },
    }
    api.server.use(http.get('*/api/v1/clusters/-hub/resources/meshes/shop', () => HttpResponse.json(mesh)))
    close = openConsole('/meshes/shop/-edit')
    const traces = await screen.findByRole('textbox', { name: 'Traces' }, SLOW)
    await userEvent.click(traces)
    await userEvent.paste('https://t.example/{service}?from={from}')
    const link = await screen.findByRole('link', { name: /^https:\/\/t\.example\// }, SLOW)
    expect(link.getAttribute('href')).toBe('https://t.example/reviews.shop?from=1764000000000')
    expect(screen.getByRole('region', { name: 'YAML preview' }).textContent).toContain(
      'tracing: https://t.example/{service}?from={from}',
    )
    await userEvent.click(screen.getByRole('textbox', { name: 'Grafana' }))
    await userEvent.paste('javascript:alert(1)')
    expect(await screen.findByText(/An address begins with http/, undefined, SLOW)).toBeTruthy()
    expect(screen.queryByRole('link', { name: /javascript/ })).toBeNull()
  })
})
