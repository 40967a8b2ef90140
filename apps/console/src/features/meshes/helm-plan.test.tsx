// @vitest-environment jsdom
import type { ClusterList, LocalityList, MeshPlan } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterWithIstio } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let plan: MeshPlan

const config = (data: Record<string, string>): KubeResource => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data,
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  const conditions = [{ type: 'HelmReady', status: 'True', reason: 'Ready', message: '' }] as const
  const clusters = [clusterWithIstio({ istio: [], conditions: [...conditions], version: 'v1.36.3' })]
  const what = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' }
  plan = {
    helm: { ready: true, message: '' },
    releases: [
      { cluster: 'alpha', name: 'istio-base', namespace: 'istio-system', refusal: 'it belongs to other', objects: [] },
      {
        cluster: 'alpha',
        name: 'istiod',
        namespace: 'istio-system',
        revision: 2,
        objects: [
          { ...what, outcome: 'change', before: config({ mesh: 'old' }), after: config({ mesh: 'new' }) },
          { ...what, name: 'values', outcome: 'refused', message: 'denied by quota', after: config({}) },
        ],
      },
    ],
  }
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: clusters, failures: [] } satisfies ClusterList)),
    http.get('*/api/v1/clusters/-localities', () =>
      HttpResponse.json({ items: [], failures: [] } satisfies LocalityList),
    ),
    http.post<never, KubeResource>('*/api/v1/clusters/:cluster/resources/:kind', async ({ request }) =>
      HttpResponse.json(await request.json()),
    ),
    http.post('*/api/v1/meshes/-plan', () => HttpResponse.json(plan)),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

async function openReview(): Promise<void> {
  close = openConsole('/meshes/-create?mode=dedicated')
  await userEvent.click(await screen.findByRole('radio', { name: /alpha/ }, SLOW))
  await userEvent.type(screen.getByLabelText('Name'), 'fresh')
  for (const heading of ['Size', 'Outbound traffic', 'Sidecars', 'Review']) {
    await userEvent.click(screen.getByRole('button', { name: 'Next' }))
    await screen.findByRole('heading', { name: heading }, SLOW)
  }
}
const release = (name: string) => screen.findByRole('region', { name: `Helm ${name}` }, SLOW)

describe('the plan of Helm releases', { timeout: 60_000 }, () => {
  it('shows each object with its verdict and what differs, the command, and what Helm would not do', async () => {
    await openReview()
    expect(await within(await release('istio-base')).findByText(/would not install.*it belongs to other/)).toBeTruthy()
    const istiod = within(await release('istiod'))
    expect(istiod.getByText('2 objects')).toBeTruthy()
    expect(istiod.getByText(/would be its revision 2/)).toBeTruthy()
    expect(istiod.getByText('denied by quota')).toBeTruthy()
    expect(istiod.getByText(/helm upgrade --install istiod istiod/).textContent).toContain('--kube-context alpha')
    await userEvent.click(istiod.getByText(/ConfigMap istio-system\/istio/))
    const after = await istiod.findByLabelText('What would be there', undefined, SLOW)
    await waitFor(() => expect(after.textContent).toContain('mesh: new'))
    expect(istiod.getByText('is changed')).toBeTruthy()
    // The controller may do what was refused here meanwhile; the reader decides.
    // It also waits for the checks of the clusters, which come on their own time.
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Create the mesh' }).hasAttribute('disabled')).toBe(false),
    )
  })

  it('says plainly where there is no Helm, and shows the commands all the same', async () => {
    plan = { helm: { ready: false, message: 'there is no program helm' }, releases: [] }
    await openReview()
    expect(await screen.findByText('there is no program helm')).toBeTruthy()
    expect(within(await release('istiod')).getByText(/helm upgrade --install istiod/)).toBeTruthy()
  })

  it('says what failed, and asks again', async () => {
    api.server.use(http.post('*/api/v1/meshes/-plan', () => problemResponse(BROKEN)))
    await openReview()
    expect(await screen.findByText('the words of the server')).toBeTruthy()
    api.server.use(http.post('*/api/v1/meshes/-plan', () => HttpResponse.json(plan)))
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(await within(await release('istiod')).findByText('2 objects')).toBeTruthy()
  })
})
