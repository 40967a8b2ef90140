// @vitest-environment jsdom
import type { AskReferences } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { delay, http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from './testing/fake-api.ts'
import { openConsole } from './testing/open-console.ts'

const LIST = '*/api/v1/meshes/shop/resources/destination-rules'
const api = createFakeApi()
let close: () => void = () => undefined
const open = () => {
  close = openConsole('/meshes/shop/destination-rules')
}
const rule = (name: string): KubeResource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name, namespace: 'shop' },
  spec: { host: `${name}.shop.svc.cluster.local`, subsets: [{ name: 'v1' }] },
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

describe('list of a kind', { timeout: 30_000 }, () => {
  it('shows rows with the columns of the registry, and what may be done', async () => {
    api.keep('destination-rules', rule('reviews'))
    open()
    const table = await screen.findByRole('table')
    expect(within(table).getByRole('link', { name: 'reviews' }).getAttribute('href')).toBe(
      '/meshes/shop/destination-rules/shop/reviews?cluster=alpha',
    )
    expect(within(table).getByText('reviews.shop.svc.cluster.local')).toBeTruthy()
    expect(await screen.findByRole('button', { name: 'Create destination rule' })).toBeTruthy()
    expect(await within(table).findByRole('button', { name: 'More actions for reviews' })).toBeTruthy()
  })

  it('marks objects with what they have, and asks for those that have it', async () => {
    api.keep('destination-rules', {
      ...rule('reviews'),
      spec: { host: 'reviews', subsets: [{ name: 'v1', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }] },
    })
    const asked: string[] = []
    api.server.events.on('request:start', ({ request }) => asked.push(request.url))
    close = openConsole('/meshes/shop/destination-rules?traits=clientTls')
    const table = await screen.findByRole('table')
    expect(within(table).getByText('Client TLS')).toBeTruthy()
    expect(within(table).queryByText('Outlier detection')).toBeNull()
    expect(asked.some((url) => url.includes('traits=clientTls'))).toBe(true)
    expect(screen.getByRole('combobox', { name: 'Rules' })).toBeTruthy()
    api.server.events.removeAllListeners()
  })

  it('deletes what is ticked, once its number was typed, and tells of what could not be', async () => {
    const user = userEvent.setup()
    for (const name of ['reviews', 'cart']) api.keep('destination-rules', rule(name))
    const by = (kind: string, name: string, loose = false) => ({
      object: { cluster: 'alpha', kind, namespace: 'shop', name },
      path: `spec.of.${name}`,
      part: 'subset',
      name: 'v2',
      loose,
    })
    api.server.use(
      http.post('*/api/v1/meshes/shop/-references', async ({ request }) => {
        const { targets } = (await request.json()) as AskReferences
        return HttpResponse.json({
          items: targets.map(({ name }) => ({
            uses: [],
            // What goes as well, and what does not need it, loses nothing.
            usedBy:
              name === 'cart'
                ? [by('VirtualService', 'front'), by('DestinationRule', 'reviews'), by('Telemetry', 'all', true)]
                : [],
          })),
          hidden: ['Sidecar'],
          failures: [],
        })
      }),
    )
    open()
    const table = await screen.findByRole('table')
    await user.click((await within(table).findAllByRole('checkbox'))[0] ?? document.body)
    await user.click(screen.getByRole('button', { name: 'Delete 2' }))
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByText(/It can be restored from the history/)).toBeTruthy()
    expect(await within(dialog).findByText('Host: cart.shop.svc.cluster.local')).toBeTruthy()
    expect(await within(dialog).findByText('It is named in 1 place, which would then name nothing:')).toBeTruthy()
    expect(within(dialog).getByRole('link', { name: 'front' }).closest('li')?.textContent).toBe(
      'VirtualService front shop · subset v2 · spec.of.front',
    )
    expect(within(dialog).queryByText('spec.of.all')).toBeNull()
    expect(within(dialog).queryByText('spec.of.reviews')).toBeNull()
    expect(within(dialog).getByText(/may not see all objects of Sidecar/)).toBeTruthy()
    const confirm = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Delete' })
    expect(confirm.disabled).toBe(true)
    // Meanwhile somebody else deletes one of them.
    await fetch('/api/v1/clusters/alpha/resources/destination-rules/shop/cart', { method: 'DELETE' })
    await user.type(within(dialog).getByLabelText('Type the number 2 to go on'), '2')
    await user.type(await within(dialog).findByLabelText('Reason (optional)'), 'out of use')
    const asked: (string | null)[] = []
    api.server.events.on('request:start', ({ request }) => {
      if (request.method === 'DELETE') asked.push(new URL(request.url).searchParams.get('reason'))
    })
    await user.click(confirm)
    expect(await within(dialog).findByText('1 of 2 deleted')).toBeTruthy()
    expect(within(dialog).getByText(/It does not exist any more/)).toBeTruthy()
    expect(await screen.findByText('Destination rules: none yet')).toBeTruthy()
    expect(asked).toEqual(['out of use', 'out of use'])
    api.server.events.removeAllListeners()
  })

  it('closes when all is deleted, and says so', async () => {
    const user = userEvent.setup()
    api.keep('destination-rules', rule('reviews'))
    open()
    const table = await screen.findByRole('table')
    await user.click((await within(table).findAllByRole('checkbox'))[0] ?? document.body)
    await user.click(screen.getByRole('button', { name: 'Delete 1' }))
    const dialog = await screen.findByRole('dialog')
    await user.type(await within(dialog).findByLabelText('Type the name reviews to go on'), 'reviews')
    await user.click(within(dialog).getByRole('button', { name: 'Delete' }))
    expect(await screen.findByText('1 object was deleted')).toBeTruthy()
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('offers a viewer nothing that changes anything', async () => {
    api.keep('destination-rules', rule('reviews'))
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    open()
    const table = await screen.findByRole('table')
    expect(within(table).queryByRole('checkbox')).toBeNull()
    expect(screen.queryByRole('button', { name: /create|more actions/i })).toBeNull()
  })

  it('says while it loads', async () => {
    api.server.use(http.get(LIST, () => delay('infinite')))
    open()
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy()
  })

  it('says what would stand there when there is nothing, and how to start', async () => {
    open()
    const title = await screen.findByRole('heading', { name: 'Destination rules: none yet' })
    expect(title).toBeTruthy()
    expect(await screen.findAllByRole('button', { name: 'Create destination rule' })).toHaveLength(2)
  })

  it('says what failed, in the server’s words too, and can try again', async () => {
    api.server.use(
      http.get(LIST, () =>
        problemResponse({
          type: 'about:blank',
          code: 'bad-request',
          title: 'Bad request',
          status: 400,
          detail: 'no such column',
        }),
      ),
    )
    open()
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('no such column')
    api.server.resetHandlers()
    within(alert).getByRole('button', { name: 'Retry' }).click()
    expect(await screen.findByText('Destination rules: none yet')).toBeTruthy()
  })

  it('names the right that is missing', async () => {
    api.server.use(
      http.get(LIST, () =>
        problemResponse({
          type: 'about:blank',
          code: 'forbidden',
          title: 'Forbidden',
          status: 403,
          missing: { verb: 'list', group: 'networking.istio.io', resource: 'destinationrules' },
        }),
      ),
    )
    open()
    expect(await screen.findByText('destinationrules.networking.istio.io')).toBeTruthy()
    expect(screen.getByText('list')).toBeTruthy()
  })
})
