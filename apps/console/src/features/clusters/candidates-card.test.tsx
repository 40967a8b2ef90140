// @vitest-environment jsdom
import type { CandidateList, JoinCandidates } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN } from './fixtures.ts'

const PATH = '*/api/v1/clusters/-candidates'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let list: CandidateList
let joined: JoinCandidates[] = []

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  joined = []
  list = {
    sources: [
      { source: 'ClusterProfile', state: 'listed' },
      { source: 'KpandaCluster', state: 'listed' },
    ],
    items: [
      { source: 'ClusterProfile', ref: 'fleet/east', displayName: 'The east', version: 'v1.36.3' },
      { source: 'ClusterProfile', ref: 'fleet/plugged', obstacle: 'plugin' },
      { source: 'KpandaCluster', ref: 'west' },
      { source: 'KpandaCluster', ref: 'known', joinedAs: 'known-here' },
    ],
  }
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: [], failures: [] })),
    http.get(PATH, () => HttpResponse.json(list)),
    http.post<never, JoinCandidates>(PATH, async ({ request }) => {
      joined.push(await request.json())
      return HttpResponse.json({
        results: [{ name: 'far-east' }, { name: 'west', problem: { ...BROKEN, detail: 'west exists already' } }],
      })
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = () => {
  close = openConsole('/clusters/-join?from=hub')
}
const table = async () => within(await screen.findByRole('table', { name: 'Clusters that the hub knows' }, SLOW))
const join = (count: number) => screen.getByRole('button', { name: new RegExp(`^Join ${count} cluster`) })

describe('clusters that the hub knows', { timeout: 40_000 }, () => {
  it('are chosen, named and joined, and each tells what came of it', async () => {
    close = openConsole('/clusters/-join')
    await userEvent.click(await screen.findByRole('radio', { name: 'What the hub knows already' }, SLOW))
    const rows = await table()
    await userEvent.click(rows.getByRole('checkbox', { name: 'fleet/east' }))
    await userEvent.click(rows.getByRole('checkbox', { name: 'west' }))
    const name = rows.getByLabelText('Name of fleet/east here')
    expect(name).toHaveProperty('value', 'east')
    fireEvent.change(name, { target: { value: 'Far East' } })
    expect(rows.getByRole('alert').textContent).toContain('Only lower-case letters')
    expect(join(2)).toHaveProperty('disabled', true)
    fireEvent.change(name, { target: { value: 'far-east' } })
    await userEvent.click(join(2))
    expect(await screen.findByText('west exists already', undefined, SLOW)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'far-east' })).toBeTruthy()
    await waitFor(() => expect(joined).toHaveLength(1))
    expect(joined[0]?.items).toEqual([
      { source: 'ClusterProfile', ref: 'fleet/east', name: 'far-east' },
      { source: 'KpandaCluster', ref: 'west', name: 'west' },
    ])
  })

  it('say what keeps one from being joined, and which are', async () => {
    open()
    const rows = await table()
    expect(rows.getByRole('checkbox', { name: 'fleet/plugged' })).toHaveProperty('disabled', true)
    expect(rows.getByText(/plug-in, which Meshdeck does not run/)).toBeTruthy()
    expect(rows.getByRole('checkbox', { name: 'known' })).toHaveProperty('disabled', true)
    expect(rows.getByRole('link', { name: 'known-here' })).toBeTruthy()
  })

  it('say plainly which kinds the hub does not have, or may not be listed', async () => {
    list = {
      sources: [
        { source: 'ClusterProfile', state: 'absent' },
        { source: 'KpandaCluster', state: 'forbidden' },
      ],
      items: [],
    }
    open()
    expect(await screen.findByText('ClusterProfile: the hub does not have this kind.', undefined, SLOW)).toBeTruthy()
    expect(screen.getByText('Container platform: you may not list these on the hub.')).toBeTruthy()
  })

  it('say that there are none', async () => {
    list = { ...list, items: [] }
    open()
    expect(await screen.findByText('There is no such cluster', undefined, SLOW)).toBeTruthy()
  })

  it('say what failed', async () => {
    api.server.use(http.get(PATH, () => problemResponse(BROKEN)))
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })
})
