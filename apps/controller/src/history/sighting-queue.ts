import { setTimeout as sleep } from 'node:timers/promises'

export interface SightingQueueOptions<Item> {
  /** Sees to one item; what it rejects with is told, and it is tried again. */
  handle: (item: Item, signal: AbortSignal) => Promise<void>
  onError: (error: unknown) => void
  /** Keys worked on at the same time. */
  concurrency?: number
  /** Items of one key that may wait; of more the older are left out, the newest never. */
  perKey?: number
  firstRetryMs?: number
  lastRetryMs?: number
}

/** What was seen of each object, one after the other; objects do not wait for each other. */
export interface SightingQueue<Item> {
  push(key: string, item: Item): void
  /** Starts nothing more, aborts what runs, and waits for it. */
  stop(): Promise<void>
}

/** A queue that loses no step of an object as long as the hub answers, and stays small while it does not. */
export function createSightingQueue<Item>(options: SightingQueueOptions<Item>): SightingQueue<Item> {
  const { handle, concurrency = 8, perKey = 20, firstRetryMs = 1_000, lastRetryMs = 30_000 } = options
  const items = new Map<string, Item[]>()
  const waiting = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping

  function startWaiting(): void {
    for (const key of waiting) {
      if (signal.aborted || running.size >= concurrency) return
      waiting.delete(key)
      running.set(
        key,
        run(key).finally(() => {
          running.delete(key)
          if (items.has(key)) waiting.add(key)
          startWaiting()
        }),
      )
    }
  }

  async function run(key: string): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const [item] = items.get(key) ?? []
      if (item === undefined) break
      try {
        await handle(item, signal)
        const rest = (items.get(key) ?? []).filter((each) => each !== item)
        if (rest.length === 0) items.delete(key)
        else items.set(key, rest)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        options.onError(error)
        const pause = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(failures++, 10))
        await sleep(pause * (0.5 + 0.5 * Math.random()), undefined, { signal }).catch(() => undefined)
      }
    }
  }

  return {
    push(key, item) {
      if (signal.aborted) return
      const [first, ...rest] = items.get(key) ?? []
      // The first may be under way already.
      items.set(key, first === undefined ? [item] : [first, ...rest.slice(Math.max(0, rest.length - perKey + 2)), item])
      if (!running.has(key)) waiting.add(key)
      startWaiting()
    },
    async stop() {
      stopping.abort()
      await Promise.all(running.values())
    },
  }
}
