import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KubeResource } from '@meshdeck/kube'
import { afterEach, describe, expect, it } from 'vitest'
import { createConnection } from './connection.ts'
import {
  createReflector,
  type Reflector,
  type ReflectorEvent,
  type ReflectorOptions,
  type ReflectorState,
} from './reflector.ts'
import { createResourceClient } from './resource-client.ts'

/** Answers in order, each to one request; the test fails when more are asked for than it wrote. */
type Answer = (response: ServerResponse, url: URL) => void

const closers: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const pod = (name: string, resourceVersion: string): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', resourceVersion, managedFields: [{ manager: 'x' }] },
})
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }
const list = (resourceVersion: string, ...items: KubeResource[]): Answer =>
  json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion }, items })
const status = (code: number, reason: string): Answer =>
  json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason }, code)
const frames = (response: ServerResponse, ...all: unknown[]): void => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write(all.map((frame) => `${JSON.stringify(frame)}\n`).join(''))
}
/** A watch that stays open after these frames. */
const watch =
  (...all: unknown[]): Answer =>
  (response) =>
    frames(response, ...all)
/** A watch that the server ends after these frames. */
const endedWatch =
  (...all: unknown[]): Answer =>
  (response) => {
    frames(response, ...all)
    response.end()
  }
/** A watch whose connection is cut. */
const cutWatch =
  (...all: unknown[]): Answer =>
  (response) => {
    frames(response, ...all)
    setImmediate(() => response.destroy())
  }

async function start(
  answers: Answer[],
  waits?: (signal: AbortSignal) => Promise<void>,
  options: Partial<ReflectorOptions> = {},
) {
  const asked: URL[] = []
  const accepted: (string | undefined)[] = []
  const events: string[] = []
  const states: ReflectorState['status'][] = []
  const pauses: number[] = []
  const watchers: { done: (event: ReflectorEvent) => boolean; resolve: () => void }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    asked.push(url)
    accepted.push(request.headers.accept)
    const answer = answers.shift()
    if (answer) answer(response, url)
    else watch()(response, url)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connection = createConnection({
    server: `http://127.0.0.1:${port}`,
    insecureSkipTlsVerify: false,
    allowLoopback: true,
    contextName: 'test',
    warnings: [],
  })
  const reflector: Reflector = createReflector({
    client: createResourceClient(connection, { kind: 'stored' }),
    kind: 'Pod',
    ...options,
    random: () => 0.5,
    wait: async (ms, signal) => {
      pauses.push(ms)
      await waits?.(signal)
    },
    onState: (state) => {
      if (states.at(-1) !== state.status) states.push(state.status)
    },
    onEvent: (event) => {
      events.push(`${event.type} ${event.object.metadata.name}`)
      for (const watcher of watchers) if (watcher.done(event)) watcher.resolve()
    },
  })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  closers.push(() => connection.close())
  closers.push(() => reflector.stop())
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      if (events.includes(text)) resolve()
      else watchers.push({ done: (event) => `${event.type} ${event.object.metadata.name}` === text, resolve })
    })
  return { reflector, asked, accepted, events, states, pauses, until }
}

