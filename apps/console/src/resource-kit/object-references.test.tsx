// @vitest-environment jsdom
import type { ReferencesAnswer } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../app/pages/testing/fake-api.ts'
import { openConsole } from '../app/pages/testing/open-console.ts'

const REFERENCES = '*/api/v1/meshes/shop/-references'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined

const referred = (kind: string, name: string, namespace = 'shop') => ({ cluster: 'alpha', kind, namespace, name })
const answer: ReferencesAnswer = {
  items: [
    {
      uses: [
        { object: referred('Service', 'cart'), path: 'spec.host', part: 'object', loose: false },
        { object: referred('Secret', 'cert'), path: 'spec.trafficPolicy.tls', part: 'object', loose: false },
        { object: referred('Deployment', 'cart-v1'), path: 'spec.workloadSelector', part: 'labels', loose: true },
      ],
      usedBy: [
        { object: referred('VirtualService', 'front'), path: 'spec.http[0]', part: 'subset', name: 'v2', loose: false },
      ],
    },
  ],
  hidden: [],
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  api.keep('destination-rules', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { host: 'cart' },
  })
  api.server.use(http.post(REFERENCES, () => HttpResponse.json(answer)))
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '') => {
  close = openConsole(`/meshes/shop/destination-rules/shop/cart?cluster=alpha${query}`)
}

describe('references of an object', { timeout: 60_000 }, () => {
  it('are shown in both directions, each with the way to the other', async () => {
    open()
    await userEvent.click(await screen.findByRole('tab', { name: 'References' }, SLOW))
    const usedBy = await screen.findByRole('table', { name: 'Used by' }, SLOW)
    expect(
      within(usedBy).getByRole('row', { name: /front VirtualService subset v2 spec.http\[0\] shop alpha/ }),
    ).toBeTruthy()
    expect(within(usedBy).getByRole('link', { name: 'front' }).getAttribute('href')).toBe(
      '/meshes/shop/virtual-services/shop/front?cluster=alpha',
    )
    const uses = screen.getByRole('table', { name: 'Uses' })
    expect(within(uses).getByRole('link', { name: 'cart' }).getAttribute('href')).toBe(
      '/meshes/shop/services/shop/cart/overview',
    )
    expect(within(uses).getByRole('link', { name: 'cert' }).getAttribute('href')).toBe(
      '/meshes/shop/config/tls-secrets/shop/cert?cluster=alpha',
    )
    // A workload has no page of its own.
    expect(within(uses).queryByRole('link', { name: 'cart-v1' })).toBeNull()
    expect(new URL(window.location.href).searchParams.get('tab')).toBe('references')
  })

  it('say when there are none, what may not be seen, what failed, and which right is missing', async () => {
    api.server.use(
      http.post(REFERENCES, () =>
        HttpResponse.json({ items: [{ uses: [], usedBy: [] }], hidden: ['VirtualService'], failures: [] }),
      ),
    )
    open('&tab=references')
    expect(await screen.findByText(/can go without breaking another/, undefined, SLOW)).toBeTruthy()
    expect(screen.getByText(/may not see all objects of VirtualService/)).toBeTruthy()
    close()
    const problem = { type: 'about:blank', title: 'No' }
    api.server.use(
      http.post(REFERENCES, () =>
        problemResponse({ ...problem, code: 'bad-request', status: 400, detail: 'own words' }),
      ),
    )
    open('&tab=references')
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('own words')
    close()
    const missing = { verb: 'list', group: '', resource: 'meshes' }
    api.server.use(
      http.post(REFERENCES, () => problemResponse({ ...problem, code: 'forbidden', status: 403, missing })),
    )
    open('&tab=references')
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('meshes')).toBeTruthy()
  })
})
