import { createHash } from 'node:crypto'
import type { PrometheusSettings } from '@meshdeck/kube'
import {
  KubeStatusError,
  PrometheusAccessError,
  readPrometheusAccess,
  type AddressPolicy,
  type PrometheusAccess,
  type ResourceClient,
} from '@meshdeck/kube-client'
import type { FairQueue } from './governor/fair-queue.ts'
import { createGovernor, type Governor } from './governor/governor.ts'
import type { QueryLimits } from './governor/query-limits.ts'
import type { QueryObserver } from './governor/query-load.ts'
import { queueFor } from './prometheus-client.ts'
import { PrometheusError } from './prometheus-error.ts'
import { createTransport } from './prometheus-transport.ts'

/** A Prometheus that some cluster names, with one credential and for one tenant. */
export interface PooledPrometheus {
  /** Tells it from others in figures and logs; holds no secret. */
  id: string
  /** With its path. */
  address: string
  governor: Governor
}

export interface PrometheusPool {
  /** What was made for the same settings before, or is made now. Throws PrometheusError, and what the hub throws. */
  of(settings: PrometheusSettings): Promise<PooledPrometheus>
  /** All that were asked for lately. */
  all(): PooledPrometheus[]
  close(): Promise<void>
}

export interface PrometheusPoolOptions {
  hub: Pick<ResourceClient, 'get'>
  policy: AddressPolicy
  limits: QueryLimits
  observe: (id: string) => QueryObserver
  /** It is asked no more. */
  forgotten?: (id: string) => void
  now?: () => number
}

/** A Secret is read again after this time, so that a new credential is used soon. */
const READ_AGAIN_MS = 15_000
/** What nobody has asked for so long is closed. */
const UNUSED_MS = 15 * 60_000

interface Entry extends PooledPrometheus {
  usedAt: number
}

/** Settings that come to the same access share one client: it is asked once, and its answers are kept once. */
export function createPrometheusPool(options: PrometheusPoolOptions): PrometheusPool {
  const { hub, policy, limits, observe, forgotten = () => undefined, now = Date.now } = options
  const resolved = new Map<string, { entry: Promise<Entry>; until: number }>()
  const byAccess = new Map<string, Entry>()
  const queues = new Map<string, FairQueue>()

  async function resolve(settings: PrometheusSettings, before: Promise<Entry> | undefined): Promise<Entry> {
    let access: PrometheusAccess
    try {
      access = await readPrometheusAccess(hub, settings)
    } catch (error) {
      if (error instanceof PrometheusAccessError) throw new PrometheusError('absent', error.message, { cause: error })
      // The hub is away; what it said last is as good as any.
      if (before !== undefined && !(error instanceof KubeStatusError)) return before
      throw error
    }
    const key = createHash('sha256').update(JSON.stringify(access)).digest('hex')
    const known = byAccess.get(key)
    if (known !== undefined) return known
    const entry = create(settings, access)
    byAccess.set(key, entry)
    return entry
  }

  function create(settings: PrometheusSettings, access: PrometheusAccess): Entry {
    const address = access.base.replace(/^https?:\/\//, '')
    const plain = settings.auth === undefined && (settings.headers ?? []).length === 0
    const mark = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 6)
    const id = plain ? address : `${address}~${mark}`
    const transport = createTransport({ access, policy, maxAnswerBytes: limits.maxAnswerBytes })
    // Whatever it is asked as: it is one server that has to answer.
    const queue = queues.get(access.base) ?? queueFor(transport.host, limits)
    queues.set(access.base, queue)
    const governor = createGovernor({ transport, limits, queue, now, observer: observe(id) })
    return { id, address, governor, usedAt: now() }
  }

  function sweep(): void {
    for (const [key, entry] of byAccess) {
      if (now() - entry.usedAt < UNUSED_MS) continue
      byAccess.delete(key)
      void entry.governor.close()
      forgotten(entry.id)
    }
    for (const [key, { until }] of resolved) if (until < now() - UNUSED_MS) resolved.delete(key)
  }

  return {
    async of(settings) {
      const key = JSON.stringify([settings.url, settings.headers, settings.tls, settings.auth])
      let found = resolved.get(key)
      if (found === undefined || found.until <= now()) {
        sweep()
        const entry = resolve(settings, found?.entry)
        found = { entry, until: now() + READ_AGAIN_MS }
        resolved.set(key, found)
        entry.catch(() => resolved.delete(key))
      }
      const entry = await found.entry
      entry.usedAt = now()
      return entry
    },
    all: () => [...byAccess.values()],
    async close() {
      await Promise.all([...byAccess.values()].map(({ governor }) => governor.close()))
    },
  }
}
