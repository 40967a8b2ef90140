/** Work in pieces, one in each frame: between two of them the page can scroll, type and be clicked. */
export class WorkQueue {
  #steps: (() => void)[] = []
  #frame = 0

  /** Does a single piece at once if nothing waits, else all frame by frame, after what waits already. */
  add(steps: readonly (() => void)[]): void {
    const idle = this.#steps.length === 0
    this.#steps.push(...steps)
    if (idle && steps.length === 1) this.#next()
    else if (idle) this.#wait()
  }

  /** Forgets what has not been done yet. */
  clear(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#steps = []
  }

  #next(): void {
    this.#steps.shift()?.()
    if (this.#steps.length > 0) this.#wait()
  }

  #wait(): void {
    this.#frame = requestAnimationFrame(() => this.#next())
  }
}
