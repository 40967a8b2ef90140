// @vitest-environment jsdom
import type { ActOnRestart, Problem, RestartList } from '@meshdeck/contract'
import type { Restart, RestartTargetStatus } from '@meshdeck/kube'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const LIST = '*/api/v1/meshes/shop/restarts'
const ONE = '*/api/v1/clusters/-hub/resources/restarts/shop-1a2b'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const target = (name: string, more: Partial<RestartTargetStatus>): RestartTargetStatus => ({
  cluster: 'alpha',
  namespace: 'demo',
  kind: 'Deployment',
  name,
  phase: 'Waiting',
  ...more,
})
const TARGETS = [
  target('cart', {
    phase: 'Done',
    updated: 2,
    wanted: 2,
    startedAt: '2026-11-24T03:00:00Z',
    finishedAt: '2026-11-24T03:00:12Z',
  }),
  target('pay', { phase: 'Running', updated: 1, wanted: 3 }),
  target('web', { heldBy: 'crowd' }),
  target('old', { phase: 'Failed', message: 'deployments.apps "old" is forbidden.' }),
]
const restart = (phase: 'Running' | 'Stuck' | undefined = 'Running', spec: Partial<Restart['spec']> = {}): Restart => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Restart',
  metadata: { name: 'shop-1a2b' },
  spec: {
    mesh: 'shop',
    targets: TARGETS.map(({ cluster, namespace, kind, name }) => ({ cluster, namespace, kind, name })),
    ...spec,
  },
  status: { phase, total: 4, done: 1, failed: 1, targets: TARGETS },
})
const refuse =
  (status: number, problem: Partial<Problem> = {}) =>
  () =>
    problemResponse({ type: 'about:blank', code: 'internal', title: 'Failed', status, ...problem })
const FORBIDDEN = refuse(403, {
  code: 'forbidden',
  cluster: '-hub',
  missing: { verb: 'list', group: 'meshdeck.io', resource: 'restarts' },
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const openOne = (answer: Restart) => {
  api.server.use(http.get(ONE, () => HttpResponse.json(answer)))
  close = openConsole('/meshes/shop/sidecars/restarts/shop-1a2b')
}

describe('the progress of a restart', { timeout: 40_000 }, () => {
  it('tells of each workload how far it is, what it waits for, or why it failed', async () => {
    openOne(restart())
    const table = await screen.findByRole('table', { name: 'Workloads of the restart' }, SLOW)
    const row = (name: RegExp) => within(within(table).getByRole('row', { name }))
    expect(row(/cart/).getByText('12 s')).toBeTruthy()
    expect(row(/pay/).getByText('1 of 3 pods renewed')).toBeTruthy()
    expect(row(/web/).getByText('Waits for the budget crowd')).toBeTruthy()
    expect(row(/old/).getByText('deployments.apps "old" is forbidden.')).toBeTruthy()
    expect(screen.getByText(/1 of 4 workloads done/).textContent).toContain('1 not restarted')
  })

  it('is paused, goes on without what is stuck, and is stopped', async () => {
    const acts: string[] = []
    api.server.use(
      http.post<never, ActOnRestart>(`${LIST}/shop-1a2b/-act`, async ({ request }) => {
        const body = await request.json()
        acts.push(body.action)
        return HttpResponse.json(body)
      }),
    )
    openOne(restart('Stuck'))
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('does not get on')
    await user.click(await screen.findByRole('button', { name: 'Pause' }))
    await user.click(screen.getByRole('button', { name: 'Go on without it' }))
    await user.click(screen.getByRole('button', { name: 'Stop' }))
    await expect.poll(() => acts).toEqual(['pause', 'go-on', 'stop'])
  })

  it('offers nothing to who may only look', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    openOne(restart())
    await screen.findByRole('table', { name: 'Workloads of the restart' }, SLOW)
    expect(await screen.findByText('It goes on when this is closed.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull()
  })

  it('says when it is gone, forbidden, or cannot be had', async () => {
    api.server.use(http.get(ONE, refuse(404, { code: 'not-found' })))
    close = openConsole('/meshes/shop/sidecars/restarts/shop-1a2b')
    expect(await screen.findByText('There is no such restart', undefined, SLOW)).toBeTruthy()
    close()
    api.server.use(http.get(ONE, FORBIDDEN))
    close = openConsole('/meshes/shop/sidecars/restarts/shop-1a2b')
    expect(await screen.findByText('restarts.meshdeck.io', undefined, SLOW)).toBeTruthy()
  })
})

describe('the restarts of a mesh', { timeout: 40_000 }, () => {
  const openList = (answer: RestartList) => {
    api.server.use(http.get(LIST, () => HttpResponse.json(answer)))
    close = openConsole('/meshes/shop/sidecars/restarts')
  }

  it('are listed with how far they have come', async () => {
    openList({
      items: [
        { name: 'shop-1a2b', phase: 'Running', total: 50, done: 20, failed: 0, createdAt: '2026-11-24T03:00:00Z' },
        { name: 'shop-3c4d', total: 1, done: 0, failed: 0 },
      ],
    })
    const row = await screen.findByRole('row', { name: /shop-1a2b/ }, SLOW)
    expect(within(row).getByText('20 of 50 workloads done')).toBeTruthy()
    expect(within(row).getByRole('link').getAttribute('href')).toBe('/meshes/shop/sidecars/restarts/shop-1a2b')
    expect(within(screen.getByRole('row', { name: /shop-3c4d/ })).getByText('Asked for')).toBeTruthy()
  })

  it('say where to begin one when there are none', async () => {
    openList({ items: [] })
    expect(await screen.findByText('Nothing is being restarted', undefined, SLOW)).toBeTruthy()
  })

  it('say what failed, and which right is missing', async () => {
    api.server.use(http.get(LIST, refuse(500)))
    close = openConsole('/meshes/shop/sidecars/restarts')
    expect(await screen.findByRole('button', { name: 'Retry' }, SLOW)).toBeTruthy()
    close()
    api.server.use(http.get(LIST, FORBIDDEN))
    close = openConsole('/meshes/shop/sidecars/restarts')
    expect(await screen.findByText('restarts.meshdeck.io', undefined, SLOW)).toBeTruthy()
  })
})
