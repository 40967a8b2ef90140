/** Told what the lab is doing, one line at a time. */
export type Log = (line: string) => void

/** Says what happens and when, so that a long wait is never silent. */
export interface Progress {
  /** Writes one line with the time since the start. */
  readonly say: (text: string) => void
  /** The same, with a name before each line: the cluster that it is about. */
  readonly about: (name: string) => Progress
}

export function createProgress(log: Log, startedAt = Date.now()): Progress {
  return {
    say: (text) => log(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)}s] ${text}`),
    about: (name) => createProgress((line) => log(line.replace('] ', `] ${name}: `)), startedAt),
  }
}
