import type { ServerResponse } from 'node:http'
import { isRecord } from '@meshdeck/kube'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sendJson, sendStatus, startEdgeServer, type EdgeRequest, type EdgeServer } from '../testing/edge-server.ts'
import { joinElection, type Election, type ElectionOptions } from './leader-election.ts'
import type { LeaseSpec } from './lease-record.ts'

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/meshdeck-system/leases'
const LEASE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'test', namespace: 'meshdeck-system', uid: 'u', resourceVersion: '1' },
}
const TIMING = { leaseMs: 1_000, renewDeadlineMs: 600, retryMs: 20 }

/** A hub that keeps one lease, with versions as an API server has them. */
interface Hub {
  server: EdgeServer
  /** `holder 1`, after each write: who holds the lease and how often it went over. */
  writes: string[]
  /** Stands in for the hub's answer until it is undefined again. */
  fault: ((request: EdgeRequest, response: ServerResponse) => void) | undefined
  put(spec: LeaseSpec): void
  read(): LeaseSpec | undefined
}

async function startHub(): Promise<Hub> {
  let spec: LeaseSpec | undefined
  let version = 0
  const lease = () => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'test', namespace: 'meshdeck-system', uid: 'u', resourceVersion: String(version) },
    spec,
  })
  const write = ({ body }: EdgeRequest, response: ServerResponse): void => {
    spec = isRecord(body) && isRecord(body['spec']) ? body['spec'] : {}
    version++
    hub.writes.push(`${spec.holderIdentity} ${spec.leaseTransitions}`)
    sendJson(response, lease())
  }
  const server = await startEdgeServer((request, response) => {
    if (hub.fault) return hub.fault(request, response)
    if (request.method === 'POST') {
      if (spec) return sendStatus(response, 409, 'AlreadyExists')
      return write(request, response)
    }
    if (!request.path.startsWith(LEASES) || !spec) return sendStatus(response, 404, 'NotFound')
    if (request.method === 'GET') return sendJson(response, lease())
    const metadata = isRecord(request.body) ? request.body['metadata'] : undefined
    if (isRecord(metadata) && metadata['resourceVersion'] === String(version)) return write(request, response)
    sendStatus(response, 409, 'Conflict')
  })
  const hub: Hub = {
    server,
    writes: [],
    fault: undefined,
    put: (next) => {
      spec = next
      version++
    },
    read: () => spec,
  }
  closers.push(() => server.close())
  return hub
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

interface Candidate {
  election: Election
  /** `leads`, `ends`, or an error's message. */
  log: string[]
}

function join(hub: Hub, identity: string, options: Partial<ElectionOptions> = {}): Candidate {
  const log: string[] = []
  const election = joinElection({
    client: hub.server.client,
    namespace: 'meshdeck-system',
    name: 'test',
    identity,
    timing: TIMING,
    lead: async (term) => {
      log.push('leads')
      await new Promise((resolve) => term.addEventListener('abort', resolve, { once: true }))
      log.push('ends')
    },
    onError: (error) => log.push(error instanceof Error ? error.message : String(error)),
    ...options,
  })
  closers.push(() => election.stop())
  return { election, log }
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 })

/** Resolves when the candidates have asked the hub so many times more. */
const asked = (hub: Hub, times: number): Promise<void> => {
  const enough = hub.server.requests.length + times
  return until(() => expect(hub.server.requests.length).toBeGreaterThanOrEqual(enough))
}

