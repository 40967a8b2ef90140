// @vitest-environment jsdom
import type { KubeResource } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi } from './testing/fake-api.ts'
import { openConsole } from './testing/open-console.ts'

const api = createFakeApi()
let close: () => void = () => undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

describe('a route of the Gateway API', { timeout: 60_000 }, () => {
  const route: KubeResource = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'cart', port: 80 }] }] },
    status: {
      parents: [
        {
          parentRef: { kind: 'Gateway', name: 'edge' },
          conditions: [{ type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'no cart' }],
        },
      ],
    },
  }

  it.each(['', '/-edit'])('says where it is attached, on its page and beside its form: %j', async (form) => {
    api.keep('http-routes', route)
    close = openConsole(`/meshes/shop/http-routes/shop/shop${form}?cluster=alpha`)
    const status = await screen.findByRole('table', { name: 'Attachment' }, { timeout: 20_000 })
    expect(within(status).getByRole('rowheader', { name: 'Gateway shop/edge' })).toBeTruthy()
    expect(within(status).getByText('not accepted')).toBeTruthy()
    expect(within(status).getByText('ResolvedRefs (BackendNotFound): no cart')).toBeTruthy()
  })
})

describe('a kind without a form', { timeout: 60_000 }, () => {
  it('has what istiod would refuse marked beside its lines', async () => {
    api.keep('workload-groups', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadGroup',
      metadata: { name: 'machines', namespace: 'shop' },
      spec: { template: { address: 'unix://@app', ports: { http: 80 } }, probe: {} },
    })
    close = openConsole('/meshes/shop/workload-groups/shop/machines/-yaml?cluster=alpha')
    await waitFor(() => expect(document.querySelectorAll('.cm-lint-marker-error')).toHaveLength(2), {
      timeout: 20_000,
    })
  })
})
