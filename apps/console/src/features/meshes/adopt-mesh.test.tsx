// @vitest-environment jsdom
import type { AdoptionList, AdoptionView, ClusterList, MeshList } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterWithIstio, meshView } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const adoption: AdoptionView = {
  engine: 'Helm',
  namespace: 'istio-system',
  revision: 'default',
  version: '1.30.3',
  parts: [
    {
      kind: 'HelmRelease',
      chart: 'base',
      namespace: 'istio-system',
      name: 'base',
      present: {},
      wanted: {},
      equal: true,
    },
    {
      kind: 'HelmRelease',
      chart: 'istiod',
      namespace: 'istio-system',
      name: 'plane',
      present: { pilot: { replicaCount: 3 } },
      wanted: { pilot: { replicaCount: 2 } },
      equal: false,
    },
  ],
  obstacles: [],
  notes: ['notEqual'],
  spec: { mode: 'Dedicated', engine: 'Helm', controlPlane: { cluster: 'alpha' }, adopted: { version: '1.30.3' } },
}
const external = {
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop', resourceVersion: '7' },
  spec: { mode: 'External', displayName: 'Shop', controlPlane: { cluster: 'alpha' } },
}
let close: () => void = () => undefined
let found: AdoptionList
let writes: { method: string; dryRun: boolean; spec: unknown }[] = []

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  found = { items: [adoption], unread: [] }
  writes = []
  const written = async ({ request }: { request: Request }) => {
    const mesh = (await request.json()) as KubeResource
    const dryRun = new URL(request.url).searchParams.get('dryRun') === 'All'
    writes.push({ method: request.method, dryRun, spec: mesh.spec })
    return HttpResponse.json(mesh)
  }
  api.server.use(
    http.get('*/api/v1/clusters', () =>
      HttpResponse.json({ items: [clusterWithIstio()], failures: [] } satisfies ClusterList),
    ),
    http.get('*/api/v1/meshes', () =>
      HttpResponse.json({ items: [meshView({ name: 'shop' })], failures: [] } satisfies MeshList),
    ),
    http.get('*/api/v1/clusters/alpha/adoptions', () => HttpResponse.json(found)),
    http.get('*/api/v1/clusters/-hub/resources/meshes/shop', () => HttpResponse.json(external)),
    http.post('*/api/v1/clusters/-hub/resources/meshes', written),
    http.put('*/api/v1/clusters/-hub/resources/meshes/shop', written),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

describe('taking an Istio over', { timeout: 60_000 }, () => {
  it('is chosen where one is attached: what stays, what changes, then the record with the consent', async () => {
    close = openConsole('/meshes/-create?mode=external')
    await userEvent.click(await screen.findByRole('radio', { name: /alpha/ }, SLOW))
    await userEvent.type(screen.getByLabelText('Name'), 'fresh')
    await userEvent.click(screen.getByRole('radio', { name: /^Take over/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Review' }))
    const parts = within(await screen.findByRole('list', { name: 'Releases and resources' }, SLOW))
    expect(parts.getByText(/istio-system\/base: stays as it is/)).toBeTruthy()
    expect(parts.getByText('pilot.replicaCount')).toBeTruthy()
    await screen.findByText('Dry run passed', undefined, SLOW)
    await userEvent.click(screen.getByRole('button', { name: 'Take over' }))
    await waitFor(() =>
      expect(writes.map(({ method, dryRun }) => [method, dryRun])).toEqual([
        ['POST', true],
        ['POST', false],
      ]),
    )
    expect(writes[1]?.spec).toEqual(adoption.spec)
  })

  it('makes an external mesh one of ours, under its name', async () => {
    close = openConsole('/meshes/shop/-adopt')
    await screen.findByText('Dry run passed', undefined, SLOW)
    await userEvent.click(screen.getByRole('button', { name: 'Take over' }))
    await waitFor(() => expect(writes.at(-1)).toMatchObject({ method: 'PUT', dryRun: false }))
    expect(writes.at(-1)?.spec).toMatchObject({
      mode: 'Dedicated',
      displayName: 'Shop',
      adopted: { version: '1.30.3' },
    })
    await waitFor(() => expect(window.location.pathname).toBe('/meshes/shop/overview'))
  })

  it('says why it cannot be, and offers nothing then', async () => {
    found = { items: [{ ...adoption, obstacles: ['noHelm'] }], unread: [] }
    close = openConsole('/meshes/shop/-adopt')
    await screen.findByText(/The controller cannot run Helm/, undefined, SLOW)
    expect(screen.getByRole('button', { name: 'Take over' }).hasAttribute('disabled')).toBe(true)
    expect(writes).toEqual([])
  })

  it('says what was looked for where there is nothing, and which right is missing', async () => {
    found = { items: [], unread: ['Secret'] }
    close = openConsole('/meshes/shop/-adopt')
    await screen.findByText(/You may not list Secret in alpha/, undefined, SLOW)
  })

  it('says what failed', async () => {
    api.server.use(http.get('*/api/v1/clusters/alpha/adoptions', () => problemResponse(BROKEN)))
    close = openConsole('/meshes/shop/-adopt')
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('names the right to change meshes where it is missing', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    close = openConsole('/meshes/shop/-adopt')
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('meshes.meshdeck.io')).toBeTruthy()
  })
})
