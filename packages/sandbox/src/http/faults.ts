/** What can be made to go wrong with an API server while it runs. */
export interface ApiFaults {
  /** Nobody answers: connections are refused. */
  readonly down?: boolean
  /** Milliseconds before each answer. */
  readonly delayMs?: number
  /** Share of requests, 0 to 1, that are answered by 429 with `Retry-After`. */
  readonly tooManyRequests?: number
  /** Share of requests, 0 to 1, that are answered by 500. */
  readonly serverErrors?: number
  /** Share of changes, 0 to 1, that are carried out and whose answer never arrives: the connection is cut before it. */
  readonly lostAnswers?: number
  /** Milliseconds after which a watch is cut off in the middle. */
  readonly watchLifeMs?: number
  /** Every watch that asks for a version is told that it is too old. */
  readonly gone?: boolean
  /** No credential is good any longer. */
  readonly unauthorized?: boolean
}

export const NO_FAULTS: ApiFaults = {}
