import type { KubeResource } from '@meshdeck/kube'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { confirmedWrite, isUnanswered, readBack, UnconfirmedError } from '../confirmed-write.ts'
import { invalidateKind } from '../resource-queries.ts'
import { refOfChange, undoChange, writeChange, type DryRun, type PlannedChange } from './planned-change.ts'

/** What has become of one object of a change set. */
export type Outcome =
  | { state: 'waiting' | 'undone' }
  /** With `pause`: the server wants to be left alone for so many seconds first. */
  | { state: 'running'; pause?: number }
  | { state: 'written'; object: KubeResource; warnings: readonly string[] }
  | { state: 'failed'; error: Error }
  /** It was written, and could not be taken back. */
  | { state: 'stuck'; error: Error; object: KubeResource }
  /** Nobody answered, and nobody can be asked what came of it. With `object`: of taking it back. */
  | { state: 'unknown'; error: Error; object?: KubeResource }

export interface ChangeSet {
  /** By the place of the change. */
  outcomes: readonly Outcome[]
  phase: 'planned' | 'running' | 'finished'
  /** Writes what is not written yet, in order, up to the first that fails. */
  apply: (reason: string) => Promise<void>
  /** Takes back what is written, the last first; what may be written or not is asked for before. */
  undo: (reason: string) => Promise<void>
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/**
 * Carries changes of several objects out, one after the other: what failed half-way is told and can be taken back. A write
 * that nobody answered is read back, so that each is made once and none is called what it is not.
 */
export function useChangeSet(changes: readonly PlannedChange[], dryRuns: readonly DryRun[]): ChangeSet {
  const client = useQueryClient()
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>(() => changes.map(() => ({ state: 'waiting' })))
  const [phase, setPhase] = useState<ChangeSet['phase']>('planned')
  // Changes of which a write was left without an answer once.
  const unanswered = useRef(new Set<PlannedChange>())
  const settle = (at: number, outcome: Outcome) =>
    setOutcomes((known) => known.map((each, index) => (index === at ? outcome : each)))

  const wanted = (at: number, change: PlannedChange) => ({
    ref: refOfChange(change),
    before: change.before,
    expected: dryRuns[at]?.data?.data ?? change.after,
  })
  const write = async (at: number, change: PlannedChange, reason: string): Promise<Outcome> => {
    const { expected, ...rest } = wanted(at, change)
    try {
      const { data = expected, warnings } = await confirmedWrite(client, {
        ...rest,
        expected,
        again: unanswered.current.has(change),
        write: (base) => writeChange(change, base, reason),
        onPause: (pause) => settle(at, { state: 'running', pause }),
      })
      return { state: 'written', object: data, warnings }
    } catch (error) {
      if (isUnanswered(error)) unanswered.current.add(change)
      return { state: error instanceof UnconfirmedError ? 'unknown' : 'failed', error: asError(error) }
    }
  }
  const takeBack = async (at: number, change: PlannedChange, reason: string): Promise<Outcome> => {
    const outcome = outcomes[at]
    let object = outcome !== undefined && 'object' in outcome ? outcome.object : undefined
    try {
      // Whether there is anything to take back is to be found out first.
      if (object === undefined) {
        const found = await readBack(client, wanted(at, change))
        if (!found.isMade || found.object === undefined) return { state: 'undone' }
        object = found.object
      }
      const written = object
      await confirmedWrite(client, {
        ref: refOfChange(change),
        before: written,
        expected: change.before,
        again: outcome?.state === 'unknown',
        write: (base = written) => undoChange(change, base, reason),
        onPause: (pause) => settle(at, { state: 'running', pause }),
      })
      return { state: 'undone' }
    } catch (error) {
      if (error instanceof UnconfirmedError) return { state: 'unknown', error, ...(object ? { object } : {}) }
      return object === undefined
        ? { state: 'failed', error: asError(error) }
        : { state: 'stuck', error: asError(error), object }
    }
  }
  /** Goes through changes until one does not end as wanted. */
  const carryOut = async (
    places: readonly [number, PlannedChange][],
    wanted: Outcome['state'],
    act: (at: number, change: PlannedChange) => Promise<Outcome>,
  ): Promise<void> => {
    setPhase('running')
    for (const [at, change] of places) {
      settle(at, { state: 'running' })
      const outcome = await act(at, change)
      settle(at, outcome)
      if (outcome.state !== wanted) break
    }
    for (const { cluster, kind } of changes) invalidateKind(client, cluster, kind)
    setPhase('finished')
  }
  return {
    outcomes,
    phase,
    apply: (reason) =>
      carryOut(
        [...changes.entries()].filter(([at]) => outcomes[at]?.state !== 'written'),
        'written',
        (at, change) => write(at, change, reason),
      ),
    undo: (reason) =>
      carryOut(
        [...changes.entries()].toReversed().filter(([at]) => isToUndo(outcomes[at])),
        'undone',
        (at, change) => takeBack(at, change, reason),
      ),
  }
}

const isToUndo = (outcome: Outcome | undefined): boolean =>
  outcome?.state === 'written' || outcome?.state === 'stuck' || outcome?.state === 'unknown'
