// @vitest-environment jsdom
import type { ClusterList, LocalityList } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { clusterWithIstio, FORBIDDEN } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let localities: LocalityList

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  const conditions = [{ type: 'OperatorReady', status: 'True', reason: 'Installed', message: '' }] as const
  const clusters = [clusterWithIstio({ istio: [], conditions: [...conditions], version: 'v1.36.3' })]
  localities = {
    items: [
      { cluster: 'alpha', region: 'east', zone: 'east-a', nodes: 2 },
      { cluster: 'alpha', region: 'west', zone: 'west-a', nodes: 1 },
      { cluster: 'other', region: 'moon', nodes: 1 },
    ],
    failures: [],
  }
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: clusters, failures: [] } satisfies ClusterList)),
    http.get('*/api/v1/clusters/-localities', () => HttpResponse.json(localities)),
    http.post<never, KubeResource>('*/api/v1/clusters/:cluster/resources/:kind', async ({ request }) =>
      HttpResponse.json(await request.json()),
    ),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const field = (name: string) => screen.getByRole('combobox', { name })

/** Through the first steps of the wizard to what goes for all traffic. */
async function openGovernance(): Promise<void> {
  close = openConsole('/meshes/-create?mode=dedicated')
  await userEvent.click(await screen.findByRole('radio', { name: /alpha/ }, SLOW))
  await userEvent.type(screen.getByLabelText('Name'), 'fresh')
  await press('Next')
  await press('Next')
  await screen.findByRole('heading', { name: 'Locality load balancing' }, SLOW)
}
const choose = (name: RegExp) => userEvent.click(screen.getByRole('radio', { name }))

describe('locality load balancing in the wizard', { timeout: 60_000 }, () => {
  it('offers the places of the chosen clusters, and goes on only with shares that make 100', async () => {
    await openGovernance()
    await choose(/^Distribution/)
    expect(await screen.findByText(/are in: east, west\./)).toBeTruthy()
    await userEvent.click(field('Traffic from'))
    expect(screen.getAllByRole('option').map((option) => option.textContent)).not.toContain('moon/*')
    await userEvent.type(field('Traffic from'), 'east/*')
    await userEvent.type(field('Goes to, place 1'), 'east/*')
    await press('Add a place')
    await userEvent.type(field('Goes to, place 2'), 'west/*')
    const second = screen.getByRole('spinbutton', { name: 'Share of place 2' })
    await userEvent.clear(second)
    await userEvent.type(second, '20{Tab}')
    expect(screen.getByText(/Together 120 of 100/)).toBeTruthy()
    await press('Next')
    expect((await screen.findByRole('alert')).textContent).toContain('do not add up to 100')
    const first = screen.getByRole('spinbutton', { name: 'Share of place 1' })
    await userEvent.clear(first)
    await userEvent.type(first, '80{Tab}')
    await press('Next')
    expect(await screen.findByRole('heading', { name: 'Sidecars' })).toBeTruthy()
    await press('Back')
    expect(field('Goes to, place 2')).toHaveProperty('value', 'west/*')
  })

  it('says that a failover needs outlier detection, and writes both', async () => {
    await openGovernance()
    await choose(/^Failover/)
    expect(screen.getByText('Nothing fails over without outlier detection.')).toBeTruthy()
    await userEvent.type(field('When this region fails'), 'east')
    await userEvent.type(field('This one takes over'), 'east')
    await press('Next')
    expect(await screen.findByText('A region cannot take over from itself.')).toBeTruthy()
    await userEvent.clear(field('This one takes over'))
    await userEvent.type(field('This one takes over'), 'west')
    await userEvent.click(screen.getByRole('checkbox', { name: /Outlier detection for all services/ }))
    expect(screen.queryByText('Nothing fails over without outlier detection.')).toBeNull()
    await userEvent.clear(screen.getByLabelText('Looked at every'))
    await userEvent.type(screen.getByLabelText('Looked at every'), 'often')
    await press('Next')
    expect(await screen.findByText('Write a duration such as 500ms, 10s or 3m.')).toBeTruthy()
    await userEvent.clear(screen.getByLabelText('Looked at every'))
    await userEvent.type(screen.getByLabelText('Looked at every'), '5s')
    await press('Next')
    await press('Next')
    const record = await screen.findByText(/kind: Mesh/)
    expect(record.textContent).toMatch(/failover:\s+- from: east\s+to: west/)
    expect(record.textContent).toMatch(/outlierDetection:\s+consecutive5xxErrors: 5\s+interval: 5s/)
    expect(screen.getByText('DestinationRule outlier-detection')).toBeTruthy()
  })

  it('lets regions be typed where no node says one, where they may not be read, and where nothing answers', async () => {
    localities = {
      items: [],
      failures: [{ cluster: 'alpha', problem: { ...FORBIDDEN, detail: 'You may not list Node objects' } }],
    }
    await openGovernance()
    await choose(/^Failover/)
    expect(await screen.findByText(/No node of the chosen clusters says its region/)).toBeTruthy()
    expect(screen.getByText(/Where the nodes of alpha are cannot be read/)).toBeTruthy()
    expect(screen.getByText('You may not list Node objects')).toBeTruthy()
    close()
    api.server.use(http.get('*/api/v1/clusters/-localities', () => problemResponse(FORBIDDEN)))
    await openGovernance()
    await choose(/^Failover/)
    const group = within(await screen.findByRole('group', { name: 'Failover 1' }))
    expect(await screen.findByText(/Where the nodes are cannot be read/)).toBeTruthy()
    expect(group.getByRole('combobox', { name: 'When this region fails' })).toBeTruthy()
  })
})
