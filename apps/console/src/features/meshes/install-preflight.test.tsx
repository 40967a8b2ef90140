// @vitest-environment jsdom
import type { ClusterList, MeshList, PreflightView, Problem } from '@meshdeck/contract'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { delay, http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterWithIstio, FORBIDDEN } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let answer: PreflightView | Problem | 'never'
let asked: unknown[] = []

const view = (...checks: PreflightView['clusters'][number]['checks']): PreflightView => ({
  clusters: [
    { cluster: '-hub', role: 'hub', checks: [{ id: 'ownRights', level: 'ok', reason: 'all' }] },
    { cluster: 'alpha', role: 'primary', checks },
  ],
})
const KUBERNETES = { kubernetes: 'v1.36.3', istio: '1.30.3' }
const fine = { id: 'kubernetes', level: 'ok', reason: 'fits', params: KUBERNETES } as const
const lacking: PreflightView['clusters'][number]['checks'][number] = {
  id: 'rights',
  level: 'error',
  reason: 'missing',
  params: { count: 1 },
  items: ['create istios'],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  answer = view(fine)
  asked = []
  const operator = { type: 'OperatorReady', status: 'True', reason: 'Installed', message: 'It is.' } as const
  const host = clusterWithIstio({ istio: [], version: 'v1.36.3', conditions: [operator] })
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: [host], failures: [] } satisfies ClusterList)),
    http.get('*/api/v1/meshes', () => HttpResponse.json({ items: [], failures: [] } satisfies MeshList)),
    http.post('*/api/v1/clusters/:cluster/resources/:kind', async ({ request }) =>
      HttpResponse.json((await request.json()) as object),
    ),
    http.post('*/api/v1/preflight', async ({ request }) => {
      asked.push(await request.json())
      if (answer === 'never') await delay('infinite')
      return typeof answer === 'object' && 'code' in answer ? problemResponse(answer) : HttpResponse.json(answer)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

async function toReview(): Promise<void> {
  close = openConsole('/meshes/-create?mode=dedicated')
  await userEvent.click(await screen.findByRole('radio', { name: /alpha/ }, SLOW))
  await userEvent.type(screen.getByLabelText('Name'), 'fresh')
  // A step may wait for its texts.
  for (let step = 0; step < 4; step++) await userEvent.click(await screen.findByRole('button', { name: 'Next' }, SLOW))
}
const panel = async () => within(await screen.findByRole('region', { name: 'Checks before creation' }, SLOW))
const create = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Create the mesh' })

describe('the checks before a mesh is made', { timeout: 60_000 }, () => {
  it('are asked with the draft, and let one go on when nothing stands in the way', async () => {
    answer = view(fine, { id: 'images', level: 'unknown', reason: 'notTried', params: { hub: 'docker.io/istio' } })
    await toReview()
    const shown = await panel()
    expect(await shown.findByText('Nothing stands in the way.', undefined, SLOW)).toBeTruthy()
    expect(shown.getByRole('heading', { name: 'Control plane: alpha' })).toBeTruthy()
    expect(shown.getByText('Not known')).toBeTruthy()
    expect(shown.getByText(/No pod has used docker.io\/istio yet/)).toBeTruthy()
    expect(shown.getByText(/What to do: In a network without a way out/)).toBeTruthy()
    expect(shown.getByText('Kubernetes v1.36.3 is supported by Istio 1.30.3.')).toBeTruthy()
    await waitFor(() => expect(create().disabled).toBe(false))
    expect(asked).toMatchObject([
      { mesh: { metadata: { name: 'fresh' }, spec: { mode: 'Dedicated', controlPlane: { cluster: 'alpha' } } } },
    ])
  })

  it('hold one back while something stands in the way, and are made again', async () => {
    answer = view(lacking)
    await toReview()
    const shown = await panel()
    expect((await shown.findByRole('alert', undefined, SLOW)).textContent).toContain('1 check stands in the way')
    expect(shown.getByText('The stored credential lacks 1 right:')).toBeTruthy()
    expect(shown.getByText('create istios')).toBeTruthy()
    expect(shown.getByText(/Give its account these rights/)).toBeTruthy()
    expect(create().disabled).toBe(true)
    answer = view(fine)
    await userEvent.click(shown.getByRole('button', { name: /Check again/ }))
    expect(await shown.findByText('Nothing stands in the way.', undefined, SLOW)).toBeTruthy()
    await waitFor(() => expect(create().disabled).toBe(false))
  })

  it('say why something is not known', async () => {
    answer = view({ id: 'capacity', level: 'unknown', reason: 'forbidden' })
    await toReview()
    expect(await (await panel()).findByText('You may not read what it takes to tell.', undefined, SLOW)).toBeTruthy()
  })

  it('are waited for', async () => {
    answer = 'never'
    await toReview()
    expect(await (await panel()).findByRole('status', { name: 'Loading' })).toBeTruthy()
    expect(create().disabled).toBe(true)
  })

  it('that cannot be made say so, and stand in nobody’s way', async () => {
    answer = BROKEN
    await toReview()
    const shown = await panel()
    expect((await shown.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
    await waitFor(() => expect(create().disabled).toBe(false))
  })

  it('name the right that is missing to make them', async () => {
    answer = FORBIDDEN
    await toReview()
    expect(await (await panel()).findByText('meshes.meshdeck.io', undefined, SLOW)).toBeTruthy()
  })
})
