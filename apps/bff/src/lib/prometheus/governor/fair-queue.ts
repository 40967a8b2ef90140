import type { Asker } from './asker.ts'

/**
 * Lets a few pieces of work run at once. The rest wait: what somebody waits for before what nobody does, and sessions take
 * turns, so that one with a hundred questions does not hold up another's first.
 */
export interface FairQueue {
  /** Rejects with the signal's reason when it fires while waiting, with `tooMany()` when there is no room to wait. */
  run<Result>(work: () => Promise<Result>, asker: Turn, signal: AbortSignal): Promise<Result>
  readonly running: number
  readonly waiting: number
}

type Turn = Pick<Asker, 'session' | 'priority'>

interface Waiter {
  admit: () => void
  refuse: (reason: unknown) => void
}

export function createFairQueue(options: { limit: number; maxWaiting: number; tooMany: () => Error }): FairQueue {
  const { limit, maxWaiting, tooMany } = options
  /** One place is kept for what somebody waits for. */
  const backgroundLimit = Math.max(1, limit - 1)
  const running = { interactive: 0, background: 0 }
  const lines = { interactive: new Map<string, Set<Waiter>>(), background: new Map<string, Set<Waiter>>() }
  let waiting = 0

  const total = (): number => running.interactive + running.background
  const mayRun = (priority: Turn['priority']): boolean =>
    total() < limit && (priority === 'interactive' || running.background < backgroundLimit)

  function remove(priority: Turn['priority'], session: string, waiter: Waiter): void {
    const line = lines[priority].get(session)
    if (line?.delete(waiter) !== true) return
    waiting -= 1
    if (line.size === 0) lines[priority].delete(session)
  }

  /** Sessions take turns: whoever was served stands at the end of the round. */
  function next(priority: Turn['priority']): Waiter | undefined {
    const [first] = lines[priority]
    if (first === undefined) return undefined
    const [session, line] = first
    const [waiter] = line
    if (waiter === undefined) return undefined
    lines[priority].delete(session)
    line.delete(waiter)
    waiting -= 1
    if (line.size > 0) lines[priority].set(session, line)
    return waiter
  }

  /** Of a full queue the last question of whoever asks most goes, unless that is the newcomer. */
  function makeRoom({ session, priority }: Turn): boolean {
    if (waiting < maxWaiting) return true
    const all = (['background', 'interactive'] as const).flatMap((each) =>
      [...lines[each]].map(([name, line]) => ({ priority: each, name, line })),
    )
    const own = lines[priority].get(session)?.size ?? 0
    const background = priority === 'interactive' ? all.filter((line) => line.priority === 'background') : []
    const candidates = background.length > 0 ? background : all.filter((line) => line.line.size > own + 1)
    const longest = candidates.toSorted((a, b) => b.line.size - a.line.size)[0]
    const last = longest && [...longest.line].at(-1)
    if (longest === undefined || last === undefined) return false
    remove(longest.priority, longest.name, last)
    last.refuse(tooMany())
    return true
  }

  async function enter(turn: Turn, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { session, priority } = turn
    if (mayRun(priority)) {
      running[priority] += 1
      return
    }
    if (!makeRoom(turn)) throw tooMany()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter: Waiter = { admit: resolve, refuse: reject }
    const line = lines[priority].get(session) ?? new Set()
    lines[priority].set(session, line.add(waiter))
    waiting += 1
    const giveUp = (): void => {
      remove(priority, session, waiter)
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  function leave(priority: Turn['priority']): void {
    running[priority] -= 1
    // Places are taken on behalf of those who are let in, so that nobody comes in between.
    for (const each of ['interactive', 'background'] as const) {
      while (mayRun(each)) {
        const waiter = next(each)
        if (waiter === undefined) break
        running[each] += 1
        waiter.admit()
      }
    }
  }

  return {
    async run(work, asker, signal) {
      await enter(asker, signal)
      try {
        return await work()
      } finally {
        leave(asker.priority)
      }
    },
    get running() {
      return total()
    },
    get waiting() {
      return waiting
    },
  }
}
