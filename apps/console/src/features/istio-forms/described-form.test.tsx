// @vitest-environment jsdom
import { apiVersionOf, kindOf, type KubeResource } from '@meshdeck/kube'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseDocument, type Document } from 'yaml'
import { createTranslations } from '../../lib/i18n.ts'
import { printDocument } from '../../resource-kit/draft.ts'
import type { FieldProblem } from '../../resource-kit/forms.ts'
import { stubResizeObserver } from '../../app/testing/resize-observer.ts'
import { describedForm } from './described-form.tsx'
import { DESCRIPTIONS, type DescribedKind } from './descriptions.ts'

const server = setupServer(
  http.get('*/api/v1/clusters/alpha/resources/:plural', () =>
    HttpResponse.json({ items: [], total: 0, all: 0, page: 1, pageSize: 1000, failures: [], missing: [] }),
  ),
)
// The first one loads all of antd; a second is too short for that on a busy machine.
configure({ asyncUtilTimeout: 20_000 })

beforeAll(() => {
  stubResizeObserver()
  server.listen()
})
afterEach(() => cleanup())
afterAll(() => server.close())

let text = ''
const NO_PROBLEMS: readonly FieldProblem[] = []

function Stage({
  kind,
  initial,
  problems,
}: {
  kind: DescribedKind
  initial: string
  problems: readonly FieldProblem[]
}) {
  const [current, setCurrent] = useState(initial)
  const [Form] = useState(() => describedForm(kind))
  const handleEdit = (edit: (document: Document) => void) => {
    const document = parseDocument(current)
    edit(document)
    text = printDocument(document)
    setCurrent(text)
  }
  // The boundary: the test's own text.
  const value = parseDocument(current).toJS() as KubeResource
  return (
    <Form
      value={value}
      onEdit={handleEdit}
      scope={{ mesh: 'shop', cluster: 'alpha', mode: 'edit' }}
      problems={problems}
    />
  )
}

async function open(kind: DescribedKind, spec: string, problems = NO_PROBLEMS) {
  const head = `apiVersion: ${apiVersionOf(kindOf(kind))}\nkind: ${kindOf(kind).kind}\nmetadata:\n  name: a\n  namespace: shop\n`
  text = head + spec
  const translations = await createTranslations('en-US')
  await translations.loadNamespaces(['forms'])
  render(
    <I18nextProvider i18n={translations}>
      <QueryClientProvider client={new QueryClient()}>
        <Stage kind={kind} initial={text} problems={problems} />
      </QueryClientProvider>
    </I18nextProvider>,
  )
  return { user: userEvent.setup(), head }
}

describe('what a form names and the cluster has not', () => {
  const there: Readonly<Record<string, readonly [namespace: string, name: string, more?: object][]>> = {
    services: [['shop', 'cart']],
    namespaces: [['', 'shop']],
    'service-accounts': [['shop', 'web']],
    secrets: [['istio-system', 'cert', { type: 'kubernetes.io/tls' }]],
    deployments: [
      ['istio-system', 'in', { spec: { template: { metadata: { labels: { istio: 'ingressgateway' } } } } }],
    ],
    'k8s-gateways': [['shop', 'front']],
  }
  const answer = () =>
    server.use(
      http.get('*/api/v1/clusters/alpha/resources/:plural', ({ params }) => {
        const items = (there[String(params['plural'])] ?? []).map(([namespace, name, more = {}]) => ({
          cluster: 'alpha',
          resource: { apiVersion: 'v1', kind: 'X', metadata: { namespace, name }, ...more },
        }))
        return HttpResponse.json({
          items,
          total: items.length,
          all: items.length,
          page: 1,
          pageSize: 1000,
          failures: [],
          missing: [],
        })
      }),
    )
  afterEach(() => server.resetHandlers())

  it.each<[DescribedKind, spec: string, words: string]>([
    ['DestinationRule', 'host: carts\n', 'There is no service or service entry carts here.'],
    [
      'DestinationRule',
      'host: cart\n  trafficPolicy:\n    tls:\n      mode: SIMPLE\n      credentialName: gone\n',
      'There is no Secret gone in this cluster.',
    ],
    ['DestinationRule', 'host: cart\n  exportTo: [bank]\n', 'There is no namespace bank in this cluster.'],
    [
      'Gateway',
      'selector:\n    istio: egressgateway\n  servers: []\n',
      'No gateway’s pods have the label istio=egressgateway here.',
    ],
    [
      'AuthorizationPolicy',
      'rules:\n    - from:\n        - source:\n            principals: [cluster.local/ns/shop/sa/gone]\n',
      'There is no service account for cluster.local/ns/shop/sa/gone in this cluster.',
    ],
    [
      'AuthorizationPolicy',
      'rules:\n    - from:\n        - source:\n            namespaces: [bank]\n',
      'There is no namespace bank in this cluster.',
    ],
    [
      'AuthorizationPolicy',
      'targetRefs:\n    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: back\n',
      'There is no gateway, service, service entry or gateway class back in this cluster.',
    ],
    [
      'HTTPRoute',
      'parentRefs:\n    - name: back\n  rules: []\n',
      'There is no gateway or service back in this cluster.',
    ],
    [
      'HTTPRoute',
      'parentRefs:\n    - name: front\n  rules:\n    - backendRefs:\n        - name: carts\n          port: 80\n',
      'There is no service carts in this cluster.',
    ],
  ])('%s: %s is told in words', async (kind, spec, words) => {
    answer()
    await open(kind, `spec:\n  ${spec}`)
    expect(await screen.findByText(words)).toBeTruthy()
  })
})

