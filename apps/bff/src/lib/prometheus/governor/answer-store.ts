/** What came of asking for an answer. */
export interface Given<Answer> {
  answer: Answer
  from: 'sent' | 'shared' | 'kept' | 'stale'
  /** How long ago it came. */
  ageMs: number
}

export interface Question<Answer> {
  /** Equal questions have equal keys. */
  key: string
  /** The same of questions that differ in their instant only. */
  family: string
  freshMs: number
  /** An older answer of the family may stand in when none comes within patience; as old as this. 0: none may. */
  staleMs: number
  /** Fires when this asker has gone; the question ends when the last of its askers has. */
  signal?: AbortSignal | undefined
  load: (signal: AbortSignal) => Promise<{ answer: Answer; bytes: number }>
  /** Whether an older answer may stand in for one that failed like this. */
  bearable: (error: unknown) => boolean
}

/** Answers that several askers share: while the question is under way, and for a while after. Failures are not kept. */
export interface AnswerStore<Answer> {
  ask(question: Question<Answer>): Promise<Given<Answer>>
  readonly bytes: number
  readonly size: number
}

interface Kept<Answer> {
  answer: Answer
  bytes: number
  family: string
  cameAt: number
}

interface UnderWay<Answer> {
  promise: Promise<Answer>
  askers: number
  abort: () => void
}

/** Keeps the answers used last, up to so many bytes. */
export function createAnswerStore<Answer>(options: {
  maxBytes: number
  patienceMs: number
  now: () => number
}): AnswerStore<Answer> {
  const { maxBytes, patienceMs, now } = options
  const kept = new Map<string, Kept<Answer>>()
  const newest = new Map<string, string>()
  const underWay = new Map<string, UnderWay<Answer>>()
  let bytes = 0

  function drop(key: string): void {
    const entry = kept.get(key)
    if (entry === undefined) return
    kept.delete(key)
    bytes -= entry.bytes
    if (newest.get(entry.family) === key) newest.delete(entry.family)
  }

  function keep(key: string, entry: Kept<Answer>): void {
    drop(key)
    // One that is too large for all is not worth emptying the store for.
    if (entry.bytes > maxBytes / 2) return
    kept.set(key, entry)
    newest.set(entry.family, key)
    bytes += entry.bytes
    for (const [oldest] of kept) {
      if (bytes <= maxBytes) return
      drop(oldest)
    }
  }

  function begin(question: Question<Answer>): UnderWay<Answer> {
    const controller = new AbortController()
    const { key, family } = question
    const forget = (): void => {
      if (underWay.get(key) === entry) underWay.delete(key)
    }
    const promise = question.load(controller.signal).then(
      (loaded) => {
        forget()
        keep(key, { answer: loaded.answer, bytes: loaded.bytes, family, cameAt: now() })
        return loaded.answer
      },
      (error: unknown) => {
        forget()
        throw error
      },
    )
    // Whoever asked may have gone, or have taken an older answer.
    promise.catch(() => undefined)
    const entry: UnderWay<Answer> = {
      promise,
      askers: 0,
      abort() {
        // Whoever asks from now on begins anew.
        forget()
        controller.abort(new DOMException('nobody waits for it any more', 'AbortError'))
      },
    }
    underWay.set(key, entry)
    return entry
  }

  function standIn({ family, staleMs }: Question<Answer>): Given<Answer> | undefined {
    const found = kept.get(newest.get(family) ?? '')
    if (found === undefined || staleMs === 0) return undefined
    const ageMs = now() - found.cameAt
    return ageMs <= staleMs ? { answer: found.answer, from: 'stale', ageMs } : undefined
  }

  return {
    async ask(question) {
      const { key, signal } = question
      signal?.throwIfAborted()
      const found = kept.get(key)
      if (found !== undefined && now() - found.cameAt < question.freshMs) {
        // The ones used last stay longest.
        kept.delete(key)
        kept.set(key, found)
        return { answer: found.answer, from: 'kept', ageMs: now() - found.cameAt }
      }
      const known = underWay.get(key)
      const entry = known ?? begin(question)
      const from = known === undefined ? 'sent' : 'shared'
      entry.askers += 1
      let stays = false
      const outside = Promise.withResolvers<'late'>()
      const leave = (): void => outside.reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
      const timer = standIn(question) === undefined ? undefined : setTimeout(() => outside.resolve('late'), patienceMs)
      try {
        const first = await Promise.race([entry.promise.then((answer) => ({ answer })), outside.promise])
        if (first !== 'late') return { answer: first.answer, from, ageMs: 0 }
        const older = standIn(question)
        if (older === undefined) return { answer: await entry.promise, from, ageMs: 0 }
        // It goes on, for whoever asks next.
        stays = true
        return older
      } catch (error) {
        const older = signal?.aborted === true || !question.bearable(error) ? undefined : standIn(question)
        if (older === undefined) throw error
        return older
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', leave)
        if (!stays) {
          entry.askers -= 1
          if (entry.askers === 0) entry.abort()
        }
      }
    },
    get bytes() {
      return bytes
    },
    get size() {
      return kept.size
    },
  }
}
