// @vitest-environment jsdom
import type {
  AccessRequest,
  AccessResponse,
  Problem,
  TlsSecretDetail,
  TlsSecretPage,
  TlsSecretView,
} from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { delay, http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const LIST = '*/api/v1/meshes/shop/tls-secrets'
const ONE = `${LIST}/alpha/istio-system/shop-tls`
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const secret: TlsSecretView = {
  cluster: 'alpha',
  namespace: 'istio-system',
  name: 'shop-tls',
  type: 'kubernetes.io/tls',
  hasKey: true,
  state: 'soon',
  notAfter: '2026-12-05T00:00:00Z',
  chain: [
    {
      subject: 'CN=shop.example.com',
      names: ['shop.example.com'],
      issuer: 'CN=Example Authority',
      serial: '01',
      fingerprint: 'AA:BB',
      notBefore: '2026-09-05T00:00:00Z',
      notAfter: '2026-12-05T00:00:00Z',
      isAuthority: false,
      isSelfSigned: false,
      keyType: 'EC prime256v1',
    },
  ],
  authorities: [],
  faults: [],
  notes: ['soon'],
  users: [
    { cluster: 'alpha', kind: 'Gateway', namespace: 'shop', name: 'edge', path: 'spec.servers[0].tls.credentialName' },
  ],
  labels: {},
  resourceVersion: '7',
}
const page = (items: TlsSecretView[]): TlsSecretPage => ({
  items,
  total: items.length,
  all: items.length,
  page: 1,
  pageSize: 50,
  hidden: [],
  failures: [],
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (path = '') => {
  close = openConsole(`/meshes/shop/config/tls-secrets${path}`)
}

describe('the page of TLS secrets', { timeout: 40_000 }, () => {
  it('shows for whom, by whom, until when, and who uses each', async () => {
    api.server.use(http.get(LIST, () => HttpResponse.json(page([secret]))))
    open()
    const row = (await screen.findByRole('link', { name: 'shop-tls' }, SLOW)).closest('tr')
    if (!row) throw new Error('no row')
    for (const text of ['shop.example.com', 'CN=Example Authority', 'Ends within 30 days'])
      expect(within(row).getByText(text)).toBeTruthy()
    expect(within(row).getByRole('link', { name: 'shop / edge' }).getAttribute('href')).toBe(
      '/meshes/shop/gateways/shop/edge?cluster=alpha',
    )
  })

  it('names those who use a Secret before it is deleted, and wants its name typed', async () => {
    const asked: string[] = []
    api.server.use(
      http.get(LIST, () => HttpResponse.json(page([secret]))),
      http.delete(ONE, ({ request }) => {
        asked.push(new URL(request.url).search)
        return new HttpResponse(undefined, { status: 204 })
      }),
    )
    open()
    await user.click(await screen.findByRole('button', { name: /shop-tls/ }, SLOW))
    await user.click(await screen.findByRole('menuitem', { name: 'Delete' }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByRole('link', { name: 'shop / edge' })).toBeTruthy()
    const button = within(dialog).getByRole('button', { name: 'Delete' })
    expect(button).toHaveProperty('disabled', true)
    await user.type(within(dialog).getByRole('textbox', { name: 'Type shop-tls to delete it' }), 'shop-tls')
    await user.type(within(dialog).getByRole('textbox', { name: 'Reason (optional)' }), 'moved away')
    await user.click(button)
    expect(await screen.findByText('TLS secret shop-tls was deleted.')).toBeTruthy()
    expect(asked).toEqual(['?resourceVersion=7&force=true&reason=moved%20away'])
  })

  it('says what is at fault at the field, and creates only what was checked', async () => {
    const refusal: Problem = {
      type: 'about:blank',
      code: 'invalid-input',
      title: 'No',
      status: 400,
      fields: [{ field: 'key', message: 'does not belong to the certificate' }],
      params: { faults: [{ code: 'key.mismatch' }] },
    }
    let answers: (() => Response)[] = [() => problemResponse(refusal), () => HttpResponse.json(secret)]
    api.server.use(
      http.post(LIST, () => {
        const [answer, ...rest] = answers
        answers = rest
        return answer?.() ?? HttpResponse.json(secret, { status: 201 })
      }),
      http.get(ONE, () => HttpResponse.json({ secret, hidden: [] } satisfies TlsSecretDetail)),
    )
    open('/-create')
    await user.type(await screen.findByRole('textbox', { name: 'Name' }, SLOW), 'shop-tls')
    await user.type(screen.getByRole('textbox', { name: 'Certificate' }), 'PEM')
    await user.type(screen.getByRole('textbox', { name: 'Private key' }), 'PEM')
    const create = screen.getByRole('button', { name: 'Create' })
    expect(create).toHaveProperty('disabled', true)
    await user.click(screen.getByRole('button', { name: 'Check' }))
    expect((await screen.findByRole('alert')).textContent).toBe('This is not the key of the certificate.')
    expect(create).toHaveProperty('disabled', true)
    await user.type(screen.getByRole('textbox', { name: 'Private key' }), 'x')
    expect(screen.queryByText('This is not the key of the certificate.')).toBeNull()
    await user.click(screen.getByRole('button', { name: /Check$/ }))
    expect(await screen.findByRole('region', { name: 'Certificate' })).toBeTruthy()
    await user.click(create)
    expect(await screen.findByText('TLS secret shop-tls was created.')).toBeTruthy()
    expect(await screen.findByRole('heading', { level: 1, name: 'shop-tls' })).toBeTruthy()
  })

  it('says at once when the right to create is missing, and nothing when the cluster could not be asked', async () => {
    let error: string | undefined = 'alpha is away'
    api.server.use(
      http.post<never, AccessRequest>('*/api/v1/access', async ({ request }) => {
        const { checks } = await request.json()
        const asked = checks.some(({ verb, kind }) => verb === 'create' && kind === 'Secret')
        const answer = { allowed: false, ...(error === undefined ? {} : { error }) }
        if (asked) error = undefined
        return HttpResponse.json({ results: checks.map(() => answer) } satisfies AccessResponse)
      }),
    )
    const words = 'You may not create secrets in alpha / istio-system.'
    open('/-create')
    await screen.findByRole('textbox', { name: 'Name' }, SLOW)
    await expect.poll(() => error).toBeUndefined()
    expect(screen.queryByText(words)).toBeNull()
    close()
    open('/-create')
    expect(await screen.findByText(words, {}, SLOW)).toBeTruthy()
  })

  it('is empty, on its way, forbidden or failing in so many words', async () => {
    api.server.use(http.get(LIST, () => HttpResponse.json(page([]))))
    open()
    expect(await screen.findByRole('heading', { name: 'No TLS secrets' }, SLOW)).toBeTruthy()
    close()
    api.server.use(http.get(LIST, () => delay('infinite')))
    open()
    expect(await screen.findByRole('status', { name: 'Loading' }, SLOW)).toBeTruthy()
    for (const [code, status, title] of [
      ['forbidden', 403, 'You may not see this'],
      ['internal', 500, 'Something went wrong inside Meshdeck'],
    ] as const) {
      close()
      const problem: Problem = { type: 'about:blank', code, title: 'No', status }
      api.server.use(http.get(LIST, () => problemResponse(problem)))
      open()
      expect(await screen.findByRole('heading', { name: title }, SLOW)).toBeTruthy()
    }
  })
})
