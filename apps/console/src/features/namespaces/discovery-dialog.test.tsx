// @vitest-environment jsdom
import type { DiscoveryView, NamespacePage, NamespaceView } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { scopeSidecar } from '@meshdeck/mesh'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { discoveryStep, distinctByRef } from './discovery-plan.ts'

const SLOW = { timeout: 20_000 }
const ROOT = 'istio-system'
const SIDECARS = '*/api/v1/clusters/alpha/resources/sidecars'
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
let rows: NamespaceView[] = []
let writes: { method: string; path: string; query: Record<string, string>; body?: KubeResource }[] = []

const scope = (more: Partial<DiscoveryView> = {}): DiscoveryView => ({
  cluster: 'alpha',
  rootNamespace: ROOT,
  scope: 'inherit',
  namespaces: [],
  hosts: [],
  effective: 'all',
  ...more,
})
const namespace = (name: string, discovery?: DiscoveryView, cluster = 'alpha'): NamespaceView => ({
  cluster,
  name,
  system: false,
  policy: 'enabled',
  state: 'enabled',
  reason: 'namespace-enabled',
  injectsNewPods: true,
  ambient: false,
  pods: 1,
  injectedPods: 1,
  workloads: 1,
  pendingWorkloads: 0,
  labels: {},
  ...(discovery === undefined ? {} : { discovery }),
})
const OURS = { by: { name: 'meshdeck-discovery', owner: 'meshdeck' as const } }
const THEIRS = { by: { name: 'mine', owner: 'user' as const } }
const local = (): KubeResource => {
  const made = scopeSidecar('demo', ROOT, { scope: 'local' })
  if (made === undefined) throw new Error('no Sidecar')
  return { ...made, metadata: { ...made.metadata, resourceVersion: '7' } }
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  rows = []
  writes = []
  const record = async (request: Request, method: string) => {
    const { pathname, searchParams } = new URL(request.url)
    const body = method === 'DELETE' ? {} : { body: await request.clone().json() }
    writes.push({ method, path: pathname, query: Object.fromEntries(searchParams), ...body })
  }
  api.server.use(
    http.get('*/api/v1/meshes/shop/injection', () =>
      HttpResponse.json({
        items: rows,
        total: rows.length,
        all: rows.length,
        page: 1,
        pageSize: 50,
        failures: [],
      } satisfies NamespacePage),
    ),
    http.post(SIDECARS, async ({ request }) => {
      await record(request, 'POST')
      return HttpResponse.json(await request.json(), { status: 201 })
    }),
    http.get(`${SIDECARS}/demo/meshdeck-discovery`, () => HttpResponse.json(local())),
    http.delete(`${SIDECARS}/demo/meshdeck-discovery`, async ({ request }) => {
      await record(request, 'DELETE')
      return HttpResponse.json({})
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

async function openDialog() {
  close = openConsole('/meshes/shop/sidecars/namespaces')
  await user.click(await screen.findByRole('button', { name: 'More actions for demo' }, SLOW))
  await user.click(await screen.findByRole('menuitem', { name: 'Discovery scope' }))
  return screen.findByRole('dialog')
}
const review = async (dialog: HTMLElement, choice: RegExp) => {
  await user.click(await within(dialog).findByRole('radio', { name: choice }))
  await user.click(within(dialog).getByRole('button', { name: 'Review' }))
}

describe('the step to a discovery scope', () => {
  const step = (given: NamespaceView, before?: KubeResource) => discoveryStep(given, { scope: 'local' }, before).act

  it('is refused beside a Sidecar of somebody’s own, in the root namespace, and where nothing is known', () => {
    expect(step(namespace('demo', scope(THEIRS)))).toBe('refuse')
    expect(step(namespace(ROOT, scope()))).toBe('root')
    expect(step(namespace('demo'))).toBe('unknown')
  })

  it('makes, changes, takes away, or leaves alone', () => {
    expect(step(namespace('demo', scope()))).toBe('create')
    expect(step(namespace('demo', scope(OURS)), local())).toBe('none')
    const all = discoveryStep(namespace('demo', scope(OURS)), { scope: 'all' }, local())
    expect(all).toMatchObject({ act: 'replace', after: { metadata: { resourceVersion: '7' } } })
    expect(discoveryStep(namespace('demo', scope(OURS)), { scope: 'inherit' }, local()).act).toBe('delete')
    expect(discoveryStep(namespace('demo', scope()), { scope: 'inherit' }, undefined).act).toBe('none')
  })

  it('is one for all clusters that one istiod serves', () => {
    const rowsOfOne = [namespace('demo', scope()), namespace('demo', scope(), 'beta'), namespace('other', scope())]
    expect(distinctByRef(rowsOfOne).map(({ name }) => name)).toEqual(['demo', 'other'])
  })
})

describe('the discovery scope of a namespace', { timeout: 40_000 }, () => {
  it('is reviewed after a dry run, and then written', async () => {
    rows = [namespace('demo', scope())]
    const dialog = await openDialog()
    await review(dialog, /^Local/)
    expect(await within(dialog).findByText('alpha/sidecars/demo/meshdeck-discovery is made.')).toBeTruthy()
    expect(await within(dialog).findByText(/tried this and would accept/)).toBeTruthy()
    expect(writes.map(({ query }) => query)).toEqual([{ dryRun: 'All' }])
    await user.click(within(dialog).getByRole('button', { name: 'Apply' }))
    expect(await within(dialog).findByText('changed')).toBeTruthy()
    expect(writes.at(-1)).toMatchObject({
      method: 'POST',
      query: {},
      body: { metadata: { namespace: 'demo' }, spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] } },
    })
  })

  it('goes back to the mesh’s by taking away what was reviewed, and only that', async () => {
    rows = [namespace('demo', scope({ ...OURS, scope: 'local', effective: 'local' }))]
    const dialog = await openDialog()
    await review(dialog, /^Inherited/)
    await user.type(await within(dialog).findByLabelText('Reason (optional)'), 'as before')
    await user.click(await within(dialog).findByRole('button', { name: 'Apply' }))
    expect(await within(dialog).findByText('changed')).toBeTruthy()
    expect(writes.map(({ method, query }) => [method, query])).toEqual([
      ['DELETE', { dryRun: 'All', resourceVersion: '7' }],
      ['DELETE', { resourceVersion: '7', reason: 'as before' }],
    ])
  })

  it('is not set beside a Sidecar of somebody’s own, which is linked', async () => {
    rows = [namespace('demo', scope({ ...THEIRS, scope: 'custom', namespaces: ['a', 'b', 'c', 'd'] }))]
    const dialog = await openDialog()
    expect(screen.getByText('a, b, c and 1 more')).toBeTruthy()
    await review(dialog, /^All/)
    const link = await within(dialog).findByRole('link', { name: 'Open it' })
    expect(link.getAttribute('href')).toContain('/meshes/shop/sidecars/demo/mine')
    expect(within(dialog).getByRole('button', { name: 'Apply' }).hasAttribute('disabled')).toBe(true)
    expect(writes).toEqual([])
  })

  it('says why the server would refuse, and then nothing can be applied', async () => {
    rows = [namespace('demo', scope())]
    const problem = {
      type: 'about:blank',
      code: 'forbidden',
      title: 'Forbidden',
      status: 403,
      detail: 'not you',
    } as const
    api.server.use(http.post(SIDECARS, () => problemResponse(problem)))
    const dialog = await openDialog()
    await review(dialog, /^Local/)
    expect(await within(dialog).findByText(/not you/)).toBeTruthy()
    expect(within(dialog).getByRole('button', { name: 'Apply' }).hasAttribute('disabled')).toBe(true)
  })
})
