import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../store/cluster-api.ts'

const STEP_MS = 500
const MOST_STEPS = 2_000

/** Time that stands still until it is moved; what is due at once runs at once. */
export class HandClock implements Clock {
  #now = Date.parse('2026-11-24T12:00:00Z')
  readonly #due = new Map<symbol, { at: number; callback: () => void }>()

  now(): number {
    return this.#now
  }

  after(milliseconds: number, callback: () => void): () => void {
    if (milliseconds <= 0) {
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    }
    const id = Symbol('timer')
    this.#due.set(id, { at: this.#now + milliseconds, callback })
    return () => this.#due.delete(id)
  }

  move(milliseconds: number): void {
    this.#now += milliseconds
    for (const [id, { at, callback }] of this.#due) {
      if (at > this.#now) continue
      this.#due.delete(id)
      callback()
    }
  }

  /** Lets time go by until it is so. Rejects when it does not become so within a quarter of an hour. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step++) {
      if (await isSo()) return
      this.move(STEP_MS)
      await nextTurn()
    }
    throw new Error('it did not become so')
  }
}
