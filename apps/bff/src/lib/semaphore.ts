/** Lets at most `limit` pieces of work run at once; further ones wait in order. */
export interface Semaphore {
  /** Runs `work` when there is room. Rejects with the signal's reason when it fires while waiting, with `tooMany()` when the queue is full. */
  run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>
}

export function createSemaphore(options: { limit: number; maxWaiting: number; tooMany: () => Error }): Semaphore {
  let running = 0
  const waiting = new Set<() => void>()

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (running < options.limit) {
      running += 1
      return
    }
    if (waiting.size >= options.maxWaiting) throw options.tooMany()
    // Whoever leaves hands over its place, so `running` stays.
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = (): void => {
      waiting.delete(resolve)
      reject(signal.reason)
    }
    waiting.add(resolve)
    signal.addEventListener('abort', giveUp, { once: true })
    await promise
    signal.removeEventListener('abort', giveUp)
  }

  function leave(): void {
    const [next] = waiting
    if (next === undefined) running -= 1
    else {
      waiting.delete(next)
      next()
    }
  }

  return {
    async run(work, signal) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
