import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { assembleGraph } from '@meshdeck/mesh'
import { PLAIN_LIMITS } from './prometheus/governor/query-limits.ts'
import { createSharedGraphs, type SharedGraph } from './shared-graphs.ts'

const AT = 1_000_000
/** At which what is asked about is the present. */
const NOW_MS = AT * 1_000
let time = NOW_MS

const EDGES = 100
const metric = (index: number) => ({
  reporter: 'source',
  source_workload: `from-${index}`,
  source_workload_namespace: 'shop',
  destination_workload: 'to',
  destination_workload_namespace: 'shop',
})
function graphOf(edges: number): SharedGraph['graph'] {
  const requests = Array.from({ length: edges }, (_, index) =>
    ['200', '503'].map((code) => ({ metric: { ...metric(index), response_code: code }, value: 1 })),
  ).flat()
  return assembleGraph({ requests, tcpSent: [], tcpReceived: [] }, { view: 'workload' })
}
const graph = graphOf(EDGES)
const whole: SharedGraph = { graph, recorded: false, failures: [] }
const inPart: SharedGraph = {
  ...whole,
  failures: [
    { cluster: 'east', problem: { type: 'about:blank', title: 'Away', status: 503, code: 'prometheus-unreachable' } },
  ],
}

function make(cacheBytes = PLAIN_LIMITS.cacheBytes, freshMs = PLAIN_LIMITS.freshMs) {
  time = NOW_MS
  const graphs = createSharedGraphs({ ...PLAIN_LIMITS, cacheBytes, freshMs }, () => time)
  const assemble = vi.fn((_signal: AbortSignal) => Promise.resolve(whole))
  return { graphs, assemble, ask: (key = 'a', at = AT) => graphs.ask({ key, at, assemble }) }
}

describe('createSharedGraphs', () => {
  it('has a graph assembled once for all who ask meanwhile and shortly after', async () => {
    const { ask, assemble, graphs } = make()
    const [one, other] = await Promise.all([ask(), ask()])
    expect([one, other]).toEqual([whole, whole])
    time += PLAIN_LIMITS.freshMs - 1
    expect(await ask()).toBe(one)
    expect(assemble).toHaveBeenCalledTimes(1)
    expect(graphs.bytes).toBeGreaterThan(0)
    time += 1
    await ask()
    expect(assemble).toHaveBeenCalledTimes(2)
  })

  it('tells questions apart', async () => {
    const { ask, assemble } = make()
    await Promise.all([ask('a'), ask('b')])
    expect(assemble).toHaveBeenCalledTimes(2)
  })

  it('keeps what is long past for longer', async () => {
    const { ask, assemble } = make()
    const past = AT - 3_600
    await ask('a', past)
    time += 60_000
    await ask('a', past)
    expect(assemble).toHaveBeenCalledTimes(1)
  })

  it('keeps nothing that lacks a part, and nothing where it may not', async () => {
    const { ask, assemble, graphs } = make()
    assemble.mockResolvedValueOnce(inPart)
    expect((await ask()).failures).toHaveLength(1)
    expect(graphs.bytes).toBe(0)
    expect((await ask()).failures).toEqual([])
    const never = make(PLAIN_LIMITS.cacheBytes, 0)
    await never.ask()
    await never.ask()
    expect(never.assemble).toHaveBeenCalledTimes(2)
  })

  it('holds no more than it may, and takes a graph for about as long as its text', async () => {
    const length = JSON.stringify(graph).length
    const { ask, graphs } = make(length * 7)
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await ask(key)
      expect(graphs.bytes).toBeLessThanOrEqual(length * 3.5)
    }
    expect(graphs.bytes).toBeGreaterThan(length * 1.5)
  })

  it('takes graphs for not much less than the memory that they need', () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const edges = 10_000
    collect()
    const before = process.memoryUsage().heapUsed
    const large = graphOf(edges)
    collect()
    const bytes = process.memoryUsage().heapUsed - before
    expect(large.edges).toHaveLength(edges)
    // Each of these edges has a caller of its own. Codes of requests in the usual kind of object would be 6 KB for each.
    expect(bytes / edges).toBeLessThan(3_000)
  })

  it('goes on for those who still wait when the first has gone, and ends with the last', async () => {
    const { graphs } = make()
    const [first, second] = [new AbortController(), new AbortController()]
    const started = Promise.withResolvers<SharedGraph>()
    const signals: AbortSignal[] = []
    const ask = (signal: AbortSignal) =>
      graphs.ask({ key: 'a', at: AT, signal, assemble: (given) => (signals.push(given), started.promise) })
    const gone = ask(first.signal)
    const stays = ask(second.signal)
    first.abort(new Error('left'))
    await expect(gone).rejects.toThrow('left')
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    started.resolve(whole)
    expect(await stays).toBe(whole)
    const alone = graphs.ask({
      key: 'b',
      at: AT,
      signal: second.signal,
      assemble: (given) => (signals.push(given), new Promise(() => undefined)),
    })
    second.abort(new Error('left too'))
    await expect(alone).rejects.toThrow('left too')
    expect(signals.at(-1)?.aborted).toBe(true)
  })
})
