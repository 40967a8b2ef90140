/** Answers kept for a while, at most so many; the oldest goes first. Several askers at once share one question. */
export interface ExpiringCache<Value> {
  get(key: string, ask: () => Promise<Value>): Promise<Value>
  /** The last answer had, however old, as long as it is still here. */
  last(key: string): Value | undefined
  readonly size: number
}

interface Entry<Value> {
  answer: Promise<Value>
  until: number
  last: Value | undefined
}

/** Failures are not kept. `now` is for tests. */
export function createExpiringCache<Value>(options: {
  ttlMs: number
  maxEntries: number
  now?: () => number
}): ExpiringCache<Value> {
  const now = options.now ?? Date.now
  const entries = new Map<string, Entry<Value>>()

  async function settle(key: string, entry: Entry<Value>): Promise<void> {
    try {
      entry.last = await entry.answer
    } catch {
      entry.until = 0
      if (entry.last === undefined && entries.get(key) === entry) entries.delete(key)
    }
  }

  return {
    get(key, ask) {
      const found = entries.get(key)
      if (found !== undefined && found.until > now()) return found.answer
      const entry: Entry<Value> = { answer: ask(), until: now() + options.ttlMs, last: found?.last }
      // Set anew, so that the order of the map is the order of asking.
      entries.delete(key)
      entries.set(key, entry)
      void settle(key, entry)
      const oldest = entries.keys().next()
      if (entries.size > options.maxEntries && !oldest.done) entries.delete(oldest.value)
      return entry.answer
    },
    last: (key) => entries.get(key)?.last,
    get size() {
      return entries.size
    },
  }
}
