import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, parseKubeconfig, readKubeconfigFile } from '@meshdeck/kube-client'
import type { ClusterConnection } from '@meshdeck/kube-client'
import type { KubeResource } from '@meshdeck/kube'
import { metricOf } from './processes.ts'
import { createScaleWorld, type ScaleWorld } from './scale-world.ts'
import { READERS } from './scale-fleet.ts'
import type { Measurement } from './measurement.ts'

const CONSOLES = 200
const CHANGES_PER_SECOND = 100
const SECONDS = 20
const CLUSTERS = 4
/** For what is under way when the last change is made. */
const SETTLE_MS = 3_000
const DELAY_P99 = 'nodejs_eventloop_lag_p99_seconds'

/** Many consoles on one BFF while much changes: whether each is told of every change, and whether the BFF keeps its breath. */
export const consoles: Measurement = {
  name: 'consoles',
  what: `${CONSOLES} event streams of ${READERS.length} people on one BFF, ${CHANGES_PER_SECOND} objects changed a second for ${SECONDS} s`,
  async run() {
    const world = await createScaleWorld()
    const stopped = new AbortController()
    const counts = Array.from({ length: CONSOLES }, () => 0)
    try {
      await Promise.all(counts.map((_, index) => open(world, index, counts, stopped.signal)))
      await metricOf(world.url, DELAY_P99)
      const made = await change(world)
      await sleep(SETTLE_MS)
      const delay = await metricOf(world.url, DELAY_P99)
      const missed = counts.reduce((sum, count) => sum + (made - count), 0)
      return [
        { what: 'changes made', value: made, unit: '' },
        { what: 'frames read by all', value: counts.reduce((sum, count) => sum + count, 0), unit: '' },
        { what: 'frames missed', value: missed, unit: '', aim: 0 },
        { what: 'event loop delay, 99 %', value: delay * 1_000, unit: 'ms', aim: 100 },
      ]
    } finally {
      stopped.abort()
      await world.close()
    }
  },
}

/** Opens a stream as one of the readers, and counts what it is told of changes. */
async function open(world: ScaleWorld, index: number, counts: number[], signal: AbortSignal): Promise<void> {
  const reader = world.sandbox.people.find(({ id }) => id === READERS[index % READERS.length])
  const token = reader?.tokens[world.sandbox.clusters[0]?.name ?? ''] ?? ''
  const answer = await fetch(`${world.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal })
  if (!answer.ok || !answer.body) throw new Error(`the event stream answered ${answer.status}`)
  const chunks = answer.body[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) throw new Error('the event stream ended at once')
  void count(chunks, index, counts)
}

async function count(chunks: AsyncIterator<Uint8Array>, index: number, counts: number[]): Promise<void> {
  const needle = Buffer.from('"op":"modified"')
  // What a chunk ends with may be the beginning of the needle.
  let rest = Buffer.alloc(0)
  try {
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      const bytes = Buffer.concat([rest, next.value])
      let found = 0
      let last = 0
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, last)) {
        found++
        last = at + needle.length
      }
      rest = bytes.subarray(Math.max(last, bytes.length - needle.length + 1))
      counts[index] = (counts[index] ?? 0) + found
    }
  } catch {
    // Aborted at the end.
  }
}

/** Annotates VirtualServices of several clusters one after another at the set rate; none twice. Gives how many. */
async function change({ sandbox }: ScaleWorld): Promise<number> {
  const { text, directory } = readKubeconfigFile(sandbox.kubeconfig)
  const connections = sandbox.clusters
    .slice(1)
    .map(({ name }) => createConnection(parseKubeconfig(text, { source: 'file', directory, context: name }), { name }))
  try {
    const targets = (await Promise.all(connections.map(rulesOf))).flat()
    const wanted = CHANGES_PER_SECOND * SECONDS
    const began = performance.now()
    for (let made = 0; made < wanted; made += CLUSTERS) {
      await Promise.all(
        Array.from({ length: CLUSTERS }, (_, index) => {
          const target = targets[(made + index) % targets.length]
          return target?.connection.request({
            method: 'PATCH',
            path: target.path,
            body: { metadata: { annotations: { 'bench.example/turn': String(made) } } },
            contentType: 'application/merge-patch+json',
          })
        }),
      )
      await sleep(Math.max(0, (made / CHANGES_PER_SECOND) * 1_000 - (performance.now() - began)))
    }
    return wanted
  } finally {
    await Promise.all(connections.map((each) => each.close()))
  }
}

const KINDS = ['virtualservices', 'destinationrules'] as const

async function rulesOf(connection: ClusterConnection): Promise<{ connection: ClusterConnection; path: string }[]> {
  const found = await Promise.all(
    KINDS.map(async (plural) => {
      const root = '/apis/networking.istio.io/v1'
      const { body } = await connection.request<{ items: KubeResource[] }>({ path: `${root}/${plural}` })
      return body.items.map(({ metadata }) => ({
        connection,
        path: `${root}/namespaces/${metadata.namespace ?? ''}/${plural}/${metadata.name}`,
      }))
    }),
  )
  return found.flat()
}
