/**
 * What became of one run. `done`: look again at the next resync; `soon`: something is under way, look again in a moment;
 * `retry`: something outside is not well, look again ever later; `gone`: the object is no more.
 */
export type Outcome = 'done' | 'soon' | 'retry' | 'gone'

export interface WorkQueueOptions {
  /** Brings one object to its desired state; a rejection counts as `retry`. */
  handle: (key: string, signal: AbortSignal) => Promise<Outcome>
  /** Objects worked on at the same time; one object never is twice. */
  concurrency?: number
  /** Every object is looked at again after this time, ± 10 %. */
  resyncMs: number
  /** How long what is under way is left alone. */
  soonMs?: number
  /** Within this time changes are folded together. */
  foldMs?: number
  firstRetryMs?: number
  lastRetryMs?: number
  /** 0 ≤ x < 1. */
  random?: () => number
  onResult?: (key: string, result: WorkResult) => void
}

export interface WorkResult {
  outcome: Outcome
  seconds: number
  error?: unknown
}

export interface WorkQueue {
  /** Asks for a run soon. Asked twice before it starts, it runs once; asked while it runs, it runs once more. */
  add(key: string): void
  /** The same in a moment: changes rarely come alone. */
  addSoon(key: string): void
  /** Keys that wait for a worker. */
  readonly depth: number
  /** Starts nothing more, aborts what runs, and waits for it. */
  stop(): Promise<void>
}

/** A queue of names, not of events: a run looks at the whole state, so nothing is lost when events are folded together. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { concurrency = 8, resyncMs, soonMs = 2_000, foldMs = 500, firstRetryMs = 1_000 } = options
  const { lastRetryMs = 30_000, random = Math.random } = options
  const waiting = new Set<string>()
  const running = new Map<string, Promise<void>>()
  /** What was asked for while it runs, and how. */
  const askedAgain = new Map<string, (key: string) => void>()
  const timers = new Map<string, { timer: NodeJS.Timeout; due: number }>()
  const failures = new Map<string, number>()
  const stopping = new AbortController()

  function add(key: string): void {
    if (stopping.signal.aborted) return
    clearTimeout(timers.get(key)?.timer)
    timers.delete(key)
    if (running.has(key)) askedAgain.set(key, add)
    else waiting.add(key)
    startWaiting()
  }

  function addSoon(key: string): void {
    if (stopping.signal.aborted || waiting.has(key)) return
    if (running.has(key)) {
      if (!askedAgain.has(key)) askedAgain.set(key, addSoon)
      return
    }
    const known = timers.get(key)
    if (known !== undefined && known.due <= performance.now() + foldMs) return
    clearTimeout(known?.timer)
    addAfter(key, foldMs)
  }

  function addAfter(key: string, ms: number): void {
    timers.set(key, { timer: setTimeout(() => add(key), ms), due: performance.now() + ms })
  }

  function startWaiting(): void {
    for (const key of waiting) {
      if (running.size >= concurrency) return
      waiting.delete(key)
      running.set(key, run(key))
    }
  }

  async function run(key: string): Promise<void> {
    const started = performance.now()
    let result: Omit<WorkResult, 'seconds'>
    try {
      result = { outcome: await options.handle(key, stopping.signal) }
    } catch (error) {
      result = { outcome: 'retry', error }
    }
    running.delete(key)
    if (stopping.signal.aborted) return
    options.onResult?.(key, { ...result, seconds: (performance.now() - started) / 1000 })
    schedule(key, result.outcome)
    startWaiting()
  }

  function schedule(key: string, outcome: Outcome): void {
    if (outcome !== 'retry') failures.delete(key)
    const again = askedAgain.get(key)
    askedAgain.delete(key)
    if (again !== undefined) return again(key)
    if (outcome === 'done') return addAfter(key, resyncMs * (0.9 + 0.2 * random()))
    if (outcome === 'gone') return
    if (outcome === 'soon') return addAfter(key, soonMs * (0.75 + 0.5 * random()))
    const failed = failures.get(key) ?? 0
    failures.set(key, failed + 1)
    // Half of it is random, so that clusters that went together do not come back together.
    addAfter(key, Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(failed, 20)) * (0.5 + 0.5 * random()))
  }

  return {
    add,
    addSoon,
    get depth() {
      return waiting.size
    },
    stop: async () => {
      stopping.abort()
      for (const { timer } of timers.values()) clearTimeout(timer)
      waiting.clear()
      await Promise.all(running.values())
    },
  }
}
