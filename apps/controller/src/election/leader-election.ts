import { setTimeout as sleep } from 'node:timers/promises'
import { KubeStatusError, type CallOptions, type ResourceClient } from '@meshdeck/kube-client'
import { leaseMark, printMicroTime, readLeaseSpec, type Lease, type LeaseSpec } from './lease-record.ts'

/** Times of an election, in milliseconds. */
export interface ElectionTiming {
  /** Others wait so long after the last renewal that they saw before they take over. */
  leaseMs: number
  /** A leader that could not renew for so long stops, well before others take over. */
  renewDeadlineMs: number
  /** Between attempts to take the lease, and to renew it after one that failed; otherwise it is renewed three times in its duration. */
  retryMs: number
}

/** Back-off ends at so many times `retryMs`. */
const LONGEST_PAUSE = 8
/** Candidates that start together part by up to this share of a pause. Source: client-go's JitterFactor is 1.2. */
const JITTER = 0.2

/** As client-go's defaults. */
const DEFAULT_TIMING: ElectionTiming = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 }

export interface ElectionOptions {
  /** On the hub. */
  client: ResourceClient
  namespace: string
  name: string
  /** Tells this process from all others. */
  identity: string
  /** Works as long as the signal is not aborted; the lease is given up only after it has resolved. */
  lead: (signal: AbortSignal) => Promise<void>
  onError?: (error: unknown) => void
  /** Each time an attempt went through, whoever leads. */
  onHeard?: () => void
  timing?: ElectionTiming
  /** 0 ≤ x < 1. */
  random?: () => number
}

export interface Election {
  readonly leading: boolean
  /** Ends the leadership, waits for the work to end, and frees the lease for others. */
  stop(): Promise<void>
}

/**
 * Takes part in an election held through a Lease. Clocks are not trusted: a lease has run out when *we* have seen no
 * change of it for its whole duration by our own monotonic clock, as in client-go.
 * Source: https://kubernetes.io/docs/concepts/architecture/leases/
 */
export function joinElection(options: ElectionOptions): Election {
  const { client, namespace, name, identity } = options
  const timing = options.timing ?? DEFAULT_TIMING
  const random = options.random ?? Math.random
  const ref = { namespace, name }
  const stopping = new AbortController()
  let leading = false
  let observed: { mark: string; at: number } | undefined
  /** As we wrote it: it need not be read as long as nobody else writes. */
  let written: Lease | undefined

  /** One attempt to take or renew the lease; says whether it is ours. Throws what the hub throws. */
  async function takeOrRenew(): Promise<boolean> {
    const call = { timeoutMs: timing.renewDeadlineMs / 2 }
    const ours = written
    written = undefined
    if (ours !== undefined) return replace(ours, call)
    const lease = await client.get<Lease>('Lease', ref, call).catch((error: unknown) => {
      if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
      throw error
    })
    if (!lease) {
      const { resource } = await client.create<Lease>('Lease', draft(undefined), call)
      observe(resource)
      return true
    }
    const mark = leaseMark(lease)
    if (observed?.mark !== mark) observed = { mark, at: performance.now() }
    const spec = readLeaseSpec(lease)
    const heldMs = (spec.leaseDurationSeconds ?? timing.leaseMs / 1000) * 1000
    const heldByOther = spec.holderIdentity && spec.holderIdentity !== identity
    if (heldByOther && performance.now() - observed.at < heldMs) return false
    return replace(lease, call)
  }

  /** The resourceVersion that was read decides between two who saw it run out. */
  async function replace(lease: Lease, call: CallOptions): Promise<true> {
    const { spec } = draft(readLeaseSpec(lease))
    const { resource } = await client.replace<Lease>('Lease', { ...lease, spec }, call)
    observe(resource)
    return true
  }

  function observe(lease: Lease): void {
    observed = { mark: leaseMark(lease), at: performance.now() }
    written = lease
  }

  function draft(before: LeaseSpec | undefined): Lease {
    const now = printMicroTime(new Date())
    const mine = before?.holderIdentity === identity
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(timing.leaseMs / 1000),
        acquireTime: mine ? (before.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: (before?.leaseTransitions ?? 0) + (before && !mine ? 1 : 0),
      },
    }
  }

  /** `undefined` when it is not known whose the lease is: the hub did not say, or somebody was faster (409). */
  async function attempt(): Promise<{ held: boolean | undefined; failed: boolean }> {
    try {
      const held = await takeOrRenew()
      options.onHeard?.()
      return { held, failed: false }
    } catch (error) {
      if (error instanceof KubeStatusError && error.httpStatus === 409) return { held: undefined, failed: false }
      if (!stopping.signal.aborted) options.onError?.(error)
      return { held: undefined, failed: true }
    }
  }

  const pause = (signal: AbortSignal, ms: number): Promise<void> =>
    sleep(ms * (1 + JITTER * random()), undefined, { signal }).catch(() => undefined)

  /** Renews until the lease is lost, or the term ends. Calls `lost` when it is lost. `renewedAt`: before it was taken. */
  async function holdOn(term: AbortSignal, renewedAt: number, lost: () => void): Promise<void> {
    // Counted from before the attempt: when the hub wrote it down is not known.
    const untilLost = (since: number): NodeJS.Timeout =>
      setTimeout(lost, timing.renewDeadlineMs - (performance.now() - since))
    let deadline = untilLost(renewedAt)
    let isHeld = true
    while (!term.aborted) {
      await pause(term, isHeld ? Math.min(timing.leaseMs / 3, timing.renewDeadlineMs / 2) : timing.retryMs)
      if (term.aborted) break
      const asked = performance.now()
      const { held } = await attempt()
      if (held === false) lost()
      isHeld = held === true
      if (!isHeld) continue
      clearTimeout(deadline)
      deadline = untilLost(asked)
    }
    clearTimeout(deadline)
  }

  async function lead(takenAt: number): Promise<void> {
    // Who is told to stop while it takes the lease does not begin: nobody would end a term that is over already.
    if (stopping.signal.aborted) return release()
    const ending = new AbortController()
    const term = ending.signal
    stopping.signal.addEventListener('abort', () => ending.abort(), { once: true })
    const holding = holdOn(term, takenAt, () => ending.abort())
    leading = true
    try {
      await options.lead(term)
    } catch (error) {
      // Work that cannot be done here ends the term: another may do better.
      options.onError?.(error)
    }
    leading = false
    ending.abort()
    await holding
    await release()
  }

  /** Frees the lease at once, if it is still ours. */
  async function release(): Promise<void> {
    try {
      const lease = await client.get<Lease>('Lease', ref, { timeoutMs: timing.retryMs })
      const spec = readLeaseSpec(lease)
      if (spec.holderIdentity !== identity) return
      await client.replace<Lease>(
        'Lease',
        { ...lease, spec: { ...spec, holderIdentity: '', leaseDurationSeconds: 1 } },
        { timeoutMs: timing.retryMs },
      )
    } catch (error) {
      if (!stopping.signal.aborted) options.onError?.(error)
    }
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      const asked = performance.now()
      const { held, failed } = await attempt()
      failures = failed ? failures + 1 : 0
      if (held) await lead(asked)
      await pause(stopping.signal, timing.retryMs * Math.min(LONGEST_PAUSE, 2 ** Math.max(0, failures - 1)))
    }
  }

  const running = run()
  return {
    get leading() {
      return leading
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
