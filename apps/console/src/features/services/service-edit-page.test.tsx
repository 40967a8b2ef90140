// @vitest-environment jsdom
import type { FindingPage, ServiceDetail } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const web = (namespace: string): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace, labels: { app: 'web' } },
  spec: {
    selector: { app: 'web' },
    ports: [
      { port: 80, name: 'http', unheardOf: true },
      { port: 81, name: 'admin' },
    ],
  },
})
const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'web',
    clusters: ['alpha', 'beta'],
    type: 'ClusterIP',
    status: 'running',
    reasons: [],
    pods: 0,
    readyPods: 0,
    injectedPods: 0,
    versions: [],
    ports: [],
    labels: {},
  },
  addresses: [
    { cluster: 'alpha', host: 'web.shop.svc.cluster.local', type: 'ClusterIP', ips: [], selector: { app: 'web' } },
  ],
  workloads: [],
  pods: [],
  rules: [],
  failures: [],
}
const findings = (items: FindingPage['items']): FindingPage => ({
  items,
  total: items.length,
  all: items.length,
  page: 1,
  pageSize: 50,
  counts: { error: 0, warning: 0, info: items.length },
  codes: [],
  hidden: [],
  failures: [],
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => api.server.use(http.get('*/api/v1/meshes/shop/services/shop/web', () => HttpResponse.json(detail))))
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = (path: string): void => {
  close = openConsole(`/meshes/shop/${path}`)
}
const specOf = (body: KubeResource | undefined): unknown => body?.spec

describe('editing a service', { timeout: 60_000 }, () => {
  it('changes labels and protocols, and keeps the rest', async () => {
    api.keep('services', web('shop'))
    open('services/shop/web/-edit?cluster=alpha')
    await user.click(await screen.findByRole('combobox', { name: 'Port 81 · admin' }, SLOW))
    await user.click(await screen.findByTitle('grpc'))
    expect(screen.getByText('The service also stands in beta', { exact: false })).toBeTruthy()
    expect(screen.getByText('As its name says: http')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Review' }))
    await within(await screen.findByRole('region', { name: 'Checks' })).findByText(/accept it \(dry run\)/)
    await user.click(screen.getByRole('button', { name: 'Apply' }))
    await screen.findByText(/was changed in alpha/)
    expect(specOf(api.writes.at(-1)?.body)).toEqual({
      selector: { app: 'web' },
      ports: [
        { port: 80, name: 'http', unheardOf: true },
        { port: 81, name: 'admin', appProtocol: 'grpc' },
      ],
    })
  })

  it('names the right that is missing', async () => {
    api.keep('services', web('shop'))
    api.state.may = ({ verb }) => verb !== 'update'
    open('services/shop/web/-edit?cluster=alpha')
    expect(await screen.findByText('You lack the right to do this', undefined, SLOW)).toBeTruthy()
    expect(screen.queryByRole('combobox', { name: /Port/ })).toBeNull()
  })

  it('opens a repair in review; nothing is written before it is applied', async () => {
    api.keep('services', web('shop'))
    open('services/shop/web/-edit?cluster=alpha&repair=protocol&protocol=http2')
    await within(await screen.findByRole('region', { name: 'Checks' }, SLOW)).findByText(/accept it \(dry run\)/)
    expect(api.writes.every(({ dryRun }) => dryRun)).toBe(true)
    await user.click(screen.getByRole('button', { name: 'Apply' }))
    await screen.findByText(/was changed in alpha/)
    expect(specOf(api.writes.at(-1)?.body)).toMatchObject({ ports: [{ name: 'http' }, { appProtocol: 'http2' }] })
  })

  it('proposes no repair in a namespace of the system before its reader insists', async () => {
    api.keep('services', web('kube-system'))
    open('services/kube-system/web/-edit?cluster=alpha&repair=protocol&protocol=http2')
    await screen.findByText('kube-system is a namespace of the system', undefined, SLOW)
    expect(api.writes).toEqual([])
    await user.click(screen.getByRole('button', { name: 'Propose the repair all the same' }))
    await screen.findByRole('region', { name: 'Checks' }, SLOW)
  })

  it('says so when the address names no repair, and when there is nothing to be like', async () => {
    api.keep('services', web('shop'))
    open('services/shop/web/-edit?cluster=alpha&repair=magic')
    await screen.findByText('The address names no repair that there is; nothing is proposed.', undefined, SLOW)
    await screen.findByRole('combobox', { name: 'Port 81 · admin' }, SLOW)
    close()
    api.server.use(
      http.get('*/api/v1/clusters/beta/resources/services/shop/web', () =>
        HttpResponse.json({ type: 'about:blank', code: 'not-found', title: 'Not found', status: 404 }, { status: 404 }),
      ),
    )
    open('services/shop/web/-edit?cluster=alpha&repair=alike&like=beta')
    await screen.findByText(/There is no such service in beta/, undefined, SLOW)
  })
})

describe('diagnosis of a service', { timeout: 60_000 }, () => {
  it('leads to the repair with the protocol that was chosen', async () => {
    api.server.use(
      http.get('*/api/v1/meshes/shop/findings', ({ request }) =>
        HttpResponse.json(
          findings(
            new URL(request.url).searchParams.get('kind') === 'Namespace'
              ? []
              : [
                  {
                    code: 'IST0118',
                    level: 'info',
                    cluster: 'alpha',
                    kind: 'Service',
                    namespace: 'shop',
                    name: 'web',
                    path: 'spec.ports[1].name',
                    values: { port: '81', name: 'admin' },
                  },
                ],
          ),
        ),
      ),
    )
    open('services/shop/web/diagnosis')
    await user.click(await screen.findByRole('combobox', { name: 'Protocol of the ports of web' }, SLOW))
    await user.click(await screen.findByTitle('grpc'))
    expect(screen.getByRole('link', { name: 'Declare it' }).getAttribute('href')).toBe(
      '/meshes/shop/services/shop/web/-edit?cluster=alpha&repair=protocol&protocol=grpc',
    )
  })

  it('offers no repair to those who may not change the service', async () => {
    api.state.may = ({ verb }) => verb !== 'update'
    open('services/shop/web/addresses')
    await screen.findByRole('region', { name: 'In alpha' }, SLOW)
    expect(screen.queryByRole('link', { name: 'Edit web in alpha' })).toBeNull()
  })
})