describe('a described form', () => {
  it('changes one field of a destination rule and leaves the rest, comments too', async () => {
    const spec = `spec:
  host: web # the shop window
  unheardOf: { a: 1 }
  trafficPolicy:
    # as agreed
    outlierDetection:
      interval: 10s
`
    const { user, head } = await open('DestinationRule', spec)
    const interval = await screen.findByLabelText<HTMLInputElement>('Interval')
    await user.clear(interval)
    await user.type(interval, '30s')
    expect(text).toBe(head + spec.replace('10s', '30s'))
    expect(screen.getByText('Also set in YAML, and kept: unheardOf')).toBeTruthy()
  })

  it('says at a field what does not go together with the others', async () => {
    await open('PeerAuthentication', 'spec:\n  portLevelMtls:\n    80: { mode: STRICT }\n')
    expect(await screen.findByText('Settings of ports need a selector.')).toBeTruthy()
  })

  it('says at the field what istiod would refuse', async () => {
    const { user } = await open('DestinationRule', 'spec:\n  host: web\n')
    await user.click(screen.getByRole('button', { name: 'Set: Traffic policy' }))
    await user.click(screen.getByRole('button', { name: 'Set: Outlier detection' }))
    const interval = screen.getByLabelText('Interval')
    await user.clear(interval)
    await user.type(interval, 'soon')
    expect(screen.getByText('“soon” is no duration. Write it like 500ms, 5s or 1m30s.', { exact: false })).toBeTruthy()
    expect(interval.getAttribute('aria-describedby')).toBeTruthy()
  })

  it('adds, orders and removes parts of an authorization policy, and leaves nothing empty behind', async () => {
    const { user, head } = await open('AuthorizationPolicy', 'spec:\n  action: ALLOW\n')
    await user.click(screen.getByRole('button', { name: 'Add rule' }))
    await user.click(screen.getByRole('button', { name: 'Add operation' }))
    const operations = screen.getByRole('group', { name: 'operation 1' })
    await user.type(within(operations).getByLabelText('Paths'), '/admin*,')
    expect(text).toBe(
      `${head}spec:\n  action: ALLOW\n  rules:\n    - to:\n        - operation:\n            paths:\n              - /admin*\n`,
    )
    await user.click(screen.getByRole('button', { name: 'Remove rule 1' }))
    expect(text).toBe(`${head}spec:\n  action: ALLOW\n`)
  })

  it('keeps settings by port under the port’s number', async () => {
    const { user, head } = await open('PeerAuthentication', 'spec:\n  mtls:\n    mode: STRICT\n')
    await user.click(screen.getByRole('button', { name: 'Add port' }))
    const name = screen.getByLabelText('Name: Mutual TLS of ports')
    await user.type(name, '8080{Enter}')
    await waitFor(() => expect(text).toContain('8080'))
    expect(text).toBe(`${head}spec:\n  mtls:\n    mode: STRICT\n  portLevelMtls:\n    "8080":\n      mode: STRICT\n`)
  })

  it('shows what the server or the analysis says at its field', async () => {
    const message = 'No service is called so.'
    await open('DestinationRule', 'spec:\n  host: web\n', [{ field: 'spec.host', message, severity: 'warning' }])
    expect(await screen.findByText(message, { exact: false })).toBeTruthy()
  })

  it.each(Object.keys(DESCRIPTIONS) as DescribedKind[])(
    '%s shows any content without stumbling, and changes nothing by itself',
    async (kind) => {
      for (const spec of [
        'spec:\n',
        'spec: []\n',
        'spec: text\n',
        'spec:\n  rules: text\n  servers: [1, null]\n  subsets: {a: 1}\n  mtls: 5\n',
      ]) {
        const { unmount } = await openAgain(kind, spec)
        expect(screen.getAllByRole('button').length).toBeGreaterThan(0)
        unmount()
      }
    },
  )
})

async function openAgain(kind: DescribedKind, spec: string) {
  const translations = await createTranslations('en-US')
  await translations.loadNamespaces(['forms'])
  const initial = `metadata:\n  name: a\n${spec}`
  text = initial
  const rendered = render(
    <I18nextProvider i18n={translations}>
      <QueryClientProvider client={new QueryClient()}>
        <Stage kind={kind} initial={initial} problems={NO_PROBLEMS} />
      </QueryClientProvider>
    </I18nextProvider>,
  )
  expect(text).toBe(initial)
  return rendered
}
