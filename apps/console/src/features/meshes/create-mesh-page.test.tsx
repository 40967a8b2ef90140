// @vitest-environment jsdom
import type { ClusterList, ClusterView, MeshList, MeshView, Problem } from '@meshdeck/contract'
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
let clusters: ClusterView[] = []
let meshes: MeshView[] = []
let writes: { dryRun: boolean; mesh: KubeResource }[] = []
let refusal: Problem | undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  clusters = [
    clusterWithIstio(),
    clusterWithIstio({ name: 'beta', istio: [] }),
    clusterWithIstio({ name: 'gamma', state: 'lost' }),
  ]
  meshes = [meshView({ name: 'taken' })]
  writes = []
  refusal = undefined
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: clusters, failures: [] } satisfies ClusterList)),
    http.get('*/api/v1/meshes', () => HttpResponse.json({ items: meshes, failures: [] } satisfies MeshList)),
    http.post<never, KubeResource>('*/api/v1/clusters/-hub/resources/meshes', async ({ request }) => {
      const mesh = await request.json()
      writes.push({ dryRun: new URL(request.url).searchParams.get('dryRun') === 'All', mesh })
      return refusal ? problemResponse(refusal) : HttpResponse.json(mesh)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (query = '?mode=external') => {
  close = openConsole(`/meshes/-create${query}`)
}
const radio = (name: RegExp) => screen.findByRole('radio', { name }, SLOW)
const fillIn = async () => {
  await userEvent.click(await radio(/alpha/))
  await userEvent.type(screen.getByLabelText('Name'), 'fresh')
  await userEvent.click(screen.getByRole('checkbox', { name: /beta/ }))
}
const review = () => userEvent.click(screen.getByRole('button', { name: 'Review' }))
const status = () => within(screen.getByRole('region', { name: 'Result' })).getByRole('status').textContent

describe('attaching a mesh', { timeout: 60_000 }, () => {
  it('tries the record, writes it, and follows it until it runs', async () => {
    open()
    await fillIn()
    await review()
    expect(await screen.findByText('Dry run passed')).toBeTruthy()
    expect(screen.getByText(/kubectl apply -f -/).textContent).toContain('revision: default')
    expect(writes.map(({ dryRun }) => dryRun)).toEqual([true])

    await userEvent.click(screen.getByRole('button', { name: 'Attach a mesh' }))
    await waitFor(() => expect(writes.map(({ dryRun }) => dryRun)).toEqual([true, false]))
    expect(writes[1]?.mesh).toEqual({
      apiVersion: 'meshdeck.io/v1alpha1',
      kind: 'Mesh',
      metadata: { name: 'fresh' },
      spec: {
        mode: 'External',
        controlPlane: { cluster: 'alpha', namespace: 'istio-system', revision: 'default', version: '1.30.3' },
        members: [{ cluster: 'beta' }],
      },
    })
    await waitFor(() => expect(status()).toContain('The hub does not list fresh yet'))

    const waiting = {
      type: 'ControlPlaneFound',
      status: 'Unknown',
      reason: 'Waiting',
      message: 'Cluster alpha has not been looked at yet.',
    } as const
    const change = (op: 'added' | 'modified', phase: MeshView['phase'], conditions: MeshView['conditions']) => {
      meshes = [meshView({ name: 'fresh', phase, conditions })]
      api.notify({ type: 'change', cluster: 'alpha', kind: 'Mesh', op, name: 'fresh' })
    }
    change('added', 'Pending', [waiting])
    await waitFor(() => expect(status()).toMatch(/It waits for:.*has not been looked at yet/))
    change('modified', 'Running', [{ ...waiting, status: 'True', reason: 'Found', message: 'Istio runs.' }])
    await waitFor(() => expect(status()).toBe('fresh runs. Its pages are ready.'))
    expect(screen.getByRole('button', { name: 'Open the mesh' })).toBeTruthy()
  })

  it('shows the progress again after a reload', async () => {
    meshes = [
      meshView({
        name: 'fresh',
        phase: 'Failed',
        conditions: [{ type: 'ControlPlaneFound', status: 'False', reason: 'NotFound', message: 'No istiod there.' }],
      }),
    ]
    open('?mode=external&attached=fresh')
    await screen.findByRole('region', { name: 'Result' }, SLOW)
    expect(status()).toContain('needs attention')
    expect(status()).toContain('No istiod there.')
    expect(screen.queryByRole('radio')).toBeNull()
  })

  it('says of each cluster which Istio is in it, or why it cannot be chosen', async () => {
    open()
    expect((await radio(/alpha.*Istio 1\.30\.3.*revision default.*also in mesh taken/)).hasAttribute('disabled')).toBe(
      false,
    )
    expect((await radio(/beta.*no Istio was found in it/)).hasAttribute('disabled')).toBe(true)
    expect((await radio(/gamma.*cannot be reached/)).hasAttribute('disabled')).toBe(true)
  })

  it.each([
    ['', 'Give the mesh a name.'],
    ['Fresh_1', 'Only lower-case letters, digits and - are allowed, and it must begin and end with a letter or digit.'],
    ['../x', 'Only lower-case letters, digits and - are allowed, and it must begin and end with a letter or digit.'],
    ['taken', 'There is a mesh of this name already.'],
  ])('does not go on with the name "%s"', async (name, words) => {
    open()
    await radio(/alpha/)
    if (name !== '') await userEvent.type(screen.getByLabelText('Name'), name)
    await review()
    expect(await screen.findByText(words)).toBeTruthy()
    expect(screen.getByText('Choose the Istio to attach.')).toBeTruthy()
    expect(writes).toEqual([])
  })

  it('shows what the hub refuses before anything is written, and keeps what was typed', async () => {
    refusal = { ...BROKEN, code: 'invalid-object', status: 422, detail: 'spec.members: no such cluster' }
    open()
    await fillIn()
    await review()
    expect((await screen.findByRole('alert')).textContent).toContain('spec.members: no such cluster')
    expect(screen.getByRole('button', { name: 'Attach a mesh' }).hasAttribute('disabled')).toBe(true)
    await userEvent.click(screen.getByRole('button', { name: 'Back' }))
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'fresh')
    expect(writes.every(({ dryRun }) => dryRun)).toBe(true)
  })

  it('opens the wizard for the kind of mesh that the address names', async () => {
    open('?mode=managed')
    expect(await screen.findByRole('radio', { name: /Managed/, checked: true }, SLOW)).toBeTruthy()
  })

  it('sends those who have no cluster to join one', async () => {
    clusters = []
    open()
    expect(await screen.findByRole('heading', { name: 'No cluster yet' }, SLOW)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Join a cluster' }))
    await waitFor(() => expect(window.location.pathname).toBe('/clusters/-join'))
  })

  it('says what failed', async () => {
    api.server.use(http.get('*/api/v1/clusters', () => problemResponse(BROKEN)))
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
  })

  it('names the right that is missing', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    expect(await screen.findByText('create', { selector: 'code' }, SLOW)).toBeTruthy()
    expect(screen.queryByRole('radio')).toBeNull()
  })

  it('names the right to see clusters that is missing', async () => {
    api.server.use(http.get('*/api/v1/clusters', () => problemResponse(FORBIDDEN)))
    open()
    expect(await screen.findByText('list', { selector: 'code' }, SLOW)).toBeTruthy()
  })
})
