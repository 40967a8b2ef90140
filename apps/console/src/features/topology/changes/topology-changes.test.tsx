// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { problemResponse } from '../../../app/pages/testing/fake-api.ts'
import { BANK, CART, edge, shopTopology, WEB } from '../fixtures.ts'
import { HISTORY, SLOW, TOPOLOGY, topologyPage } from '../testing/topology-page.ts'
import { historyEntry } from './testing/history-entry.ts'

const AT = 1_795_489_200
const minutesBefore = (minutes: number): Date => new Date((AT - minutes * 60) * 1000)
const { api, changed, open, table, address } = topologyPage()
const past = (query = ''): void => open(`&at=${AT}${query}`)
const cartRule = { reach: [{ hosts: ['cart.shop.svc.cluster.local'] }] }

describe('configuration changes on the time line', { timeout: 60_000 }, () => {
  it('are points with words that lead to their moment, and are told of from there on', async () => {
    const user = userEvent.setup()
    const entry = historyEntry({ at: minutesBefore(10) })
    changed([entry])
    past()
    const words = /VirtualService shop\/cart changed by kubectl-edit/
    const mark = within(await screen.findByRole('list', { name: 'Configuration changes' }, SLOW)).getByRole('button', {
      name: words,
    })
    const told = screen.getByRole('status', { name: 'Configuration changes shortly before' })
    expect(told.textContent).toBe('')
    mark.focus()
    await user.keyboard('{Enter}')
    await waitFor(() => expect(address().get('at')).toBe(String(AT - 600)))
    await waitFor(() => expect(told.textContent).toMatch(words))
    expect(within(told).getByRole('link', { name: words }).getAttribute('href')).toBe(
      `/meshes/shop/history/${entry.id}`,
    )
  })

  it('are one point where they lie close', async () => {
    changed([1, 2, 3].map((more) => historyEntry({ at: minutesBefore(10 + more / 3) })))
    past()
    expect(await screen.findByRole('button', { name: /^3 configuration changes, / }, SLOW)).toBeTruthy()
  })

  it('are missing in words when they cannot be asked for', async () => {
    const missing = { verb: 'list', group: 'networking.istio.io', resource: 'virtualservices' }
    api.server.use(
      http.get(HISTORY, () =>
        problemResponse({ type: 'about:blank', code: 'forbidden', title: 'No', status: 403, missing }),
      ),
    )
    past()
    expect(await screen.findByText(/Configuration changes cannot be shown/, undefined, SLOW)).toBeTruthy()
    expect(await table()).toBeTruthy()
  })
})

describe('a comparison', { timeout: 60_000 }, () => {
  it('names what was changed in between, first what concerns calls that differ', async () => {
    const user = userEvent.setup()
    changed([
      historyEntry({ at: minutesBefore(1), name: 'other', reach: [{ hosts: ['other.shop.svc.cluster.local'] }] }),
      historyEntry({ at: minutesBefore(3), ...cartRule }),
    ])
    api.server.use(
      http.get(TOPOLOGY, ({ request }) => {
        const at = Number(new URL(request.url).searchParams.get('at'))
        const bad = at === AT
        const edges = [
          edge(WEB, CART, { errorRate: bad ? 0.5 : 0, health: bad ? 'critical' : 'healthy' }),
          edge(CART, BANK),
        ]
        return HttpResponse.json(shopTopology({ at, edges }))
      }),
    )
    past('&compare=300')
    const part = await screen.findByRole('region', { name: 'Configuration changes in between' }, SLOW)
    const [first, second] = within(part).getAllByRole('listitem')
    expect(first?.textContent).toContain('shop/cart changed by kubectl-edit')
    expect(first?.textContent).toContain('may concern web → cart')
    expect(second?.textContent).toContain('shop/other')
    expect(second?.textContent).not.toContain('may concern')
    await user.click(within(part).getByRole('button', { name: 'web → cart' }))
    await waitFor(() => expect(address().get('selected')).toBe(`${WEB}->${CART}:http`))
  })

  it('says that nothing was changed', async () => {
    past('&compare=300')
    expect(await screen.findByText('No configuration was changed in between.', undefined, SLOW)).toBeTruthy()
  })
})
