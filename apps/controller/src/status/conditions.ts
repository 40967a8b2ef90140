import { isDeepStrictEqual } from 'node:util'
import type { Condition } from '@meshdeck/kube'

/** A condition as a reconciler finds it; when it began is known only beside the one before. */
export type Finding = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>

/** Dates the findings: a condition keeps its time until its status changes. */
export function dateConditions(
  before: readonly Condition[] | undefined,
  findings: readonly Finding[],
  now: Date,
): Condition[] {
  return findings.map((finding) => {
    const known = before?.find(({ type }) => type === finding.type)
    const since = known?.status === finding.status ? known.lastTransitionTime : undefined
    return { ...finding, lastTransitionTime: since ?? printTime(now) }
  })
}

/** RFC 3339 in whole seconds, as Kubernetes writes it. */
export function printTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Whether writing `next` over `before` would change something. Conditions that others wrote are left out. */
export function statusDiffers<Status extends { conditions?: Condition[] }>(
  before: Status | undefined,
  next: Status,
): boolean {
  const own = new Set(next.conditions?.map(({ type }) => type))
  const mine = { ...before, conditions: sorted(before?.conditions?.filter(({ type }) => own.has(type))) }
  return !isDeepStrictEqual(plain(mine), plain({ ...next, conditions: sorted(next.conditions) }))
}

/** `BadAnswer` from `bad-answer`: reasons of conditions are in camel case. */
export function reasonOf(code: string): string {
  return code
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

const sorted = (conditions: readonly Condition[] | undefined): Condition[] =>
  (conditions ?? []).toSorted((a, b) => (a.type < b.type ? -1 : 1))

/** As it comes back from the API server: without members that are undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
