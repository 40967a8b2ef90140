// @vitest-environment jsdom
import type { ServiceDetail } from '@meshdeck/contract'
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeApi } from './testing/fake-api.ts'
import { openConsole } from './testing/open-console.ts'

const SLOW = { timeout: 20_000 }
const api = createFakeApi()
const user = userEvent.setup({ pointerEventsCheck: 0 })
let close: () => void = () => undefined

const detail: ServiceDetail = {
  service: {
    namespace: 'shop',
    name: 'reviews',
    clusters: ['alpha'],
    type: 'ClusterIP',
    status: 'running',
    reasons: [],
    pods: 2,
    readyPods: 2,
    injectedPods: 2,
    versions: ['v1', 'v2'],
    ports: [{ port: 9080, protocol: 'TCP' }],
    labels: {},
  },
  addresses: [],
  workloads: [],
  pods: [],
  rules: [],
  failures: [],
}
const BOTH = ['destination-rules/shop/reviews', 'virtual-services/shop/reviews']
const written = () => api.writes.filter(({ dryRun }) => !dryRun).map(({ method, body }) => `${method} ${body.kind}`)

beforeAll(() => api.server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  const none = { items: [], total: 0, all: 0, page: 1, pageSize: 50, failures: [] }
  api.server.use(
    http.get('*/api/v1/meshes/shop/services', () => HttpResponse.json(none)),
    http.get('*/api/v1/meshes/shop/services/shop/reviews', () => HttpResponse.json(detail)),
    http.get('*/api/v1/clusters/alpha/resources/namespaces/shop', () =>
      HttpResponse.json({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }),
    ),
  )
})
afterEach(() => {
  close()
  api.reset()
})
afterAll(() => api.server.close())

/** A change of two objects, at its review. */
async function reviewBoth(): Promise<void> {
  close = openConsole('/meshes/shop/-wizards/split?service=shop/reviews&shares=v1%3D90,v2%3D10')
  await screen.findByText('Create destination rule shop / reviews', undefined, SLOW)
  await user.click(screen.getByRole('button', { name: 'Review' }))
}
/** The same, applied. */
async function applyBoth(): Promise<void> {
  await reviewBoth()
  const apply = await screen.findByRole('button', { name: 'Apply' })
  await expect.poll(() => apply.hasAttribute('disabled')).toBe(false)
  await user.click(apply)
}
const loseAnswersOf = (kind: string, how: 'answer' | 'request' = 'answer') => {
  api.state.cut = ({ body }) => (body.kind === kind ? how : undefined)
}
/** From the first write on nobody can be asked what is there; returns what heals it. */
function breakReads(): () => void {
  let broken = true
  api.server.use(
    http.get('*/api/v1/clusters/alpha/resources/:plural/:namespace/:name', () =>
      broken && written().length > 0 ? HttpResponse.error() : undefined,
    ),
  )
  return () => {
    broken = false
  }
}

