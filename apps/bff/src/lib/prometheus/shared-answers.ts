/** Answers that several askers share: while the question is under way, and for a while after. Failures are shared only while under way. */
export interface SharedAnswers<Answer> {
  ask(key: string, question: () => Promise<Answer>): Promise<Answer>
}

interface Entry<Answer> {
  answer: Promise<Answer>
  /** Infinite while under way. */
  until: number
}

/**
 * Keeps at most `maxEntries` answers for `ttlMs` after they came. Expired ones go at the next question, whatever it is,
 * since an answer of Prometheus can be large.
 */
export function createSharedAnswers<Answer>(options: {
  ttlMs: number
  maxEntries: number
  now?: () => number
}): SharedAnswers<Answer> {
  const now = options.now ?? Date.now
  const entries = new Map<string, Entry<Answer>>()

  function sweep(): void {
    const time = now()
    for (const [key, { until }] of entries) if (until <= time) entries.delete(key)
    for (const [key, { until }] of entries) {
      if (entries.size < options.maxEntries) return
      if (until !== Number.POSITIVE_INFINITY) entries.delete(key)
    }
  }

  return {
    ask(key, question) {
      sweep()
      const found = entries.get(key)
      if (found !== undefined) return found.answer
      const answer = question()
      const entry: Entry<Answer> = { answer, until: Number.POSITIVE_INFINITY }
      entries.set(key, entry)
      answer.then(
        () => (entry.until = now() + options.ttlMs),
        () => entries.delete(key),
      )
      return answer
    },
  }
}
