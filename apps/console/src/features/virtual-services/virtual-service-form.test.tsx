// @vitest-environment jsdom
import type { ResourcePage, ResourceRow } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, configure, render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { Suspense, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { stubResizeObserver } from '../../app/testing/resize-observer.ts'
import { createTranslations } from '../../lib/i18n.ts'
import type { FieldProblem } from '../../resource-kit/forms.ts'
import { VirtualServiceForm } from './virtual-service-form.tsx'

const TEXT = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
spec:
  hosts:
    - web # ours
  http:
    # first come, first served
    - name: canary
      mirror:
        host: cart
      route:
        - destination:
            host: web
            subset: v1
    # whoever is left
    - name: rest
      route:
        - destination:
            host: nowhere
`

const CLUSTER: Record<string, [name: string, spec: unknown][]> = {
  services: [['web', { ports: [{ port: 8080 }] }]],
  'service-entries': [],
  'destination-rules': [['web', { host: 'web', subsets: [{ name: 'v1' }] }]],
  gateways: [['edge', { servers: [{ hosts: ['shop.example'] }] }]],
}
const server = setupServer(
  http.get('*/api/v1/clusters/alpha/resources/:plural', ({ params }) => {
    const items = (CLUSTER[String(params['plural'])] ?? []).map(([name, spec]): ResourceRow => ({
      cluster: 'alpha',
      resource: { apiVersion: 'v1', kind: 'X', metadata: { name, namespace: 'shop' }, spec },
    }))
    const page: ResourcePage = {
      items,
      total: items.length,
      all: items.length,
      page: 1,
      pageSize: 1000,
      failures: [],
      missing: [],
    }
    return HttpResponse.json(page)
  }),
)

const NONE: FieldProblem[] = []

/** The form on a document, as the editor holds it; the text is shown beside. */
function Harness({ problems = NONE, initial = TEXT }: { problems?: FieldProblem[]; initial?: string }) {
  const [text, setText] = useState(initial)
  const value: KubeResource = parseDocument(text).toJS()
  return (
    <>
      <VirtualServiceForm
        value={value}
        scope={{ mesh: 'shop', cluster: 'alpha', mode: 'edit' }}
        problems={problems}
        onEdit={(edit) =>
          setText((current) => {
            const document = parseDocument(current)
            edit(document)
            return document.toString({ lineWidth: 0 })
          })
        }
      />
      <pre data-testid="text">{text}</pre>
    </>
  )
}

async function open(problems: FieldProblem[] = NONE, initial = TEXT) {
  const i18n = await createTranslations('en-US')
  render(
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <Suspense>
          <Harness problems={problems} initial={initial} />
        </Suspense>
      </QueryClientProvider>
    </I18nextProvider>,
  )
  await screen.findByText('HTTP routes')
  return userEvent.setup()
}
const text = () => screen.getByTestId('text').textContent ?? ''
const route = (place: number) => within(screen.getAllByRole('listitem')[place - 1] ?? document.body)

// The first one loads all of antd; a second is too short for that on a busy machine.
configure({ asyncUtilTimeout: 20_000 })

beforeAll(() => {
  stubResizeObserver()
  server.listen({ onUnhandledFrame: 'error' })
})
afterEach(cleanup)
afterAll(() => server.close())

describe('form of a virtual service', { timeout: 30_000 }, () => {
  it('shows what stands beside the destinations of a route', async () => {
    await open()
    expect(screen.getByRole('group', { name: 'Mirror' })).toBeTruthy()
  })

  it('adds a destination, watches the sum, and shares out evenly', async () => {
    const user = await open([{ field: 'spec.http[0].route', message: 'found again', severity: 'warning' }])
    await user.click(route(1).getByRole('button', { name: 'Add destination' }))
    expect(route(1).getByText('Sum 100 of 100')).toBeTruthy()
    const [first] = route(1).getAllByLabelText<HTMLInputElement>('Weight')
    if (!first) throw new Error('no weight')
    await user.clear(first)
    await user.type(first, '90')
    expect(route(1).getByText(/The weights add up to 90, not 100/)).toBeTruthy()
    // The analysis finds the same.
    expect(route(1).queryByText('found again')).toBeNull()
    await user.click(route(1).getByRole('button', { name: 'Distribute evenly' }))
    expect(route(1).getByText('Sum 100 of 100')).toBeTruthy()
    expect(text().match(/weight: \d+/g)).toEqual(['weight: 50', 'weight: 50'])
    await user.click(route(1).getAllByRole('button', { name: 'Remove destination web' })[1] ?? document.body)
    expect(text()).toBe(TEXT)
  })

  it('moves a route by keyboard with its comment and fields; focus goes along', async () => {
    const user = await open()
    route(1).getByRole('button', { name: 'Move route 1 down' }).focus()
    await user.keyboard('{Enter}')
    expect(screen.getAllByLabelText<HTMLInputElement>(/Name of route/).map((field) => field.value)).toEqual([
      'rest',
      'canary',
    ])
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Move route 2 up')
    expect(screen.getByText('canary is now route 2 of 2')).toBeTruthy()
    expect(text()).toMatch(
      /# first come, first served\n {4}# whoever is left\n {4}- name: rest\n[^#]*- name: canary\n {6}mirror:/,
    )
  })

  it('takes a route to where its number is dragged', async () => {
    await open()
    const [, second] = screen.getAllByTitle('Drag to another place')
    const place = screen.getByDisplayValue('canary').closest('li')
    if (second === undefined || place === null) throw new Error('no routes')
    // jsdom has no DataTransfer of its own.
    fireEvent.dragStart(second, { dataTransfer: { effectAllowed: 'none' } })
    expect(fireEvent.dragOver(place)).toBe(false)
    fireEvent.drop(place)
    expect(text()).toMatch(/- name: rest\n[^#]*- name: canary\n/)
  })

  it('says in words what istiod would refuse', async () => {
    const user = await open()
    await user.type(route(1).getByLabelText('Timeout'), '5x')
    expect(route(1).getByText(/“5x” is no duration/)).toBeTruthy()
    await user.clear(route(1).getByLabelText('Timeout'))
    expect(text()).toBe(TEXT)
  })

  it('adds conditions by name, and keeps two entries from becoming one', async () => {
    const user = await open()
    await user.click(route(1).getByRole('button', { name: 'Add match' }))
    for (const name of ['x-a', 'x-b']) {
      await user.click(route(1).getByRole('button', { name: 'Add condition' }))
      await user.click(await screen.findByRole('menuitem', { name: 'Header' }))
      const field = route(1)
        .getAllByLabelText<HTMLInputElement>('Name: Header')
        .find((each) => each.value === '')
      if (!field) throw new Error('no field for the name')
      await user.type(field, `${name}{Enter}`)
    }
    const [, second] = route(1).getAllByLabelText<HTMLInputElement>('Name: Header')
    if (!second) throw new Error('no second header')
    await user.clear(second)
    await user.type(second, 'x-a')
    await user.tab()
    expect(parseDocument(text()).getIn(['spec', 'http', 0, 'match', 0, 'headers'])).toBeDefined()
    expect(Object.keys(parseDocument(text()).toJS().spec.http[0].match[0].headers)).toEqual(['x-a', 'x-b'])
  })

  it.each([
    [
      'http:\n    - route: [{ destination: { host: web, subset: v9 } }]',
      'Subset',
      'No destination rule of web has a subset v9.',
    ],
    ['http:\n    - mirror: { host: web, subset: v9 }', 'Subset', 'No destination rule of web has a subset v9.'],
    ['http:\n    - mirror: { host: web, port: { number: 1 } }', 'Port', 'web has no port 1; it has 8080.'],
    [
      'tls:\n    - route: [{ destination: { host: web, subset: v9 } }]',
      'Subset',
      'No destination rule of web has a subset v9.',
    ],
    [
      'tcp:\n    - route: [{ destination: { host: web, port: { number: 1 } } }]',
      'Port',
      'web has no port 1; it has 8080.',
    ],
  ])('says at the field what a destination names and nobody has: %s', async (routes, label, words) => {
    await open(NONE, `${TEXT.slice(0, TEXT.indexOf('  http:'))}  ${routes}\n`)
    const note = await screen.findByText(words)
    const described = screen
      .getAllByLabelText(label)
      .map((field) => document.getElementById(field.getAttribute('aria-describedby') ?? ''))
    expect(described.some((notes) => notes?.contains(note))).toBe(true)
  })

  it('shows what the server says at the field that it names', async () => {
    await open([{ field: 'spec.http[1].route[0].destination.host', message: 'Required value' }])
    const notes = document.getElementById(route(2).getByLabelText('Host').getAttribute('aria-describedby') ?? '')
    expect(notes?.textContent).toContain('Required value')
  })
})
