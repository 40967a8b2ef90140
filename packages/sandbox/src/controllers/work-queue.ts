import { StatusError } from '../api/status-error.ts'
import type { Clock } from '../store/cluster-api.ts'

/** Work is done in slices, so that requests are answered in between. */
const SLICE_MS = 20
const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 10_000

/** How long things take: as in a cluster, or no time at all while a fleet is being made. */
export interface Pace {
  instant: boolean
}

/**
 * Keys that wait to be reconciled, each once, for all controllers of a cluster. A reconcile that fails is tried again
 * later and later; it never ends the process.
 */
export class WorkQueue {
  readonly #clock: Clock
  readonly #pace: Pace
  readonly #onError: (error: unknown) => void
  readonly #ready = new Map<string, () => void>()
  readonly #delayed = new Map<string, { readonly at: number; readonly cancel: () => void }>()
  readonly #failures = new Map<string, number>()
  readonly #idle: (() => void)[] = []
  #cancel: (() => void) | undefined
  #stopped = false

  constructor(clock: Clock, pace: Pace, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#pace = pace
    this.#onError = onError
  }

  /** @param delayMs nothing while the pace is instant. */
  add(key: string, reconcile: () => void, delayMs = 0): void {
    if (this.#stopped) return
    if (delayMs <= 0 || this.#pace.instant) {
      this.#ready.set(key, reconcile)
      this.#cancel ??= this.#clock.after(0, () => this.#work())
      return
    }
    const at = this.#clock.now() + delayMs
    const waiting = this.#delayed.get(key)
    if (waiting !== undefined && waiting.at <= at) return
    waiting?.cancel()
    const cancel = this.#clock.after(delayMs, () => {
      this.#delayed.delete(key)
      this.add(key, reconcile)
    })
    this.#delayed.set(key, { at, cancel })
  }

  /** Resolves once nothing is waiting, what is delayed not counted. */
  settled(): Promise<void> {
    if (this.#ready.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    for (const { cancel } of this.#delayed.values()) cancel()
    this.#ready.clear()
    this.#delayed.clear()
  }

  #work(): void {
    this.#cancel = undefined
    const until = performance.now() + SLICE_MS
    for (const [key, reconcile] of this.#ready) {
      this.#ready.delete(key)
      this.#run(key, reconcile)
      if (performance.now() > until) break
    }
    if (this.#ready.size > 0) this.#cancel ??= this.#clock.after(0, () => this.#work())
    else for (const resolve of this.#idle.splice(0)) resolve()
  }

  #run(key: string, reconcile: () => void): void {
    try {
      reconcile()
      this.#failures.delete(key)
    } catch (error) {
      const failures = this.#failures.get(key) ?? 0
      this.#failures.set(key, failures + 1)
      // What the API refuses, such as a write to a namespace that is going away, is told in events and conditions.
      if (!(error instanceof StatusError)) this.#onError(error)
      const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)
      const cancel = this.#clock.after(delay, () => {
        this.#delayed.delete(key)
        this.add(key, reconcile)
      })
      this.#delayed.get(key)?.cancel()
      this.#delayed.set(key, { at: this.#clock.now() + delay, cancel })
    }
  }
}