describe('reflector', () => {
  it('lists, then watches from where the list stood, and tells only differences', async () => {
    const { until, asked, events, reflector } = await start([
      list('10', pod('a', '1')),
      watch(
        { type: 'MODIFIED', object: pod('a', '11') },
        { type: 'ADDED', object: pod('b', '12') },
        { type: 'DELETED', object: pod('a', '13') },
      ),
    ])
    await until('deleted a')
    expect(events).toEqual(['added a', 'modified a', 'added b', 'deleted a'])
    expect([...reflector.objects.keys()]).toEqual(['shop/b'])
    expect(asked[1]?.searchParams.get('resourceVersion')).toBe('10')
    expect(asked[1]?.searchParams.get('allowWatchBookmarks')).toBe('true')
  })

  it('stores trimmed objects', async () => {
    const { reflector, until } = await start([list('10', pod('a', '1'))])
    await until('added a')
    expect(reflector.objects.get('shop/a')?.metadata).not.toHaveProperty('managedFields')
  })

  it('goes on from the bookmark when the server ends the watch', async () => {
    const { until, asked, events } = await start([
      list('10'),
      endedWatch({ type: 'BOOKMARK', object: { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: '99' } } }),
      watch({ type: 'ADDED', object: pod('a', '100') }),
    ])
    await until('added a')
    expect(events).toEqual(['added a'])
    expect(asked[2]?.searchParams.get('resourceVersion')).toBe('99')
  })

  it.each([
    ['as a status', [status(410, 'Expired')]],
    ['as a frame', [endedWatch({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })]],
  ])('lists again after 410 %s, and tells what is gone', async (_how, gone) => {
    const { until, events, asked } = await start([
      list('10', pod('a', '1'), pod('b', '2')),
      ...gone,
      list('20', pod('b', '2'), pod('c', '3')),
    ])
    await until('deleted a')
    expect(events).toEqual(['added a', 'added b', 'added c', 'deleted a'])
    expect(asked[2]?.searchParams.has('watch')).toBe(false)
  })

  it('is stale while it is cut off, backs off with jitter, and heals without a list', async () => {
    const { until, states, pauses, asked } = await start([
      list('10', pod('a', '1')),
      cutWatch(),
      status(503, 'ServiceUnavailable'),
      watch({ type: 'ADDED', object: pod('b', '12') }),
    ])
    await until('added b')
    expect(states).toEqual(['synced', 'stale', 'synced'])
    expect(pauses.length).toBeGreaterThan(0)
    expect(pauses.every((pause) => pause > 0)).toBe(true)
    expect(asked.at(-1)?.searchParams.get('resourceVersion')).toBe('10')
  })

  it('does not spin when the server ends every watch at once', async () => {
    const { until, pauses } = await start([
      list('10'),
      endedWatch(),
      endedWatch(),
      watch({ type: 'ADDED', object: pod('a', '11') }),
    ])
    await until('added a')
    expect(pauses).toEqual([500, 1000])
  })

  it('tries again at once when it is told that the server answers', async () => {
    const waiting = Promise.withResolvers<void>()
    const { until, reflector, asked } = await start(
      [status(500, 'Down'), list('10', pod('a', '1'))],
      // Ends only when somebody ends it.
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('ended')))
          waiting.resolve()
        }),
    )
    await waiting.promise
    expect(asked).toHaveLength(1)
    reflector.retryNow()
    await until('added a')
  })

  it('waits as long as the server asks', async () => {
    const busy = json({ kind: 'Status', status: 'Failure', code: 429, message: 'later' }, 429, { 'retry-after': '17' })
    const { until, pauses } = await start([busy, list('10', pod('a', '1'))])
    await until('added a')
    expect(pauses).toEqual([17_000])
  })

  it.each([
    [403, 'forbidden'],
    [404, 'absent'],
  ] as const)('says so on %i, tries again slowly, and finds it when it comes', async (code, expected) => {
    const { until, states, pauses } = await start([status(code, 'No'), list('10', pod('a', '1'))])
    await until('added a')
    expect(states).toEqual([expected, 'synced'])
    expect(pauses).toEqual([60_000])
  })

  it('follows labelled objects alone, and of them no more than it is told to, for as long as it is told to', async () => {
    const { until, asked, accepted } = await start([list('10', pod('a', '1'))], undefined, {
      labelSelector: 'app=istiod',
      metadataOnly: true,
      watchSeconds: 1_800,
    })
    await until('added a')
    await expect.poll(() => asked.length).toBe(2)
    expect(asked.map(({ searchParams }) => searchParams.get('labelSelector'))).toEqual(['app=istiod', 'app=istiod'])
    expect(asked[1]?.searchParams.get('timeoutSeconds')).toBe('2700')
    expect(accepted).toEqual([
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    ])
  })

  it('asks for a kind that is missing as seldom as it is told to', async () => {
    const { until, pauses } = await start([status(404, 'No'), list('10', pod('a', '1'))], undefined, {
      slowRetryMs: 600_000,
    })
    await until('added a')
    expect(pauses).toEqual([600_000])
  })

  it('forgets what it may no longer read', async () => {
    const { until, reflector, events } = await start([list('10', pod('a', '1')), status(403, 'No')])
    await until('deleted a')
    expect(events).toEqual(['added a', 'deleted a'])
    expect(reflector.objects.size).toBe(0)
  })
})
