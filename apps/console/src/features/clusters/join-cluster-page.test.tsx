// @vitest-environment jsdom
import type { AccountPlan, ConnectionTest, JoinCluster, PlanAccount } from '@meshdeck/contract'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi, problemResponse } from '../../app/pages/testing/fake-api.ts'
import { openConsole } from '../../app/pages/testing/open-console.ts'
import { BROKEN, clusterView } from './fixtures.ts'

const SLOW = { timeout: 20_000 }
const SECRET = 'apiVersion: v1\nkind: Config\nusers: [{name: x, user: {token: very-secret}}]\n'
const PLAN: AccountPlan = {
  ok: true,
  objects: [{ kind: 'ClusterRole', name: 'meshdeck', result: 'created' }],
  yaml: 'kind: ClusterRole\n',
  commands: 'kubectl apply --server-side -f meshdeck-account.yaml',
}
const api = createFakeApi()
let close: () => void = () => undefined
let tested: JoinCluster[] = []
let joined: JoinCluster[] = []
let answer: ConnectionTest

type Step = ConnectionTest['steps'][number]
const failed = (step: Step['step'], code: string, message: string): ConnectionTest => ({
  ok: false,
  contexts: ['one'],
  istio: [],
  steps: [{ step, result: 'failed', code, message }],
})

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  tested = []
  joined = []
  answer = {
    ok: true,
    contexts: ['one'],
    server: 'https://10.1.2.3:6443',
    version: 'v1.36.3',
    istio: [{ revision: 'default', version: '1.30.3', namespace: 'istio-system' }],
    steps: [
      { step: 'kubeconfig', result: 'ok', message: 'Context one' },
      { step: 'connect', result: 'ok', message: 'Kubernetes v1.36.3' },
      { step: 'permissions', result: 'warning', message: 'The credential may not: list pods' },
      { step: 'istio', result: 'ok', message: '1.30.3' },
      { step: 'prometheus', result: 'skipped', message: '' },
    ],
  }
  api.server.use(
    http.get('*/api/v1/clusters', () => HttpResponse.json({ items: [clusterView({ name: 'taken' })], failures: [] })),
    http.get('*/api/v1/clusters/fresh', () => HttpResponse.json(clusterView({ name: 'fresh' }))),
    http.post<never, JoinCluster>('*/api/v1/clusters/-test', async ({ request }) => {
      tested.push(await request.json())
      return HttpResponse.json(answer)
    }),
    http.post<never, JoinCluster>('*/api/v1/clusters/-join', async ({ request }) => {
      joined.push(await request.json())
      return HttpResponse.json(clusterView({ name: 'fresh' }), { status: 201 })
    }),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

const open = async () => {
  close = openConsole('/clusters/-join')
  return screen.findByLabelText('Kubeconfig', { selector: 'textarea' }, SLOW)
}
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const test = () => userEvent.click(screen.getByRole('button', { name: /Test$/ }))
const result = () => screen.findByRole('status', { name: 'Test result' })
const joinButton = () => screen.getByRole('button', { name: /^Join/ })
/** The words that stand at a field. */
const wordsAt = (field: HTMLElement) =>
  document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent ?? ''

describe('joining a cluster', { timeout: 40_000 }, () => {
  it('tests each point first, then joins with what was tested', async () => {
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    fill('Display name', '  Fresh one ')
    fill('Prometheus address', 'http://prom.example:9090')
    expect(joinButton().hasAttribute('disabled')).toBe(true)
    await test()
    const points = within(await result())
      .getAllByRole('listitem')
      .map((point) => point.textContent)
    expect(points).toEqual([
      'Kubeconfig passedContext one',
      'Connection passedKubernetes v1.36.3 answers at https://10.1.2.3:6443',
      'Rights passed with a remarkSome rights are missing. The cluster can be joined, but not all of it will be seen.The credential may not: list pods',
      'Istio passed1.30.3 in namespace istio-system, revision default',
      'Prometheus left out',
    ])
    await userEvent.click(joinButton())
    await waitFor(() => expect(window.location.pathname).toBe('/clusters/fresh'))
    const sent = {
      name: 'fresh',
      kubeconfig: SECRET,
      displayName: 'Fresh one',
      prometheusUrl: 'http://prom.example:9090',
    }
    expect(tested).toEqual([sent])
    expect(joined).toEqual([sent])
  })

  it('keeps the credential out of the address and of what the browser stores', async () => {
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    await result()
    const kept = [window.location.href, ...Object.values(localStorage), ...Object.values(sessionStorage)].join('\n')
    expect(kept).not.toContain('very-secret')
  })

  it('asks for another test after a change', async () => {
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    await result()
    expect(joinButton().hasAttribute('disabled')).toBe(false)
    fill('Kubeconfig', `${SECRET}# changed`)
    expect(joinButton().hasAttribute('disabled')).toBe(true)
    expect(screen.queryByRole('status', { name: 'Test result' })).toBeNull()
  })

  it('says at the fields what is wrong, and asks the server nothing', async () => {
    const kubeconfig = await open()
    fill('Name', 'taken')
    fill('Prometheus address', 'prom:9090')
    await test()
    expect(wordsAt(kubeconfig)).toContain('Bring a kubeconfig.')
    // Known once the list of clusters has come.
    await waitFor(() =>
      expect(wordsAt(screen.getByLabelText('Name'))).toContain('There is a cluster of this name already.'),
    )
    expect(wordsAt(screen.getByLabelText('Prometheus address'))).toContain('begins with http:// or https://')
    fill('Name', '../etc')
    expect(wordsAt(screen.getByLabelText('Name'))).toContain('Only lower-case letters')
    expect(tested).toEqual([])
  })

  it.each([
    ['exec-not-allowed', /It runs a program.*with a token or a client certificate inside/],
    ['file-path-not-allowed', /kubectl config view --flatten --minify/],
    ['context-missing', /no such context/],
    ['client-certificate-expired', /The client certificate has expired. Bring/],
    ['server-address-denied', /metadata service/],
    ['not-yaml', /no YAML/],
  ])('shows %s at the kubeconfig with the cure', async (code, words) => {
    answer = failed('kubeconfig', code, 'users[0].user: the place')
    const kubeconfig = await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    expect((await result()).textContent).toContain('users[0].user: the place')
    expect(wordsAt(kubeconfig)).toMatch(words)
    expect(kubeconfig.getAttribute('aria-invalid')).toBe('true')
    expect(joinButton().hasAttribute('disabled')).toBe(true)
  })

  it('asks for the context when there are several, and tests with it', async () => {
    answer = { ...failed('kubeconfig', 'context-ambiguous', 'several'), contexts: ['one', 'two'] }
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    await result()
    expect(wordsAt(screen.getByRole('combobox'))).toContain('It has several contexts: choose one.')
    fireEvent.mouseDown(screen.getByRole('combobox'))
    await userEvent.click(await screen.findByTitle('two'))
    await test()
    await waitFor(() => expect(tested.map(({ context }) => context)).toEqual([undefined, 'two']))
  })

  it('lets a cluster be joined that does not answer now, and says why it does not', async () => {
    answer = failed('connect', 'refused', 'connect ECONNREFUSED 10.1.2.3:6443')
    answer.steps.unshift({ step: 'kubeconfig', result: 'ok', message: 'Context one' })
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    expect((await result()).textContent).toContain('Nobody listens at this address')
    expect((await result()).textContent).toContain('ECONNREFUSED 10.1.2.3:6443')
    expect(screen.getByRole('button', { name: 'Join all the same' }).hasAttribute('disabled')).toBe(false)
  })

  it('reads a file, and says when one is too large', async () => {
    const kubeconfig = await open()
    const [file] = [screen.getByLabelText('Choose a file', { selector: 'input' })]
    await userEvent.upload(file, new File([SECRET], 'config'))
    await waitFor(() => expect(kubeconfig).toHaveProperty('value', SECRET))
    fireEvent.drop(kubeconfig, {
      dataTransfer: { files: [new File(['x'.repeat(1_048_577)], 'big')], types: ['Files'] },
    })
    await waitFor(() => expect(wordsAt(kubeconfig)).toContain('larger than 1 MiB'))
    expect(kubeconfig).toHaveProperty('value', SECRET)
    fireEvent.drop(kubeconfig, { dataTransfer: { files: [new File(['dropped'], 'config')], types: ['Files'] } })
    await waitFor(() => expect(kubeconfig).toHaveProperty('value', 'dropped'))
    expect(wordsAt(kubeconfig)).not.toContain('1 MiB')
  })

  it('says what the server refuses, and stays with what was typed', async () => {
    api.server.use(
      http.post('*/api/v1/clusters/-join', () =>
        problemResponse({ ...BROKEN, code: 'already-exists', status: 409, detail: 'clusters "fresh" already exists' }),
      ),
    )
    const kubeconfig = await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    await result()
    await userEvent.click(joinButton())
    expect(await screen.findByText(/clusters "fresh" already exists/)).toBeTruthy()
    expect(kubeconfig).toHaveProperty('value', SECRET)
  })

  it('names the right that is missing', async () => {
    api.state.may = ({ verb }) => verb === 'get' || verb === 'list'
    close = openConsole('/clusters/-join')
    expect(await screen.findByText('create', { selector: 'code' }, SLOW)).toBeTruthy()
    expect(screen.queryByLabelText('Kubeconfig')).toBeNull()
  })

  it('offers an account of limited rights, shows what is made, and joins with it', async () => {
    const asked: PlanAccount[] = []
    api.server.use(
      http.post<never, PlanAccount>('*/api/v1/clusters/-account', async ({ request }) => {
        asked.push(await request.json())
        return HttpResponse.json(PLAN)
      }),
    )
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    expect(screen.queryByRole('region', { name: 'Credential to keep' })).toBeNull()
    await test()
    const card = within(await screen.findByRole('region', { name: 'Credential to keep' }))
    await userEvent.click(card.getByRole('radio', { name: /An account that configures/ }))
    await userEvent.click(card.getByRole('checkbox', { name: /Act for signed-in people/ }))
    // Nothing is made that was not shown.
    expect(joinButton().hasAttribute('disabled')).toBe(true)
    await userEvent.click(card.getByRole('button', { name: 'Show what is made' }))
    expect(await card.findByRole('row', { name: 'ClusterRole meshdeck will be made' })).toBeTruthy()
    expect(card.getByText(/kubectl apply/)).toBeTruthy()
    await userEvent.click(joinButton())
    await waitFor(() => expect(window.location.pathname).toBe('/clusters/fresh'))
    const account = { level: 'configure', actForUsers: false }
    expect(asked).toEqual([{ name: 'fresh', kubeconfig: SECRET, account }])
    expect(joined).toEqual([{ name: 'fresh', kubeconfig: SECRET, account }])
  })

  it('does not join by an account that cannot be made, and says what the cluster refuses', async () => {
    const objects = [{ kind: 'ClusterRole', name: 'meshdeck', result: 'failed' as const, message: 'it is forbidden' }]
    api.server.use(http.post('*/api/v1/clusters/-account', () => HttpResponse.json({ ...PLAN, ok: false, objects })))
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    const card = within(await screen.findByRole('region', { name: 'Credential to keep' }))
    await userEvent.click(card.getByRole('radio', { name: /An account that looks/ }))
    await userEvent.click(card.getByRole('button', { name: 'Show what is made' }))
    expect(await card.findByText('it is forbidden')).toBeTruthy()
    expect(joinButton().hasAttribute('disabled')).toBe(true)
    await userEvent.click(card.getByRole('radio', { name: /This kubeconfig as it is/ }))
    expect(joinButton().hasAttribute('disabled')).toBe(false)
  })

  it('says why no plan came', async () => {
    api.server.use(http.post('*/api/v1/clusters/-account', () => problemResponse(BROKEN)))
    await open()
    fill('Kubeconfig', SECRET)
    fill('Name', 'fresh')
    await test()
    const card = within(await screen.findByRole('region', { name: 'Credential to keep' }))
    await userEvent.click(card.getByRole('radio', { name: /An account that looks/ }))
    await userEvent.click(card.getByRole('button', { name: 'Show what is made' }))
    expect((await card.findByRole('alert')).textContent).toContain('the words of the server')
  })
})
