// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { problemResponse } from '../../app/pages/testing/fake-api.ts'
import { CART, shopTopology } from './fixtures.ts'
import { SLOW, TOPOLOGY, topologyPage } from './testing/topology-page.ts'

const { api, answer, asked, open, close, table, row, address } = topologyPage()

describe('how a topology is looked at', { timeout: 60_000 }, () => {
  it('finds by an expression, and says where it does not understand one', async () => {
    open('&find=error+%3E+10%25')
    expect(within(await table()).getAllByRole('row')).toHaveLength(2)
    close()
    open('&find=rps+%3E+many&rows=edges')
    expect(within(await table()).getAllByRole('row')).toHaveLength(4)
    const field = screen.getByRole('searchbox', { name: /^Find/ })
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByRole('alert').textContent).toContain('“many” is not a number. At character 7')
  })

  it('hides by an expression, and says so when nothing is left', async () => {
    const user = userEvent.setup()
    open('&hide=tcp')
    expect(within(await table()).getAllByRole('row')).toHaveLength(3)
    close()
    open('&hide=ns+~+a+or+ns+~+o')
    expect(await screen.findByRole('heading', { name: 'Nothing is left to show' }, SLOW)).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Show all' }))
    expect(within(await table()).getAllByRole('row')).toHaveLength(4)
  })

  it('takes an example of the help into the field', async () => {
    const user = userEvent.setup()
    open()
    await table()
    await user.click(screen.getByRole('button', { name: 'How to find and hide' }))
    await user.click(await screen.findByRole('button', { name: 'not mtls' }))
    await waitFor(() => expect(address().get('find')).toBe('not mtls'))
  })

  it('shows what is around a node, and a namespace as one node, from its panel', async () => {
    const user = userEvent.setup()
    open(`&selected=${encodeURIComponent(CART)}`)
    const panel = await screen.findByRole('complementary', { name: 'cart' }, SLOW)
    await user.click(within(panel).getByRole('button', { name: 'Show what is around it' }))
    const part = await screen.findByRole('group', { name: 'Part of the graph' })
    expect(part.textContent).toContain('Around cart:')
    expect(address().get('focus')).toBe(CART)
    await user.click(within(part).getByRole('button', { name: /Show all/ }))
    await user.click(within(panel).getByRole('button', { name: 'Show shop as one node' }))
    await waitFor(() => expect(address().get('collapsed')).toBe('namespace:alpha/shop'))
    expect(within(await table()).getAllByRole('button', { name: 'shop' }).length).toBeGreaterThan(1)
    await user.click(screen.getByRole('button', { name: 'Expand 1 group' }))
    await waitFor(() => expect(address().get('collapsed')).toBeNull())
  })

  it('names what differs from an earlier moment, in the table as well', async () => {
    const user = userEvent.setup()
    const present = shopTopology()
    const healthy = present.edges.map((each) => (each.target === CART ? { ...each, errorRate: 0 } : each))
    api.server.use(
      http.get(TOPOLOGY, ({ request }) => {
        const at = new URL(request.url).searchParams.get('at')
        return HttpResponse.json(at === null ? present : { ...present, at: Number(at), edges: healthy })
      }),
    )
    open('&compare=900')
    const summary = await screen.findByRole('region', { name: 'Compared with an earlier moment' }, SLOW)
    expect(within(summary).getByRole('button', { name: 'web → cart' })).toBeTruthy()
    expect(summary.textContent).toContain('more errors: 0% → 12.5%')
    expect((await row('cart')).getByText('more errors: 0% → 12.5%')).toBeTruthy()
    await user.click(within(summary).getByRole('button', { name: '1 × more errors' }))
    await waitFor(() => expect(address().get('find')).toBe('change = more-errors'))
    expect(within(await table()).getAllByRole('row')).toHaveLength(2)
  })

  it('shows the present alone, and says why, when the earlier moment cannot be asked for', async () => {
    api.server.use(
      http.get(TOPOLOGY, ({ request }) =>
        new URL(request.url).searchParams.has('at')
          ? problemResponse({ type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400, detail: 'too old' })
          : HttpResponse.json(shopTopology()),
      ),
    )
    open('&compare=900')
    expect(await screen.findByText(/The earlier moment could not be asked for/, undefined, SLOW)).toBeTruthy()
    expect(await row('cart')).toBeTruthy()
  })

  it('steps through past moments by keyboard, and goes back to the present', async () => {
    const user = userEvent.setup()
    open('&at=1795489140')
    await table()
    const slider = screen.getByRole('slider', { name: 'Moment that is shown' })
    expect(slider.getAttribute('aria-valuenow')).toBe('1795489140')
    fireEvent.keyDown(slider, { key: 'ArrowLeft', keyCode: 37 })
    await waitFor(() => expect(asked().at(-1)?.get('at')).toBe('1795489080'))
    await user.click(screen.getByRole('button', { name: 'One step forward' }))
    await waitFor(() => expect(asked().at(-1)?.get('at')).toBe('1795489140'))
    await user.click(
      within(screen.getByRole('group', { name: 'Time line' })).getByRole('button', { name: 'Follow the present' }),
    )
    await waitFor(() => expect(address().get('at')).toBeNull())
  })

  it('replays from the beginning of the line, moment by moment, until told to pause', async () => {
    const user = userEvent.setup()
    open('&span=3600')
    await table()
    await user.click(screen.getByRole('button', { name: 'Replay' }))
    // One and the same moment may be asked for again, when something has changed meanwhile.
    const moments = () => [...new Set(asked().flatMap((each) => (each.has('at') ? [Number(each.get('at'))] : [])))]
    await waitFor(() => expect(moments().length).toBeGreaterThan(1), { timeout: 10_000 })
    const [first = 0, second] = moments()
    expect(second).toBe(first + 60)
    await user.click(screen.getByRole('button', { name: 'Pause' }))
    expect(screen.getByRole('button', { name: 'Replay' })).toBeTruthy()
  })

  it('does not offer a replay to those who asked for less motion', async () => {
    open()
    const media = window.matchMedia
    window.matchMedia = (query) => ({ ...media(query), matches: query.includes('reduced-motion') })
    await table()
    expect(screen.queryByRole('button', { name: 'Replay' })).toBeNull()
    expect(screen.getByRole('button', { name: 'One step back' })).toBeTruthy()
  })

  it('keeps a view under a name, without its moment, and shows it again', async () => {
    const user = userEvent.setup()
    open('&view=service&hide=tcp&at=1795489140')
    await table()
    await user.click(screen.getByRole('button', { name: 'Saved views' }))
    await user.type(await screen.findByRole('textbox', { name: 'Name of this view' }), 'No TCP{Enter}')
    close()
    open()
    await table()
    await user.click(screen.getByRole('button', { name: 'Saved views' }))
    await user.click(await screen.findByRole('button', { name: 'No TCP' }))
    await waitFor(() => expect(address().get('hide')).toBe('tcp'))
    expect([address().get('view'), address().get('at')]).toEqual(['service', null])
    await user.click(screen.getByRole('button', { name: 'Remove No TCP' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'No TCP' })).toBeNull())
  })

  it('asks for another latency, and for the numbers of the callee', async () => {
    open('&latency=p99&reporter=destination')
    await table()
    expect([asked()[0]?.get('latency'), asked()[0]?.get('reporter')]).toEqual(['p99', 'destination'])
    close()
    answer({ ...shopTopology(), latency: 'none' })
    open('&latency=none&find=latency+%3E+1s')
    expect(within(await table()).queryByRole('columnheader', { name: /latency|p95/ })).toBeNull()
    expect(screen.getByText(/Latency is not asked for/)).toBeTruthy()
  })

  it('fills the window where the browser has no full screen, and ends with Escape', async () => {
    const user = userEvent.setup()
    open()
    await table()
    const button = screen.getByRole('button', { name: 'Fill the screen' })
    await user.click(button)
    expect(button.getAttribute('aria-pressed')).toBe('true')
    await user.keyboard('{Escape}')
    expect(button.getAttribute('aria-pressed')).toBe('false')
  })
})
