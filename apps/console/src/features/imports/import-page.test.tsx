// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { EditorView } from '@codemirror/view'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi, MESHES, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { http, HttpResponse } from 'msw'
import type { MeshView } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const rule = (name: string, host: string) =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: ${name}, namespace: shop}\nspec: {host: ${host}}\n`

const withBeta = (mesh: MeshView): MeshView => ({
  ...mesh,
  clusters: [...mesh.clusters, { name: 'beta', state: 'reachable', phase: 'Running' }],
})

/** jsdom cannot type into CodeMirror; this is what typing does to it. */
async function write(text: string, query = ''): Promise<void> {
  close = openConsole(`/meshes/shop/config/-import${query}`)
  const content = await screen.findByRole('textbox', { name: 'YAML documents' }, SLOW)
  const view = EditorView.findFromDOM(content)
  // While it has just been made, the editor still takes its text from the page.
  await waitFor(() => {
    if (view?.state.doc.toString() !== text)
      view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
    expect(screen.queryByText('0 objects')).toBeNull()
  }, SLOW)
}

describe('importing YAML', { timeout: 60_000 }, () => {
  it('reviews and applies all documents as one change: what is there is changed, what is not is made', async () => {
    api.keep('destination-rules', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'old', namespace: 'shop' },
      spec: { host: 'before' },
    })
    await write(`${rule('old', 'after')}---\n${rule('fresh', 'fresh')}`)
    await screen.findByText('2 objects')
    await user.click(screen.getByRole('button', { name: 'Review' }))
    const apply = await screen.findByRole<HTMLButtonElement>('button', { name: 'Apply' }, SLOW)
    await waitFor(() => expect(apply.disabled).toBe(false), SLOW)
    expect(api.writes.every(({ dryRun }) => dryRun)).toBe(true)
    await user.type(screen.getByLabelText('Reason (optional)'), 'moved over')
    await user.click(apply)
    await screen.findByText('All is applied.', undefined, SLOW)
    const written = api.writes.filter(({ dryRun }) => !dryRun)
    expect(written.map(({ method, body }) => [method, body.metadata.name, body.spec])).toEqual([
      ['PUT', 'old', { host: 'after' }],
      ['POST', 'fresh', { host: 'fresh' }],
    ])
    const reasons = api.writes.map(({ dryRun, body }) => [dryRun, body.metadata.annotations])
    expect(reasons).toEqual([
      [true, undefined],
      [true, undefined],
      [false, { 'meshdeck.io/change-reason': 'moved over' }],
      [false, { 'meshdeck.io/change-reason': 'moved over' }],
    ])
  })

  it('goes to several clusters, one after the other, and is taken back from all', async () => {
    const beta = new Map<string, KubeResource>()
    const one = '*/api/v1/clusters/beta/resources/destination-rules/shop/:name'
    const gone = () => problemResponse({ type: 'about:blank', code: 'not-found', title: 'None', status: 404 })
    let isAway = true
    api.server.use(
      http.get('*/api/v1/meshes', () => HttpResponse.json({ ...MESHES, items: MESHES.items.map(withBeta) })),
      http.get(one, ({ params }) => {
        const found = beta.get(String(params['name']))
        return found ? HttpResponse.json(found) : gone()
      }),
      http.post<never, KubeResource>('*/api/v1/clusters/beta/resources/destination-rules', async ({ request }) => {
        const body = await request.json()
        if (new URL(request.url).searchParams.has('dryRun')) return HttpResponse.json(body)
        const params = { reason: 'refused' }
        if (isAway)
          return problemResponse({
            type: 'about:blank',
            code: 'cluster-unreachable',
            title: 'Away',
            status: 502,
            params,
          })
        const kept = { ...body, metadata: { ...body.metadata, resourceVersion: '1' } }
        beta.set(body.metadata.name, kept)
        return HttpResponse.json(kept)
      }),
      http.delete(one, ({ params }) => (beta.delete(String(params['name'])) ? HttpResponse.json({}) : gone())),
    )
    await write(rule('fresh', 'fresh'), '?clusters=alpha,beta')
    await user.click(await screen.findByRole('button', { name: 'Review' }))
    expect(await screen.findByRole('region', { name: /^destination rule shop \/ fresh · alpha$/i }, SLOW)).toBeTruthy()
    expect(screen.getByRole('region', { name: /^destination rule shop \/ fresh · beta$/i })).toBeTruthy()
    expect(await screen.findByText(/beta \/ shop \/ fresh: the server accepts it/)).toBeTruthy()
    const apply = screen.getByRole<HTMLButtonElement>('button', { name: 'Apply' })
    await waitFor(() => expect(apply.disabled).toBe(false), SLOW)
    await user.click(apply)
    // The second one is away: what the first has is told, and can be completed.
    expect(await screen.findByText(/^Only a part is applied/, undefined, SLOW)).toBeTruthy()
    expect(api.kept()).toEqual(['destination-rules/shop/fresh'])
    isAway = false
    await user.click(screen.getByRole('button', { name: 'Apply the rest' }))
    expect(await screen.findByText('All is applied.', undefined, SLOW)).toBeTruthy()
    expect([...beta.keys()]).toEqual(['fresh'])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('All is as it was before.', undefined, SLOW)).toBeTruthy()
    expect([api.kept(), [...beta.keys()]]).toEqual([[], []])
  })

  it('says what is wrong at its line, and reviews nothing', async () => {
    await write(`${rule('a', 'a')}---\n${rule('a', 'b')}`)
    await screen.findByText('Line 6: DestinationRule shop/a is in here twice.')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Review' }).disabled).toBe(true)
  })

  it('says when what is there cannot be read, and keeps the text', async () => {
    api.server.use(
      http.get('*/api/v1/clusters/alpha/resources/destination-rules/shop/a', () =>
        problemResponse({ type: 'about:blank', code: 'forbidden', title: 'No', status: 403 }),
      ),
    )
    await write(rule('a', 'a'))
    await screen.findByText('1 object')
    await user.click(screen.getByRole('button', { name: 'Review' }))
    await screen.findByText('You may not see this', undefined, SLOW)
    expect(screen.getByText('1 object')).toBeTruthy()
    expect(api.writes).toEqual([])
  })
})