describe('a connection that breaks while several objects are written', { timeout: 60_000 }, () => {
  it('is made good by reading back: what was written counts, and is written once', async () => {
    loseAnswersOf('DestinationRule')
    await applyBoth()
    expect(await screen.findByText('All is applied.')).toBeTruthy()
    expect(written()).toEqual(['POST DestinationRule', 'POST VirtualService'])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('All is as it was before.')).toBeTruthy()
    expect(api.kept()).toEqual([])
  })

  it('before the dry run is no refusal by the server', async () => {
    const params = { reason: 'refused' }
    api.state.refuse = () => ({ type: 'about:blank', code: 'cluster-unreachable', title: 'Away', status: 502, params })
    await reviewBoth()
    expect(await screen.findByText(/destination rule shop \/ reviews: the server could not be asked/i)).toBeTruthy()
    expect(screen.queryByText(/refuses it/)).toBeNull()
  })

  it('before anything was written leaves the rest to be tried again', async () => {
    loseAnswersOf('VirtualService', 'request')
    await applyBoth()
    expect(await screen.findByText(/^Only a part is applied/)).toBeTruthy()
    expect(api.kept()).toEqual(BOTH.slice(0, 1))
    api.state.cut = () => undefined
    await user.click(screen.getByRole('button', { name: 'Apply the rest' }))
    expect(await screen.findByText('All is applied.')).toBeTruthy()
    expect(api.kept()).toEqual(BOTH)
  })

  it('says that it does not know while nobody can be asked, then finds what was written and goes on', async () => {
    loseAnswersOf('DestinationRule')
    const heal = breakReads()
    await applyBoth()
    expect(await screen.findByText(/^Whether all is written is not known/, undefined, SLOW)).toBeTruthy()
    expect(screen.getByText('written or not: not known yet')).toBeTruthy()
    expect(screen.getByText('not written')).toBeTruthy()
    expect(written()).toEqual(['POST DestinationRule'])
    heal()
    api.state.cut = () => undefined
    await user.click(screen.getByRole('button', { name: 'Look again and go on' }))
    expect(await screen.findByText('All is applied.')).toBeTruthy()
    expect(api.kept()).toEqual(BOTH)
  })

  it('can be undone without knowing: what is there is taken back, and nothing else', async () => {
    loseAnswersOf('VirtualService')
    const heal = breakReads()
    await applyBoth()
    await screen.findByText(/^Whether all is written is not known/, undefined, SLOW)
    heal()
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('All is as it was before.')).toBeTruthy()
    expect(api.kept()).toEqual([])
    expect(written()).toEqual(['POST DestinationRule', 'POST VirtualService'])
  })

  it('does not take for its own what somebody else has written meanwhile', async () => {
    api.state.cut = ({ body }) => {
      if (body.kind !== 'VirtualService') return undefined
      api.keep('virtual-services', { ...body, spec: { hosts: ['theirs'] } })
      return 'request'
    }
    await applyBoth()
    expect(await screen.findByText('It was changed by someone else meanwhile')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await expect.poll(() => api.kept()).toEqual(BOTH.slice(1))
  })

  it('takes back what has nothing new but its status', async () => {
    await applyBoth()
    expect(await screen.findByText('All is applied.')).toBeTruthy()
    const [, rule] = api.writes.filter(({ dryRun }) => !dryRun)
    if (rule) api.keep('virtual-services', { ...rule.body, status: { observedGeneration: 1 } })
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('All is as it was before.')).toBeTruthy()
    expect(api.kept()).toEqual([])
  })

  it('waits as long as a busy server asks for', async () => {
    let refusals = 2
    api.state.refuse = ({ dryRun }) => {
      if (dryRun || refusals === 0) return undefined
      refusals -= 1
      return {
        type: 'about:blank',
        code: 'too-many-requests',
        title: 'Busy',
        status: 429,
        params: { retryAfterSeconds: 0 },
      }
    }
    await applyBoth()
    expect(await screen.findByText('All is applied.')).toBeTruthy()
    expect(written()).toHaveLength(4)
  })
})

describe('a connection that breaks while one object is written', { timeout: 60_000 }, () => {
  const web = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { hosts: ['web'], http: [{ timeout: '1s', route: [{ destination: { host: 'web' } }] }] },
  }
  const applyTimeout = async (): Promise<void> => {
    api.keep('virtual-services', web)
    close = openConsole('/meshes/shop/virtual-services/shop/web/-edit?cluster=alpha')
    const field = await screen.findByLabelText('Timeout', undefined, SLOW)
    await user.clear(field)
    await user.type(field, '5s')
    await user.click(screen.getByRole('button', { name: 'Review' }))
    const apply = await screen.findByRole('button', { name: 'Apply' })
    await expect.poll(() => apply.hasAttribute('disabled')).toBe(false)
    await user.click(apply)
  }

  it('ends as if it had been answered when the object says so', async () => {
    loseAnswersOf('VirtualService')
    await applyTimeout()
    expect(await screen.findByText(/was changed in alpha/)).toBeTruthy()
    expect(written()).toEqual(['PUT VirtualService'])
  })

  it('can be repeated when nobody knows, and is no conflict with itself', async () => {
    loseAnswersOf('VirtualService')
    const heal = breakReads()
    await applyTimeout()
    expect(await screen.findByText(/^Whether it was written is not known/, undefined, SLOW)).toBeTruthy()
    heal()
    api.state.cut = () => undefined
    await user.click(screen.getByRole('button', { name: /Apply$/ }))
    expect(await screen.findByText(/was changed in alpha/, undefined, SLOW)).toBeTruthy()
  })

  it('is not taken for somebody else’s doing once everything is asked again', async () => {
    loseAnswersOf('VirtualService')
    const heal = breakReads()
    await applyTimeout()
    await screen.findByText(/^Whether it was written is not known/, undefined, SLOW)
    heal()
    api.state.cut = () => undefined
    let reads = 0
    api.server.use(
      http.get('*/api/v1/clusters/alpha/resources/virtual-services/shop/web', () => {
        reads += 1
      }),
    )
    api.hangUp()
    await expect.poll(() => reads, SLOW).toBeGreaterThan(0)
    await user.click(screen.getByRole('button', { name: /Apply$/ }))
    expect(await screen.findByText(/was changed in alpha/)).toBeTruthy()
    expect(api.writes.filter(({ dryRun }) => dryRun)).toHaveLength(1)
  })
})
