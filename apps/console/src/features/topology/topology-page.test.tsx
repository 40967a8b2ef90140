// @vitest-environment jsdom
import type { ClusterFailure, Problem } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http } from 'msw'
import { describe, expect, it } from 'vitest'
import { problemResponse } from '../../app/pages/testing/fake-api.ts'
import { CART, shopTopology } from './fixtures.ts'
import { SLOW, TOPOLOGY, topologyPage } from './testing/topology-page.ts'

const NO_PROMETHEUS: Problem = { type: 'about:blank', code: 'prometheus-not-configured', title: 'None', status: 404 }
const failing = (cluster: string, problem: Problem): ClusterFailure => ({ cluster, problem })
const { api, answer, asked, open, table, row, address } = topologyPage()

describe('topology', { timeout: 60_000 }, () => {
  it('has a table with the very numbers of the answer', async () => {
    open()
    const cells = await row('cart')
    const values = cells
      .getAllByRole('cell')
      .flatMap((cell) => [...cell.querySelectorAll('data')].map((data) => data.value))
    expect(values).toEqual(['8.25', '0.125', '250', '1'])
    expect(cells.getByText('12.5%')).toBeTruthy()
    expect(cells.getByText('Critical')).toBeTruthy()
  })

  it('shows the instant of the numbers, and asks for a pinned one', async () => {
    open('&at=1795489160&window=300&view=service&namespaces=shop')
    await table()
    expect(Object.fromEntries(asked()[0] ?? [])).toMatchObject({
      at: '1795489160',
      window: '300',
      view: 'service',
      namespaces: 'shop',
    })
    const button = screen.getByRole('button', { name: /Instant of the numbers/ })
    expect(button.querySelector('time')?.dateTime).toBe('2026-11-24T02:59:20.000Z')
    expect(within(button).getByText('pinned')).toBeTruthy()
  })

  it('sorts by keyboard, and keeps the order in the address', async () => {
    open()
    const header = within(await table()).getByRole('columnheader', { name: /p95/ })
    expect(header.tabIndex).toBe(0)
    fireEvent.keyDown(header, { key: 'Enter', keyCode: 13 })
    await waitFor(() => expect(address().get('sort')).toBe('-latency'))
    await waitFor(() => expect(header.getAttribute('aria-sort')).toBe('descending'))
  })

  it('opens a panel with focus, and gives it back on Escape', async () => {
    const user = userEvent.setup()
    open()
    const name = (await row('cart')).getByRole('button', { name: 'cart' })
    await user.click(name)
    const panel = await screen.findByRole('complementary', { name: 'cart' })
    expect(address().get('selected')).toBe(CART)
    await waitFor(() => expect(document.activeElement).toBe(within(panel).getByRole('heading', { name: 'cart' })))
    expect(within(panel).getByText('12.5% errors, above 5% and p95 250 ms, above 200 ms')).toBeTruthy()
    expect(within(panel).getByRole('link', { name: 'Destination rules' }).getAttribute('href')).toBe(
      '/meshes/shop/destination-rules?namespaces=shop',
    )
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'cart' })).toBeNull())
    expect(document.activeElement).toBe(name)
  })

  it('does not take the focus for a panel that a link opens, and says when it is not there', async () => {
    open('&selected=workload:alpha/shop/gone')
    const panel = await screen.findByRole('complementary', { name: 'Not in this graph' }, SLOW)
    expect(panel.contains(document.activeElement)).toBe(false)
  })

  it('finds by name, with the same rows in the table', async () => {
    open('&find=mysql')
    expect(within(await table()).getAllByRole('row')).toHaveLength(2)
    expect(screen.getByText('Found 1 node, 1 call path')).toBeTruthy()
  })

  it('says how to get traffic when there is none', async () => {
    const user = userEvent.setup()
    answer(shopTopology({ nodes: [], edges: [] }))
    open()
    expect(await screen.findByRole('heading', { name: 'No traffic in the last 1 minute' }, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Look at the last 1 hour' }))
    await waitFor(() => expect(asked().at(-1)?.get('window')).toBe('3600'))
  })

  it('says that metrics are missing, not that there is no traffic, without Prometheus', async () => {
    answer(shopTopology({ nodes: [], edges: [], failures: [failing('alpha', NO_PROMETHEUS)] }))
    open()
    expect(await screen.findByRole('heading', { name: 'There are no metrics to draw from' }, SLOW)).toBeTruthy()
    expect(screen.getByText(/its traffic is not shown. No Prometheus is set for this cluster/)).toBeTruthy()
  })

  it('names a lost cluster and shows the rest', async () => {
    answer(
      shopTopology({
        failures: [failing('beta', { type: 'about:blank', code: 'cluster-unreachable', title: 'Lost', status: 502 })],
      }),
    )
    open()
    expect(await row('cart')).toBeTruthy()
    expect(await screen.findByText('beta')).toBeTruthy()
  })

  it('says what failed', async () => {
    api.server.use(
      http.get(TOPOLOGY, () =>
        problemResponse({
          type: 'about:blank',
          code: 'bad-request',
          title: 'Bad',
          status: 400,
          detail: 'window too long',
        }),
      ),
    )
    open()
    expect((await screen.findByRole('alert', undefined, SLOW)).textContent).toContain('window too long')
  })

  it('names the right that is missing', async () => {
    const missing = { verb: 'get', group: 'meshdeck.io', resource: 'meshes' }
    api.server.use(
      http.get(TOPOLOGY, () =>
        problemResponse({ type: 'about:blank', code: 'forbidden', title: 'No', status: 403, missing }),
      ),
    )
    open()
    expect(within(await screen.findByRole('alert', undefined, SLOW)).getByText('meshes.meshdeck.io')).toBeTruthy()
  })
})
