// @vitest-environment jsdom
import type { ClusterList, MeshList, PreflightView } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView, meshView } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let checks: PreflightView['clusters'][number]['checks'] | undefined
let asked: { mesh: Mesh; joining: string[] }[] = []

const mesh: Mesh = {
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop', resourceVersion: '7' },
  spec: {
    mode: 'Managed',
    controlPlane: { cluster: 'alpha', version: '1.30.3' },
    members: [{ cluster: 'alpha', network: 'blue' }],
  },
}
const operator = { type: 'OperatorReady', status: 'True', reason: 'Installed', message: 'It is.' } as const

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  checks = []
  asked = []
  api.server.use(
    http.get('*/api/v1/meshes', () =>
      HttpResponse.json({ items: [meshView({ mode: 'Managed' })], failures: [] } satisfies MeshList),
    ),
    http.get('*/api/v1/clusters', () =>
      HttpResponse.json({
        items: [
          clusterView({ meshes: ['shop'] }),
          clusterView({ name: 'west', network: 'green', istio: [], conditions: [operator] }),
        ],
        failures: [],
      } satisfies ClusterList),
    ),
    http.get('*/api/v1/clusters/-hub/resources/meshes/shop', () => HttpResponse.json(mesh)),
    http.post<never, (typeof asked)[number]>('*/api/v1/preflight', async ({ request }) => {
      asked.push(await request.json())
      if (checks === undefined) return problemResponse(BROKEN)
      return HttpResponse.json({ clusters: [{ cluster: 'west', role: 'remote', checks }] } satisfies PreflightView)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

async function choose() {
  close = openConsole('/meshes/shop/clusters')
  await userEvent.click(await screen.findByRole('button', { name: 'Add clusters' }, SLOW))
  const dialog = within(await screen.findByRole('dialog'))
  await userEvent.click(await dialog.findByRole('checkbox', { name: /west/ }, SLOW))
  return dialog
}
const add = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Add 1 cluster' })

describe('clusters that join a mesh', { timeout: 60_000 }, () => {
  it('are looked at as the mesh would be with them, once more when their network changes', async () => {
    checks = [{ id: 'addresses', level: 'ok', reason: 'apart', params: { network: 'green' } }]
    const dialog = await choose()
    expect(await dialog.findByText('Nothing stands in the way.', undefined, SLOW)).toBeTruthy()
    await waitFor(() => expect(add().disabled).toBe(false))
    expect(asked).toEqual([
      {
        mesh: {
          metadata: { name: 'shop' },
          spec: {
            ...mesh.spec,
            members: [
              { cluster: 'alpha', network: 'blue' },
              { cluster: 'west', network: 'green' },
            ],
          },
        },
        joining: ['west'],
      },
    ])
    checks = [
      {
        id: 'addresses',
        level: 'error',
        reason: 'podsOverlap',
        params: { network: 'blue' },
        items: ['10.1.0.0/16 (alpha)'],
      },
    ]
    const network = dialog.getByLabelText('Network of west')
    await userEvent.clear(network)
    await userEvent.type(network, 'blue')
    expect(await dialog.findByText('10.1.0.0/16 (alpha)', undefined, SLOW)).toBeTruthy()
    expect(dialog.getByText(/Put the clusters in different networks/)).toBeTruthy()
    expect(add().disabled).toBe(true)
    // Not for every letter.
    expect(asked.length).toBeLessThan(5)
    expect(asked.at(-1)?.mesh.spec.members?.at(-1)).toEqual({ cluster: 'west', network: 'blue' })
  })

  it('are told of that checks failed, and may join all the same', async () => {
    checks = undefined
    const dialog = await choose()
    expect((await dialog.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
    await waitFor(() => expect(add().disabled).toBe(false))
  })
})
