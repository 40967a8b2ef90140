/** On whose behalf a question is asked, and how. */
export interface Asker {
  /** Questions of one session wait behind each other, not behind all others'. */
  session: string
  /** What nobody waits for goes last. */
  priority: 'interactive' | 'background'
  /** Whether "now" is asked about, so that an answer of a moment ago may stand in for one that does not come. */
  live: boolean
  /** Fires when the asker has gone. */
  signal?: AbortSignal
  /** Hears what is to be said beside an answer. */
  note?: (note: AnswerNote) => void
}

/** What is to be said beside an answer; seconds. */
export type AnswerNote =
  | { kind: 'stale'; seconds: number }
  | { kind: 'partial'; words: string }
  /** Positive: the clock of Prometheus is ahead of ours. */
  | { kind: 'clock'; seconds: number }

export const NOBODY: Asker = { session: '', priority: 'interactive', live: false }
