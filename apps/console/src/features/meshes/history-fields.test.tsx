// @vitest-environment jsdom
import type { HistoryPage } from '@meshdeck/contract'
import { isRecord, type KubeResource } from '@meshdeck/kube'
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const MESH = '*/api/v1/clusters/-hub/resources/meshes/shop'
const HISTORY = '*/api/v1/meshes/shop/history'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
let writes: { dryRun: boolean; history: unknown }[] = []

const mesh: KubeResource = {
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop', resourceVersion: '7' },
  spec: { mode: 'External', controlPlane: { cluster: 'alpha' }, history: { perObject: 20 } },
}
const page: HistoryPage = {
  items: [],
  total: 0,
  all: 0,
  page: 1,
  pageSize: 1,
  authors: [],
  tools: [],
  kinds: [],
  limits: { perObject: 20, total: 10_000, maxBytes: 262_144 },
  kept: { records: 312, objects: 40, bytes: 1_234_000, oldest: '2026-11-01T08:00:00Z' },
  failures: [],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  writes = []
  api.server.use(
    http.get(MESH, () => HttpResponse.json(mesh)),
    http.put(MESH, async ({ request }) => {
      const body: unknown = await request.json()
      const spec = isRecord(body) && isRecord(body['spec']) ? body['spec'] : {}
      writes.push({ dryRun: request.url.includes('dryRun'), history: spec['history'] })
      return HttpResponse.json({ ...mesh, spec })
    }),
    http.get(HISTORY, () => HttpResponse.json(page)),
  )
  close = openConsole('/meshes/shop/-edit')
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const field = (name: string) => screen.findByRole('spinbutton', { name }, SLOW)

describe('the limits of the history', { timeout: 60_000 }, () => {
  it('are set by the form of the mesh, which says what is kept now', async () => {
    const total = await field('Entries in all')
    expect((await field('Entries of one object')).getAttribute('value')).toBe('20')
    expect(await screen.findByText(/Kept now: 312 entries of 40 objects, 1.23 MB, the oldest of/)).toBeTruthy()
    await user.type(total, '100')
    expect(await screen.findByText('With these limits at least 212 entries would go at once.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Review' }))
    await user.click(await screen.findByRole('button', { name: 'Apply' }, SLOW))
    await expect.poll(() => writes.at(-1), SLOW).toEqual({ dryRun: false, history: { perObject: 20, total: 100 } })
  })

  it('are as by default when the field is empty', async () => {
    await user.clear(await field('Entries of one object'))
    await user.click(screen.getByRole('button', { name: 'Review' }))
    await expect.poll(() => writes.at(-1), SLOW).toEqual({ dryRun: true, history: undefined })
  })

  it('are numbers that the hub takes; others are told at the field', async () => {
    const bytes = await field('Largest object, in bytes')
    await user.type(bytes, '100')
    expect((await screen.findByText('From 1,024 to 1,000,000.')).getAttribute('role')).toBe('alert')
    expect(bytes.getAttribute('aria-invalid')).toBe('true')
  })

  it('can be set though nobody knows what is kept', async () => {
    close()
    api.server.use(
      http.get(HISTORY, () => problemResponse({ type: 'about:blank', code: 'forbidden', title: 'No', status: 403 })),
    )
    close = openConsole('/meshes/shop/-edit')
    expect(await field('Entries in all')).toBeTruthy()
    expect(await screen.findByText(/How much is kept now is not known/, undefined, SLOW)).toBeTruthy()
  })
})
