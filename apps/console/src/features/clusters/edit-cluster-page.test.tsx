// @vitest-environment jsdom
import type { ClusterView, EditCluster } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView, FORBIDDEN } from './fixtures.ts'

const CLUSTER = '*/api/v1/clusters/alpha'
const SLOW = { timeout: 20_000 }
const api = createFakeApi()
let close: () => void = () => undefined
let present: ClusterView
let sent: EditCluster[] = []
let tested: string[] = []

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  sent = []
  tested = []
  present = clusterView({ generation: 3, displayName: 'Alpha', provider: 'acme' })
  api.server.use(
    http.get(CLUSTER, () => HttpResponse.json(present)),
    http.get(`${CLUSTER}/orphans`, () => HttpResponse.json({ items: [], unread: [] })),
    http.put<never, EditCluster>(CLUSTER, async ({ request }) => {
      sent.push(await request.json())
      return HttpResponse.json(present)
    }),
    http.post<never, { url: string }>(`${CLUSTER}/prometheus/-test`, async ({ request }) => {
      tested.push((await request.json()).url)
      return HttpResponse.json({ ok: false, message: 'Prometheus answered with status 401' })
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = () => {
  close = openConsole('/clusters/alpha/-edit')
  return screen.findByLabelText('Display name', undefined, SLOW)
}
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const save = () => screen.getByRole('button', { name: 'Save' })

describe('editing a cluster', { timeout: 40_000 }, () => {
  it('sends what was changed on top of what was seen, and shows the command that equals it', async () => {
    expect(await open()).toHaveProperty('value', 'Alpha')
    expect(save()).toHaveProperty('disabled', true)
    fill('Display name', ' Alpha one ')
    fill('Provider', '')
    expect(screen.getByText(/kubectl .*"displayName":"Alpha one","provider":null/)).toBeTruthy()
    await userEvent.click(save())
    await waitFor(() => expect(window.location.pathname).toBe('/clusters/alpha'), SLOW)
    expect(sent).toEqual([
      {
        generation: 3,
        displayName: 'Alpha one',
        region: 'cn-east',
        network: 'blue',
        prometheusUrl: 'http://prom.example:9090',
      },
    ])
  })

  it('tests the address of Prometheus from the server, and says what it found', async () => {
    await open()
    fill('Prometheus address', 'http://other.example')
    await userEvent.click(screen.getByRole('button', { name: 'Test the address' }))
    const result = screen.getByRole('status', { name: 'Answer of Prometheus' })
    expect(await within(result).findByText('Prometheus answered with status 401', undefined, SLOW)).toBeTruthy()
    expect(tested).toEqual(['http://other.example'])
    fill('Prometheus address', 'http://another.example')
    expect(result.textContent).toBe('')
  })

  it('asks as a tenant, with a credential that is sent and not shown, and says what it found', async () => {
    const asked: unknown[] = []
    api.server.use(
      http.post(`${CLUSTER}/prometheus/-test`, async ({ request }) => {
        asked.push(await request.json())
        return HttpResponse.json({
          ok: true,
          message: '',
          make: 'Mimir',
          version: '2.17.0',
          series: 1200,
          skewSeconds: -90,
          hasMesh: false,
        })
      }),
    )
    await open()
    fill('Headers for Prometheus', 'X-Scope-OrgID: shop\n')
    fill('Name in its certificate', 'mimir.internal')
    fireEvent.mouseDown(screen.getByRole('combobox', { name: 'Credential for Prometheus' }))
    await userEvent.click(await screen.findByText('User name and password', undefined, SLOW))
    expect(save()).toHaveProperty('disabled', true)
    fill('User name', 'me')
    fill('Password', 'pass')
    await userEvent.click(screen.getByRole('button', { name: 'Test the address' }))
    const result = screen.getByRole('status', { name: 'Answer of Prometheus' })
    await within(result).findByText(
      /Mimir 2\.17\.0 · 1,200 series · .*no requests that Istio counted.*wrong by 90 s/,
      undefined,
      SLOW,
    )
    const url = 'http://prom.example:9090'
    const headers = [{ name: 'X-Scope-OrgID', value: 'shop' }]
    const credential = { username: 'me', password: 'pass' }
    expect(asked).toEqual([{ url, headers, serverName: 'mimir.internal', credential }])
    expect(screen.getByText(/kubectl .*"headers":\[\{"name":"X-Scope-OrgID"/).textContent).not.toContain('pass"')
    await userEvent.click(save())
    await waitFor(() => expect(sent).toHaveLength(1), SLOW)
    expect(sent[0]).toMatchObject({
      prometheusHeaders: headers,
      prometheusServerName: 'mimir.internal',
      prometheusCredential: credential,
    })
  })

  it('says at the field what is wrong, and sends nothing', async () => {
    await open()
    fill('Prometheus address', 'prom:9090')
    fill('Region', 'x'.repeat(64))
    fill('Headers for Prometheus', 'Authorization: Bearer x')
    expect(screen.getByText('The address begins with http:// or https://.')).toBeTruthy()
    expect(screen.getByText(/^Each line is a name/)).toBeTruthy()
    expect(screen.getByText(/^This is too long/)).toBeTruthy()
    expect(save()).toHaveProperty('disabled', true)
  })

  it('shows what others have changed meanwhile, and puts one’s own on top of it', async () => {
    await open()
    fill('Display name', 'Mine')
    const refuse = () => {
      // Not sooner: a page that has learnt of it in between would not have sent anything.
      present = clusterView({ generation: 4, displayName: 'Theirs', provider: 'other' })
      return problemResponse({ ...BROKEN, code: 'conflict', status: 409 })
    }
    api.server.use(http.put(CLUSTER, refuse, { once: true }))
    await userEvent.click(save())
    const alert = await screen.findByRole('alert', undefined, SLOW)
    expect(alert.textContent).toContain('Display name: Alpha → Theirs')
    expect(alert.textContent).toContain('Provider: acme → other')
    expect(screen.getByLabelText('Display name')).toHaveProperty('value', 'Mine')
    await userEvent.click(within(alert).getByRole('button', { name: 'Put mine on top of theirs' }))
    await userEvent.click(save())
    await waitFor(() => expect(sent).toHaveLength(1), SLOW)
    expect(sent[0]).toMatchObject({ generation: 4, displayName: 'Mine', provider: 'other' })
  })

  it('says what the server refuses, and stays with what was typed', async () => {
    await open()
    fill('Network', 'green')
    api.server.use(http.put(CLUSTER, () => problemResponse(BROKEN)))
    await userEvent.click(save())
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('the words of the server')
    expect(screen.getByLabelText('Network')).toHaveProperty('value', 'green')
  })

  it('names the right that is missing', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    close = openConsole('/clusters/alpha/-edit')
    expect(await screen.findByText('update', { selector: 'code' }, SLOW)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })

  it.each([
    [
      'that there is none of that name',
      { ...BROKEN, code: 'unknown-cluster' as const, status: 404 },
      /No such cluster/,
    ],
    ['what failed', BROKEN, /the words of the server/],
    ['that it may not be read', FORBIDDEN, /clusters\.meshdeck\.io/],
  ])('says %s', async (_what, problem, words) => {
    api.server.use(http.get(CLUSTER, () => problemResponse(problem)))
    close = openConsole('/clusters/alpha/-edit')
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toMatch(words)
  })
})
