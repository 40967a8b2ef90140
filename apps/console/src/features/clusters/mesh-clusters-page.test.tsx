// @vitest-environment jsdom
import type { ClusterList, MeshList, Problem } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView, FORBIDDEN, meshView } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let clusters: MeshList['items'][number]['clusters'] = []

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  clusters = [
    { name: 'alpha', state: 'reachable', phase: 'Running' },
    { name: 'gone', state: 'unknown', phase: 'Failed' },
  ]
  api.server.use(
    http.get('*/api/v1/meshes', () =>
      HttpResponse.json({ items: [meshView({ clusters })], failures: [] } satisfies MeshList),
    ),
    http.get('*/api/v1/clusters', () =>
      HttpResponse.json({
        items: [clusterView({ meshes: ['shop'] }), clusterView({ name: 'stranger' })],
        failures: [],
      } satisfies ClusterList),
    ),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = () => {
  close = openConsole('/meshes/shop/clusters')
}
const row = async (name: RegExp) => within(await screen.findByRole('row', { name }, SLOW))
const refuse = (problem: Problem) => api.server.use(http.get('*/api/v1/clusters', () => problemResponse(problem)))

describe('clusters of a mesh', { timeout: 40_000 }, () => {
  it('tell role, phase and what was found', async () => {
    open()
    const alpha = await row(/alpha/)
    for (const text of ['Control plane', 'Running', 'Reachable', 'Incomplete'])
      expect(alpha.getByText(text)).toBeTruthy()
    expect(screen.queryByRole('row', { name: /stranger/ })).toBeNull()
  })

  it('name one that the mesh waits for in vain, and why', async () => {
    open()
    const gone = await row(/gone/)
    expect(gone.getByText('Member')).toBeTruthy()
    gone.getByText('Failed').focus()
    expect((await screen.findByRole('tooltip')).textContent).toContain('There is no cluster of this name on the hub')
  })

  it('say when there is none', async () => {
    clusters = []
    open()
    expect(await screen.findByRole('heading', { name: 'No cluster to show' }, SLOW)).toBeTruthy()
  })

  it('say what failed', async () => {
    refuse(BROKEN)
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('name the right that is missing', async () => {
    refuse(FORBIDDEN)
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('clusters.meshdeck.io')).toBeTruthy()
  })
})
