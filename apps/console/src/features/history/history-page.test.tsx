// @vitest-environment jsdom
import type { HistoryDetail, HistoryEntry, HistoryPage, Problem } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const LIST = '*/api/v1/meshes/shop/history'
const SLOW = { timeout: 20_000 }
vi.setConfig({ testTimeout: 60_000 })
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined
let asked: URLSearchParams[] = []
let entries: HistoryEntry[] = []

const id = (number: number): string => `history-${'a'.repeat(16)}-${number}`
const entry = (number: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: id(number),
  number,
  cluster: 'alpha',
  kind: 'VirtualService',
  namespace: 'shop',
  name: 'cart',
  operation: 'changed',
  at: '2026-11-20T12:00:00Z',
  noticedAt: '2026-11-20T12:00:01Z',
  late: false,
  tool: 'kubectl',
  author: 'kubectl-edit',
  fields: ['spec.hosts[0]'],
  fieldCount: 1,
  ...more,
})
const rule = (host: string, more: object = {}) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { namespace: 'shop', name: 'cart', ...more },
  spec: { hosts: [host] },
})
const pageOf = (items: HistoryEntry[]): HistoryPage => ({
  items,
  total: items.length,
  all: items.length,
  page: 1,
  pageSize: 50,
  authors: [{ name: 'alice', count: 1 }],
  tools: [{ name: 'console', count: 1 }],
  kinds: [{ name: 'VirtualService', count: 2 }],
  limits: { perObject: 50, total: 10_000, maxBytes: 262_144 },
  kept: { records: 12, objects: 3, bytes: 4_200, oldest: '2026-11-01T00:00:00Z' },
  failures: [],
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  asked = []
  entries = [
    entry(3, { tool: 'console', author: 'alice', reason: 'more room', fieldCount: 5 }),
    entry(2, { operation: 'deleted', tool: 'unknown', late: true, fields: [], fieldCount: 0 }),
  ]
  api.server.use(
    http.get(LIST, ({ request }) => {
      asked.push(new URL(request.url).searchParams)
      return HttpResponse.json(pageOf(entries))
    }),
    http.get(`${LIST}/:id`, ({ params }) => {
      const number = Number(String(params['id']).split('-').at(-1))
      const detail: HistoryDetail = {
        entry: entry(number, { reason: 'more room' }),
        object: rule(`host-${number}`, { labels: { app: 'cart' } }),
        before: { entry: entry(number - 1), object: rule(`host-${number - 1}`) },
      }
      return HttpResponse.json(detail)
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (path: string) => {
  close = openConsole(`/meshes/shop/${path}`)
}

describe('the history of a mesh', () => {
  it('says when who changed what, by which tool, and why', async () => {
    open('history')
    const row = await screen.findByRole('row', { name: /alice/ }, SLOW)
    expect(within(row).getByText('Changed')).toBeTruthy()
    expect(within(row).getByText('Meshdeck')).toBeTruthy()
    expect(within(row).getByText('more room')).toBeTruthy()
    expect(within(row).getByText('spec.hosts[0]')).toBeTruthy()
    expect(within(row).getByText('and 4 more')).toBeTruthy()
    expect(within(row).getByRole('link', { name: 'cart' }).getAttribute('href')).toBe(`/meshes/shop/history/${id(3)}`)
    const deleted = screen.getByRole('row', { name: /Deleted/ })
    expect(within(deleted).getByText('Unknown')).toBeTruthy()
    expect(within(deleted).getByText(/noticed/)).toBeTruthy()
  })

  it('has its filters in the address', async () => {
    open('history?kinds=VirtualService&authors=alice,bob&tools=console&range=day&namespaces=shop&baselines=true')
    await screen.findByRole('row', { name: /alice/ }, SLOW)
    const [first] = asked
    expect(Object.fromEntries(first ?? [])).toMatchObject({
      kind: 'VirtualService',
      author: 'alice,bob',
      tool: 'console',
      namespace: 'shop',
      baselines: 'true',
      sort: '-at',
    })
    const hours = (Date.now() - Date.parse(first?.get('since') ?? '')) / 3_600_000
    expect(hours).toBeGreaterThanOrEqual(24)
    expect(hours).toBeLessThan(25)
    await user.click(screen.getByRole('checkbox', { name: 'Include first seen' }))
    expect(window.location.search).not.toContain('baselines')
  })

  it('says what will stand here while there is nothing', async () => {
    entries = []
    open('history')
    expect(await screen.findByRole('heading', { name: 'No changes yet' }, SLOW)).toBeTruthy()
  })

  it('names the right that is missing, and what went wrong', async () => {
    const forbidden: Problem = {
      type: 'about:blank',
      code: 'forbidden',
      title: 'Forbidden',
      status: 403,
      cluster: 'alpha',
      missing: { verb: 'list', group: 'networking.istio.io', resource: 'virtualservices' },
    }
    api.server.use(http.get(LIST, () => problemResponse(forbidden)))
    open('history')
    expect(await screen.findByText('virtualservices.networking.istio.io', undefined, SLOW)).toBeTruthy()
    close()
    api.server.use(
      http.get(LIST, () =>
        problemResponse({ type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400, detail: 'so it went' }),
      ),
    )
    open('history')
    expect(await screen.findByText('so it went', undefined, SLOW)).toBeTruthy()
  })
})

describe('an entry of the history', () => {
  it('shows what it changed, field by field', async () => {
    open(`history/${id(3)}?layout=fields`)
    const row = await screen.findByRole('row', { name: /spec.hosts/ }, SLOW)
    expect(row.textContent).toContain('host-2')
    expect(row.textContent).toContain('host-3')
    expect(screen.getByText('more room')).toBeTruthy()
  })

  it('is compared with any other, and with how it is now', async () => {
    api.keep('virtual-services', rule('host-now'))
    open(`history/${id(3)}?layout=fields&against=${id(9)}`)
    expect((await screen.findByRole('row', { name: /spec.hosts/ }, SLOW)).textContent).toContain('host-9')
    close()
    open(`history/${id(3)}?layout=fields&against=now`)
    const row = await screen.findByRole('row', { name: /spec.hosts/ }, SLOW)
    expect(row.textContent).toContain('host-now')
  })

  it('is not offered for restoring to those who may not write', async () => {
    api.state.may = ({ verb }) => verb !== 'update'
    open(`history/${id(3)}?layout=fields`)
    await screen.findByRole('row', { name: /spec.hosts/ }, SLOW)
    expect(screen.queryByRole('button', { name: 'Restore this state' })).toBeNull()
  })
})

describe('restoring', () => {
  it('goes through the review, and gives back the state with the reason beside it', async () => {
    api.keep('virtual-services', rule('host-now', { annotations: { gone: 'with it' } }))
    open(`history/${id(3)}`)
    await user.click(await screen.findByRole('button', { name: 'Restore this state' }, SLOW))
    const apply = await screen.findByRole('button', { name: 'Apply' }, SLOW)
    await expect.poll(() => apply.hasAttribute('disabled'), SLOW).toBe(false)
    await user.type(screen.getByLabelText('Reason (optional)'), 'went wrong')
    await user.click(apply)
    await screen.findByText(/was changed in alpha/, undefined, SLOW)
    const [dry, real] = api.writes
    expect(dry).toMatchObject({ method: 'PUT', dryRun: true })
    expect(real).toMatchObject({ method: 'PUT', dryRun: false, body: { spec: { hosts: ['host-3'] } } })
    expect(real?.body.metadata).toMatchObject({
      labels: { app: 'cart' },
      annotations: { 'meshdeck.io/change-reason': 'went wrong' },
    })
    expect(dry?.body.metadata.annotations).toBeUndefined()
  })

  it('makes again what was deleted', async () => {
    open(`virtual-services/shop/cart/-yaml?cluster=alpha&restore=${id(3)}`)
    const apply = await screen.findByRole('button', { name: 'Apply' }, SLOW)
    await expect.poll(() => apply.hasAttribute('disabled'), SLOW).toBe(false)
    await user.click(apply)
    await screen.findByText(/was created in alpha/, undefined, SLOW)
    expect(api.writes.at(-1)).toMatchObject({ method: 'POST', body: { spec: { hosts: ['host-3'] } } })
  })

  it('does not write an entry over another object', async () => {
    api.keep('virtual-services', { ...rule('x'), metadata: { namespace: 'shop', name: 'other' } })
    open(`virtual-services/shop/other/-yaml?cluster=alpha&restore=${id(3)}`)
    expect(await screen.findByRole('heading', { name: 'There is nothing to restore' }, SLOW)).toBeTruthy()
  })
})

describe('an object', () => {
  it('has its own history on its page', async () => {
    api.keep('virtual-services', rule('host-now'))
    open('virtual-services/shop/cart?cluster=alpha&tab=history')
    const table = await screen.findByRole('table', { name: 'History of cart' }, SLOW)
    expect(within(table).getByRole('link', { name: 'Entry 3' }).getAttribute('href')).toBe(
      `/meshes/shop/history/${id(3)}`,
    )
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({ kind: 'VirtualService', name: 'cart', cluster: 'alpha' })
  })

  it('that Argo CD keeps is marked, and its editor offers the YAML to commit instead', async () => {
    const tracking = { 'argocd.argoproj.io/tracking-id': 'shop-app:networking.istio.io/VirtualService:shop/cart' }
    api.keep('virtual-services', rule('host-now', { annotations: tracking }))
    open('virtual-services')
    expect(await screen.findByText('Argo CD', undefined, SLOW)).toBeTruthy()
    close()
    open('virtual-services/shop/cart/-yaml?cluster=alpha')
    expect(await screen.findByText(/Argo CD shop-app keeps this object/, undefined, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'YAML to commit' }))
    const yaml = screen.getByRole('region', { name: 'YAML to commit' })
    expect(yaml.textContent).toContain('host-now')
    expect(yaml.textContent).not.toContain('resourceVersion')
  })
})
