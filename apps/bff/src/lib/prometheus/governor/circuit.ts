import { PrometheusError } from '../prometheus-error.ts'

/** Spares a Prometheus that is down, and its askers the wait: after some failures in a row they are told at once. */
export interface Circuit {
  /** Throws what failed last, with how long to wait, while nothing is to be asked. */
  check(): void
  /**
   * Before a question is sent: as `check`, and when it is time to try again lets one through and no more. Gives a ticket that
   * its end is told with: questions that were under way together fail once.
   */
  enter(): number
  succeeded(): void
  /** What says nothing of the server's health (a query that it refused) is no failure. */
  failed(error: PrometheusError, ticket: number): void
  /** What `enter` let through came to no end: nobody waited for it any more. */
  abandoned(): void
  readonly state: CircuitState
}

export interface CircuitState {
  state: 'closed' | 'open' | 'trying'
  /** Unix milliseconds of the first failure in the row. */
  since?: number
  /** Unix milliseconds. */
  retryAt?: number
  error?: string
}

const FAILURES_IN_A_ROW = 3
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 30_000

export function createCircuit(now: () => number): Circuit {
  let failures = 0
  let tickets = 0
  /** Whatever was sent up to this one has failed together with one that was counted. */
  let counted = 0
  let pauseMs = 0
  let opened: { retryAt: number; error: PrometheusError; trying: boolean } | undefined
  let since: number | undefined

  function open(error: PrometheusError): void {
    pauseMs = pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    opened = { retryAt: now() + pauseMs, error, trying: false }
  }

  function check(): void {
    if (opened === undefined) return
    const waitMs = opened.retryAt - now()
    if (waitMs <= 0 && !opened.trying) return
    const seconds = Math.max(1, Math.ceil(waitMs / 1000))
    const { kind, message } = opened.error
    throw new PrometheusError(kind, `${message}. It is asked again in ${seconds} s`, {
      cause: opened.error,
      retryAfterSeconds: seconds,
      unasked: true,
    })
  }

  function succeeded(): void {
    failures = 0
    pauseMs = 0
    since = undefined
    opened = undefined
  }

  return {
    check,
    enter() {
      check()
      if (opened !== undefined) opened.trying = true
      tickets += 1
      return tickets
    },
    succeeded,
    failed(error, ticket) {
      if (error.kind !== 'unreachable' && error.kind !== 'timeout') {
        // It answers.
        succeeded()
        return
      }
      if (ticket <= counted) return
      counted = tickets
      failures += 1
      since ??= now()
      if (opened?.trying === true || failures >= FAILURES_IN_A_ROW) open(error)
    },
    abandoned() {
      if (opened !== undefined) opened.trying = false
    },
    get state(): CircuitState {
      if (opened === undefined) return { state: 'closed', ...(since === undefined ? {} : { since }) }
      return {
        state: opened.trying ? 'trying' : 'open',
        ...(since === undefined ? {} : { since }),
        retryAt: opened.retryAt,
        error: opened.error.message,
      }
    },
  }
}
