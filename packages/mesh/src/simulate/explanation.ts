import type { KindId, KubeResource } from '@meshdeck/kube'
import type { StepCode } from './step-codes.ts'

/** Which proxy, or which place, a step is about. */
export type Hop = 'client' | 'gateway' | 'server'

/** Where in which object something is said. */
export interface StepPlace {
  cluster: string
  kind: KindId
  namespace: string
  name: string
  /** As API servers name fields; empty: the whole object. */
  path: string
}

/** `ok`: it goes on; `stop`: it ends here; `note`: to be known; `open`: what is seen does not tell; `skip`: does not apply. */
export type Outcome = 'ok' | 'stop' | 'note' | 'open' | 'skip'

/** One thing that is decided on the way. */
export interface Step {
  hop: Hop
  outcome: Outcome
  code: StepCode
  values: Readonly<Record<string, string>>
  place?: StepPlace
  /** What could have decided and did not, with the reason. */
  others?: readonly Step[]
}

/**
 * `allowed`: it arrives; `denied`: a policy refuses it; `fails`: it does not arrive for another reason; `answered`: a proxy
 * answers itself (redirect, direct response); `depends`: on what cannot be known, or on which destination it gets.
 */
export type Verdict = 'allowed' | 'denied' | 'fails' | 'answered' | 'depends'

export interface Outcomes {
  verdict: Verdict
  /** HTTP status that the caller sees; absent when the application's own answer arrives, or without HTTP. */
  status?: number
}

/** One of the places that a request may go to, and what happens there. */
export interface Branch extends Outcomes {
  host: string
  port: number
  subset: string
  /** Share of requests, 0–100. */
  weight: number
  /** The cluster as istiod names it in Envoy; empty when there is none. */
  cluster: string
  steps: readonly Step[]
}

export interface Explanation extends Outcomes {
  /** Until the destination is chosen. */
  steps: readonly Step[]
  branches: readonly Branch[]
}

export const placeOf = (cluster: string, kind: KindId, object: KubeResource, path = ''): StepPlace => ({
  cluster,
  kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
  path,
})

export const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** The verdict over several destinations: theirs, when they agree. */
export function together(branches: readonly Outcomes[]): Outcomes {
  const [first] = branches
  if (first === undefined) return { verdict: 'depends' }
  const agree = branches.every(({ verdict, status }) => verdict === first.verdict && status === first.status)
  if (agree) return { verdict: first.verdict, ...(first.status === undefined ? {} : { status: first.status }) }
  const sameVerdict = branches.every(({ verdict }) => verdict === first.verdict)
  return { verdict: sameVerdict ? first.verdict : 'depends' }
}

/** Oldest first, as istiod sorts what it reads. Source: Istio, `sortConfigByCreationTime`. */
export function byAge(a: KubeResource, b: KubeResource): number {
  const [left, right] = [a, b].map(({ metadata }) => metadata.creationTimestamp ?? '')
  return (
    (left ?? '').localeCompare(right ?? '') ||
    a.metadata.name.localeCompare(b.metadata.name) ||
    (a.metadata.namespace ?? '').localeCompare(b.metadata.namespace ?? '')
  )
}
