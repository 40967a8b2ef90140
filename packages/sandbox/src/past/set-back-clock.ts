import type { Clock } from '../store/cluster-api.ts'

/** A clock that can be set back for a while: what is written meanwhile was written in the past. */
export class SetBackClock implements Clock {
  readonly #inner: Clock
  #behind = 0

  constructor(inner: Clock) {
    this.#inner = inner
  }

  now(): number {
    return this.#inner.now() - this.#behind
  }

  after(milliseconds: number, callback: () => void): () => void {
    return this.#inner.after(milliseconds, callback)
  }

  /** Does something so many milliseconds ago. One thing at a time. */
  async ago<Result>(milliseconds: number, act: () => Result | Promise<Result>): Promise<Result> {
    this.#behind = milliseconds
    try {
      return await act()
    } finally {
      this.#behind = 0
    }
  }
}