describe('an election', () => {
  it('has one leader, who renews; another waits', async () => {
    const hub = await startHub()
    const first = join(hub, 'first')
    await until(() => expect(first.election.leading).toBe(true))
    const second = join(hub, 'second')
    await until(() => expect(hub.writes.length).toBeGreaterThan(2))
    expect([first.log, second.log, second.election.leading]).toEqual([['leads'], [], false])
    expect(new Set(hub.writes)).toEqual(new Set(['first 0']))
  })

  it('goes over at once when the leader stops, and only after its work has ended', async () => {
    const hub = await startHub()
    const work = Promise.withResolvers<void>()
    const first = join(hub, 'first', { lead: () => work.promise })
    await until(() => expect(first.election.leading).toBe(true))
    const second = join(hub, 'second')
    const stopped = first.election.stop()
    await asked(hub, 6)
    expect([hub.read()?.holderIdentity, second.election.leading]).toEqual(['first', false])
    work.resolve()
    await stopped
    await until(() => expect(second.election.leading).toBe(true))
    expect(hub.writes).toContain(' 0')
    expect(hub.read()).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 })
  })

  it.each([
    ['ahead', '2099-01-01T00:00:00.000000Z'],
    ['behind', '2001-01-01T00:00:00.000000Z'],
  ])('goes over when a dead leader’s lease has run out by our clock, though its clock is %s', async (_, renewTime) => {
    const hub = await startHub()
    hub.put({ holderIdentity: 'dead', leaseDurationSeconds: 1, renewTime, leaseTransitions: 4 })
    const since = performance.now()
    const second = join(hub, 'second')
    await until(() => expect(second.election.leading).toBe(true))
    expect(performance.now() - since).toBeGreaterThanOrEqual(1_000)
    expect(hub.read()).toMatchObject({ holderIdentity: 'second', leaseTransitions: 5 })
  })

  it('ends the work of a leader who cannot renew, before others may take over', async () => {
    const hub = await startHub()
    const first = join(hub, 'first')
    await until(() => expect(first.election.leading).toBe(true))
    const since = performance.now()
    hub.fault = () => undefined
    await until(() => expect(first.log).toContain('ends'))
    expect(performance.now() - since).toBeLessThan(TIMING.leaseMs)
    hub.fault = undefined
    await until(() => expect(first.election.leading).toBe(true))
    expect(first.log.filter((line) => line === 'leads')).toHaveLength(2)
  })

  it('ends the work of a leader whose lease somebody else has taken', async () => {
    const hub = await startHub()
    const first = join(hub, 'first')
    await until(() => expect(first.election.leading).toBe(true))
    hub.put({ holderIdentity: 'thief', leaseDurationSeconds: 60 })
    await until(() => expect(first.log).toEqual(['leads', 'ends']))
    await first.election.stop()
    expect(hub.read()?.holderIdentity).toBe('thief')
  })

  it('outlives one refused renewal, and two who are equally fast', async () => {
    const hub = await startHub()
    const all = ['a', 'b', 'c'].map((name) => join(hub, name))
    await until(() => expect(all.filter(({ election }) => election.leading)).toHaveLength(1))
    hub.fault = (_, response) => {
      hub.fault = undefined
      sendStatus(response, 500, 'etcd is busy')
    }
    await asked(hub, 20)
    expect(all.flatMap(({ log }) => log).toSorted()).toEqual(['etcd is busy', 'leads'])
  })

  it('does not begin when it is told to stop while it takes the lease', async () => {
    const hub = await startHub()
    const asked = Promise.withResolvers<() => void>()
    hub.fault = (request, response) => {
      if (request.method !== 'POST') return sendStatus(response, 404, 'NotFound')
      hub.fault = undefined
      asked.resolve(() =>
        sendJson(response, { ...LEASE, spec: request.body && isRecord(request.body) ? request.body['spec'] : {} }),
      )
    }
    const only = join(hub, 'only')
    const answer = await asked.promise
    const stopped = only.election.stop()
    answer()
    await stopped
    expect(only.log).not.toContain('leads')
  })

  it('says what is wrong with the hub, asks less and less often, and goes on when it is well', async () => {
    const hub = await startHub()
    hub.fault = (_, response) => sendStatus(response, 403, 'leases are forbidden')
    // The pauses are 20, 40, 80, 160 ms and so on.
    const since = performance.now()
    const only = join(hub, 'only', { random: () => 0 })
    await until(() => expect(only.log).toHaveLength(5))
    expect(performance.now() - since).toBeGreaterThanOrEqual(290)
    expect(new Set(only.log)).toEqual(new Set(['leases are forbidden']))
    hub.fault = undefined
    await until(() => expect(only.election.leading).toBe(true))
  })

  it('frees the lease of a leader whose work fails, and tries again', async () => {
    const hub = await startHub()
    let terms = 0
    const log: unknown[] = []
    join(hub, 'only', {
      lead: async (term) => {
        if (++terms === 1) throw new Error('no work')
        await new Promise((resolve) => term.addEventListener('abort', resolve, { once: true }))
      },
      onError: (error) => log.push(error),
    })
    await until(() => expect(terms).toBe(2))
    expect([log, hub.writes.slice(0, 2)]).toEqual([[new Error('no work')], ['only 0', ' 0']])
  })
})
