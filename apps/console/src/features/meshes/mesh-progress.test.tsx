// @vitest-environment jsdom
import type { ClusterList, ConditionView, MeshList, MeshProgress, MeshView } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterWithIstio, FORBIDDEN, meshView } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let mesh: MeshView
let progress: MeshProgress

const step = (type: string, status: ConditionView['status'], at: string, message: string): ConditionView => ({
  type,
  status,
  reason: 'Starting',
  message,
  lastTransitionTime: `2026-11-29T${at}Z`,
})
const STEPS = [
  step('EngineReady', 'True', '06:00:01', 'Helm installs Istio.'),
  step('NamespacesReady', 'True', '06:00:04', 'Namespace istio-system is there.'),
  step('ControlPlaneReady', 'Unknown', '06:00:05', 'istiod has 0 of 1 pods available.'),
]

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  mesh = meshView({ name: 'fresh', mode: 'Managed', phase: 'Creating', conditions: STEPS })
  progress = {
    name: 'fresh',
    phase: 'Creating',
    created: '2026-11-29T06:00:00Z',
    conditions: STEPS,
    clusters: [
      {
        cluster: 'alpha',
        isControlPlane: true,
        phase: 'Creating',
        steps: STEPS,
        components: [
          {
            kind: 'Deployment',
            namespace: 'istio-system',
            name: 'istiod',
            ready: 0,
            replicas: 1,
            unread: true,
            troubles: [
              { kind: 'Pod', name: 'istiod-1', reason: 'ImagePullBackOff', message: 'no such image' },
              { kind: 'ReplicaSet', name: 'istiod-1', reason: 'FailedCreate', message: 'exceeded quota', count: 4 },
            ],
          },
        ],
      },
      { cluster: 'beta', isControlPlane: false, steps: [], components: [] },
    ],
    failures: [],
  }
  const list = (): MeshList => ({ items: [mesh], failures: [] })
  api.server.use(
    http.get('*/api/v1/meshes', () => HttpResponse.json(list())),
    http.get('*/api/v1/clusters', () =>
      HttpResponse.json({ items: [clusterWithIstio()], failures: [] } satisfies ClusterList),
    ),
    http.get('*/api/v1/meshes/fresh/progress', () => HttpResponse.json(progress)),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = () => {
  close = openConsole('/meshes/-create?mode=managed&attached=fresh')
}
const region = async (name: string) => within(await screen.findByRole('region', { name }, SLOW))

describe('the progress of a mesh', { timeout: 60_000 }, () => {
  it('tells by cluster what is done, how long it took, and what keeps a component from running', async () => {
    open()
    const alpha = await region('Cluster alpha')
    const steps = within(alpha.getByRole('table', { name: 'Steps in alpha' }))
    expect(steps.getByRole('row', { name: /^Namespaces/ }).textContent).toContain('3 s')
    expect(steps.getByRole('row', { name: /^Istio/ }).textContent).toContain('Under way')
    expect(alpha.getByText(/Deployment istio-system\/istiod: 0 of 1 ready/)).toBeTruthy()
    const troubles = within(alpha.getByRole('list', { name: 'What keeps istiod from running' }))
    expect(troubles.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      expect.stringMatching(/ImagePullBackOff Pod istiod-1 no such image/),
      expect.stringMatching(/FailedCreate ReplicaSet istiod-1 exceeded quota 4 times/),
    ])
    expect(alpha.getByText(/events of namespace istio-system cannot be read/)).toBeTruthy()
    const beta = await region('Cluster beta')
    expect(beta.getByText('The controller has not begun here yet.')).toBeTruthy()
    expect(screen.getByText(/leaving it stops nothing/)).toBeTruthy()
  })

  it('follows until the mesh runs, and has the controller look again before', async () => {
    const written: KubeResource[] = []
    api.server.use(
      http.get('*/api/v1/clusters/-hub/resources/meshes/fresh', () =>
        HttpResponse.json({ apiVersion: 'meshdeck.io/v1alpha1', kind: 'Mesh', metadata: { name: 'fresh' } }),
      ),
      http.put<never, KubeResource>('*/api/v1/clusters/-hub/resources/meshes/fresh', async ({ request }) => {
        const body = await request.json()
        written.push(body)
        return HttpResponse.json(body)
      }),
    )
    open()
    await region('Cluster alpha')
    await userEvent.click(await screen.findByRole('button', { name: 'Retry now' }))
    await waitFor(() => expect(written).toHaveLength(1))
    expect(written[0]?.metadata.annotations).toHaveProperty('meshdeck.io/retried-at')
    mesh = { ...mesh, phase: 'Running', conditions: [] }
    progress = { ...progress, phase: 'Running', clusters: [] }
    api.notify({ type: 'change', cluster: 'alpha', kind: 'Mesh', op: 'modified', name: 'fresh' })
    expect(await screen.findByText('fresh runs. Its pages are ready.', undefined, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Retry now' })).toBeNull()
  })

  it('offers no retry to who may not change the mesh', async () => {
    const asked: string[] = []
    api.state.may = ({ verb }) => {
      asked.push(verb)
      return verb !== 'update'
    }
    open()
    await region('Cluster alpha')
    await waitFor(() => expect(asked).toContain('update'))
    progress = { ...progress, clusters: progress.clusters.slice(0, 1) }
    api.notify({ type: 'change', cluster: 'alpha', kind: 'Mesh', op: 'modified', name: 'fresh' })
    await screen.findByRole('table', { name: 'What was found' }, SLOW)
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Cluster beta' })).toBeNull(), SLOW)
    expect(screen.queryByRole('button', { name: 'Retry now' })).toBeNull()
  })

  it.each([
    ['what failed', BROKEN, 'the words of the server'],
    ['which right is missing', FORBIDDEN, 'list'],
  ])('says %s, and keeps what is known of the mesh', async (_, problem, words) => {
    api.server.use(http.get('*/api/v1/meshes/fresh/progress', () => problemResponse(problem)))
    open()
    expect((await screen.findByText(new RegExp(words), undefined, SLOW)).textContent).toBeTruthy()
    expect(screen.getByText(/istiod has 0 of 1 pods available/)).toBeTruthy()
  })
})
