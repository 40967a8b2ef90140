import type { KubeResource } from '@meshdeck/kube'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { invalidateKind } from '../resource-queries.ts'
import { undoChange, writeChange, type PlannedChange } from './planned-change.ts'

/** What has become of one object of a change set. */
export type Outcome =
  | { state: 'waiting' | 'running' | 'undone' }
  | { state: 'written'; object: KubeResource; warnings: readonly string[] }
  | { state: 'failed'; error: Error }
  /** It was written, and could not be taken back. */
  | { state: 'stuck'; error: Error; object: KubeResource }

export interface ChangeSet {
  /** By the place of the change. */
  outcomes: readonly Outcome[]
  phase: 'planned' | 'running' | 'finished'
  /** Writes what is not written yet, in order, up to the first that fails. */
  apply: (reason: string) => Promise<void>
  /** Takes back what is written, the last first. */
  undo: (reason: string) => Promise<void>
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** Carries changes of several objects out, one after the other: what failed half-way is told and can be taken back. */
export function useChangeSet(changes: readonly PlannedChange[]): ChangeSet {
  const client = useQueryClient()
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>(() => changes.map(() => ({ state: 'waiting' })))
  const [phase, setPhase] = useState<ChangeSet['phase']>('planned')
  const settle = (at: number, outcome: Outcome) =>
    setOutcomes((known) => known.map((each, index) => (index === at ? outcome : each)))
  const finish = () => {
    for (const { cluster, kind } of changes) invalidateKind(client, cluster, kind)
    setPhase('finished')
  }
  return {
    outcomes,
    phase,
    async apply(reason) {
      setPhase('running')
      for (const [at, change] of changes.entries()) {
        if (outcomes[at]?.state === 'written') continue
        settle(at, { state: 'running' })
        try {
          const { data, warnings } = await writeChange(change, reason)
          settle(at, { state: 'written', object: data, warnings })
        } catch (error) {
          settle(at, { state: 'failed', error: asError(error) })
          break
        }
      }
      finish()
    },
    async undo(reason) {
      setPhase('running')
      for (const [at, change] of [...changes.entries()].toReversed()) {
        const outcome = outcomes[at]
        if (outcome?.state !== 'written' && outcome?.state !== 'stuck') continue
        settle(at, { state: 'running' })
        try {
          await undoChange(change, outcome.object, reason)
          settle(at, { state: 'undone' })
        } catch (error) {
          settle(at, { state: 'stuck', error: asError(error), object: outcome.object })
          break
        }
      }
      finish()
    },
  }
}
