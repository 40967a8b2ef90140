// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { http } from 'msw'
import { describe, expect, it } from 'vitest'
import { problemResponse } from '../../app/pages/testing/fake-api.ts'
import { CART, edge, node, shopTopology, WEB } from './fixtures.ts'
import { NODE, SLOW, topologyPage } from './testing/topology-page.ts'

const { api, answer, configured, open } = topologyPage()
const HOST = 'cart.shop.svc.cluster.local'
const shop = () => shopTopology({ nodes: [node(WEB), node(CART)], edges: [edge(WEB, CART, { host: HOST })] })
const part = () => screen.findByRole('region', { name: 'In force for it' }, SLOW)

describe('the configuration in the panel of a node', { timeout: 60_000 }, () => {
  it('are the rules in force, what is wrong with them, and forms that begin with its service', async () => {
    answer(shop())
    configured({
      rules: [{ cluster: 'alpha', kind: 'VirtualService', namespace: 'shop', name: 'cart' }],
      findings: [
        {
          code: 'IST0101',
          level: 'error',
          cluster: 'alpha',
          kind: 'VirtualService',
          namespace: 'shop',
          name: 'cart',
          path: 'spec.http[0].route',
          values: { what: 'host', name: 'cart' },
        },
      ],
      failures: [],
    })
    open(`&selected=${CART}`)
    const link = await within(await part()).findByRole('link', { name: 'shop/cart' })
    expect(link.getAttribute('href')).toBe('/meshes/shop/virtual-services/shop/cart?cluster=alpha')
    expect(within(await part()).getByText('spec.http[0].route')).toBeTruthy()
    const forms = await screen.findByRole('region', { name: 'Change how cart is called' })
    const [first] = within(forms).getAllByRole('link')
    expect(first?.getAttribute('href')).toBe('/meshes/shop/-wizards/split?service=shop%2Fcart&cluster=alpha')
  })

  it('leads to the proxies of its pods, where it has any', async () => {
    answer(
      shopTopology({ nodes: [node(WEB, { injected: true }), node(CART)], edges: [edge(WEB, CART, { host: HOST })] }),
    )
    open(`&selected=${WEB}`)
    const link = await screen.findByRole('link', { name: 'Its proxies' }, SLOW)
    expect(link.getAttribute('href')).toBe('/meshes/shop/proxies?search=web&namespaces=shop&clusters=alpha')
  })

  it('is nothing in words', async () => {
    answer(shop())
    open(`&selected=${CART}`)
    expect(await within(await part()).findByText('No rule names it or selects it.')).toBeTruthy()
  })

  it('says what failed, and the rest of the panel stays', async () => {
    answer(shop())
    api.server.use(
      http.get(NODE, () => problemResponse({ type: 'about:blank', code: 'bad-request', title: 'Bad', status: 400 })),
    )
    open(`&selected=${CART}`)
    expect(await within(await part()).findByRole('alert')).toBeTruthy()
    expect(screen.getByRole('table', { name: 'Call paths of the mesh' })).toBeTruthy()
  })

  it('names the right that is missing', async () => {
    answer(shop())
    const missing = { verb: 'get', group: 'meshdeck.io', resource: 'meshes' }
    api.server.use(
      http.get(NODE, () =>
        problemResponse({ type: 'about:blank', code: 'forbidden', title: 'No', status: 403, missing }),
      ),
    )
    open(`&selected=${CART}`)
    expect(await within(await part()).findByText('meshes.meshdeck.io')).toBeTruthy()
  })
})
