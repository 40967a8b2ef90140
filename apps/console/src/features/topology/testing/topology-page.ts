import type { HistoryEntry, HistoryPage, NodeConfiguration, Topology } from '@meshdeck/contract'
import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { createFakeApi } from '../../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../../app/pages/testing/open-console.ts'
import { shopTopology } from '../fixtures.ts'

export const TOPOLOGY = '*/api/v1/meshes/shop/topology'
export const NODE = '*/api/v1/meshes/shop/topology/-node'
export const HISTORY = '*/api/v1/meshes/shop/history'
/** The first page of a run loads all of antd. */
export const SLOW = { timeout: 20_000 }

/** The page of the small shop over an API of its own, for one file of tests. */
export function topologyPage() {
  const api = createFakeApi()
  let close: () => void = () => undefined
  let asked: URLSearchParams[] = []

  const answer = (topology: Topology) =>
    api.server.use(
      http.get(TOPOLOGY, ({ request }) => {
        asked.push(new URL(request.url).searchParams)
        return HttpResponse.json(topology)
      }),
    )
  const changed = (items: HistoryEntry[]) =>
    api.server.use(
      http.get(HISTORY, ({ request }) => {
        const { searchParams } = new URL(request.url)
        const [since, until] = ['since', 'until'].map((name) => Date.parse(searchParams.get(name) ?? ''))
        const found = items.filter(({ at }) => Date.parse(at) >= (since ?? 0) && Date.parse(at) <= (until ?? 0))
        return HttpResponse.json(historyPage(found))
      }),
    )
  const configured = (answer: NodeConfiguration) => api.server.use(http.get(NODE, () => HttpResponse.json(answer)))
  beforeAll(() => api.server.listen())
  beforeEach(() => {
    asked = []
    answer(shopTopology())
    changed([])
    configured({ rules: [], findings: [], failures: [] })
    api.server.use(
      http.get('*/api/v1/meshes/shop/metrics/golden', () =>
        HttpResponse.json({
          from: 0,
          to: 60,
          step: 10,
          requestRate: [],
          errorRate: [],
          latencyP50: [],
          latencyP90: [],
          latencyP99: [],
          failures: [],
        }),
      ),
    )
  })
  afterEach(() => {
    close()
    api.reset()
  })
  afterAll(() => api.server.close())

  const table = () => screen.findByRole('table', { name: 'Call paths of the mesh' }, SLOW)
  return {
    api,
    answer,
    /** What is in force for every node. */
    configured,
    /** What the history holds. */
    changed,
    /** The questions that the page has asked, oldest first. */
    asked: () => asked,
    /** Opens the table; the picture needs a real canvas: e2e looks at it. What it tells is in the table. */
    open: (query = '') => {
      close = openConsole(`/meshes/shop/topology?display=table${query}`)
    },
    close: () => close(),
    table,
    /** The row of the call from web to a node. */
    row: async (name: string) => {
      const found = within(await table())
        .getAllByRole('row')
        .find(
          (each) => within(each).queryAllByRole('button', { name }).length > 0 && each.textContent?.startsWith('web'),
        )
      if (!found) throw new Error(`no row ${name}`)
      return within(found)
    },
    address: () => new URL(window.location.href).searchParams,
  }
}

const historyPage = (items: HistoryEntry[]): HistoryPage => ({
  items,
  total: items.length,
  all: items.length,
  kept: { records: items.length, objects: items.length, bytes: 0 },
  page: 1,
  pageSize: 200,
  authors: [],
  tools: [],
  kinds: [],
  limits: { perObject: 50, total: 10_000, maxBytes: 262_144 },
  failures: [],
})
