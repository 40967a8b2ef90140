// @vitest-environment jsdom
import type { ClusterView, ConnectionTest, RenewCredential } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView, FORBIDDEN } from './fixtures.ts'

const CLUSTER = '*/api/v1/clusters/alpha'
const SLOW = { timeout: 20_000 }
const SECRET = 'kind: Config\nusers: [{name: x, user: {token: very-secret}}]\n'
const api = createFakeApi()
let close: () => void = () => undefined
let present: ClusterView
let answer: ConnectionTest
let sent: [what: string, body: RenewCredential][] = []

const GOOD: ConnectionTest = {
  ok: true,
  contexts: ['one'],
  server: 'https://10.1.2.3:6443',
  version: 'v1.36.3',
  istio: [],
  steps: [
    { step: 'kubeconfig', result: 'ok', message: 'Context one' },
    { step: 'connect', result: 'ok', message: 'Kubernetes v1.36.3' },
    { step: 'identity', result: 'ok', message: 'The namespace kube-system has the same uid' },
    { step: 'permissions', result: 'ok', message: '' },
  ],
}

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  sent = []
  present = clusterView()
  answer = GOOD
  const take =
    (what: string) =>
    async ({ request }: { request: Request }) => {
      sent.push([what, (await request.json()) as RenewCredential])
      return HttpResponse.json(answer)
    }
  api.server.use(
    http.get(CLUSTER, () => HttpResponse.json(present)),
    http.get(`${CLUSTER}/orphans`, () => HttpResponse.json({ items: [], unread: [] })),
    http.post(`${CLUSTER}/credential/-test`, take('test')),
    http.put(`${CLUSTER}/credential`, take('renew')),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const start = () => {
  close = openConsole('/clusters/alpha/-renew')
}
const open = () => {
  start()
  return screen.findByLabelText('Kubeconfig', { selector: 'textarea' }, SLOW)
}
const fill = (value: string) =>
  fireEvent.change(screen.getByLabelText('Kubeconfig', { selector: 'textarea' }), { target: { value } })
const test = () => userEvent.click(screen.getByRole('button', { name: /Test$/ }))
const renew = () => screen.getByRole('button', { name: 'Renew' })
const result = () => screen.findByRole('status', { name: 'Test result' }, SLOW)

describe('renewing a credential', { timeout: 40_000 }, () => {
  it('is offered on the cluster’s page, tested, then stored', async () => {
    close = openConsole('/clusters/alpha')
    await userEvent.click(await screen.findByRole('button', { name: 'Renew the credential' }, SLOW))
    await screen.findByLabelText('Kubeconfig', { selector: 'textarea' }, SLOW)
    fill(SECRET)
    expect(renew()).toHaveProperty('disabled', true)
    await test()
    expect(within(await result()).getByText('It is the cluster that is meant.')).toBeTruthy()
    await userEvent.click(renew())
    await waitFor(() => expect(window.location.pathname).toBe('/clusters/alpha'), SLOW)
    expect(sent).toEqual([
      ['test', { kubeconfig: SECRET }],
      ['renew', { kubeconfig: SECRET }],
    ])
    const kept = [window.location.href, ...Object.values(localStorage), ...Object.values(sessionStorage)].join('\n')
    expect(kept).not.toContain('very-secret')
  })

  it('refuses another cluster in words, and stores nothing', async () => {
    await open()
    fill(SECRET)
    answer = {
      ...GOOD,
      ok: false,
      steps: [
        ...GOOD.steps.slice(0, 2),
        { step: 'identity', result: 'failed', code: 'other-cluster', message: 'uid 1 is not uid 2' },
        { step: 'permissions', result: 'skipped', message: '' },
      ],
    }
    await test()
    const said = within(await result()).getByRole('alert').textContent
    expect(said).toContain('It reaches another cluster.')
    expect(said).toContain('uid 1 is not uid 2')
    expect(renew()).toHaveProperty('disabled', true)
  })

  it('exchanges a wide credential for an account’s', async () => {
    api.server.use(
      http.post('*/api/v1/clusters/-account', () =>
        HttpResponse.json({ ok: true, objects: [], yaml: '', commands: 'kubectl apply' }),
      ),
    )
    await open()
    fill(SECRET)
    await test()
    await result()
    await userEvent.click(screen.getByRole('radio', { name: /An account that looks/ }))
    expect(renew()).toHaveProperty('disabled', true)
    await userEvent.click(screen.getByRole('button', { name: 'Show what is made' }))
    await screen.findByText('kubectl apply', undefined, SLOW)
    await userEvent.click(renew())
    await waitFor(() => expect(sent).toHaveLength(2), SLOW)
    expect(sent[1]?.[1]).toEqual({ kubeconfig: SECRET, account: { level: 'read', actForUsers: true } })
  })

  it('wants another test after a change, and one at all', async () => {
    await open()
    await test()
    expect(screen.getByText('Bring a kubeconfig.')).toBeTruthy()
    expect(sent).toEqual([])
    fill(SECRET)
    await test()
    await result()
    expect(renew()).toHaveProperty('disabled', false)
    fill(`${SECRET}#`)
    expect(renew()).toHaveProperty('disabled', true)
  })

  it('says what the server refuses, and stays with what was typed', async () => {
    const field = await open()
    api.server.use(
      http.put(`${CLUSTER}/credential`, () => problemResponse({ ...BROKEN, code: 'conflict', status: 409 })),
    )
    fill(SECRET)
    await test()
    await result()
    await userEvent.click(renew())
    expect(await screen.findByText(/the words of the server/, undefined, SLOW)).toBeTruthy()
    expect(field).toHaveProperty('value', SECRET)
  })

  it('says where the credential is kept when it is not ours', async () => {
    present = clusterView({ source: 'kubeconfig' })
    start()
    expect(await screen.findByText(/Renew it in that file/, undefined, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Renew' })).toBeNull()
  })

  it('names the right that is missing', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    start()
    expect(await screen.findByText('update', { selector: 'code' }, SLOW)).toBeTruthy()
    expect(screen.getByText('secrets')).toBeTruthy()
  })

  it.each([
    ['what failed', BROKEN, /the words of the server/],
    ['that the cluster may not be read', FORBIDDEN, /clusters\.meshdeck\.io/],
  ])('says %s', async (_what, problem, words) => {
    api.server.use(http.get(CLUSTER, () => problemResponse(problem)))
    start()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toMatch(words)
  })
})
