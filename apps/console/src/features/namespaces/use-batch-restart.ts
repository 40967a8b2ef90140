import type { Problem, WorkloadView } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { nextBatch, rolloutOf, takesAway, type Budget, type Restartable } from '@meshdeck/mesh'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../../lib/api.ts'
import { namespaceQueries, useRestart } from './queries.ts'
import { workloadKey, workloadTarget } from './targets.ts'
import { generationOf } from './use-rollouts.ts'

/** How often it is looked whether more can go. */
const LOOK_MS = 1_000

export interface Started {
  /** Generation before the restart. */
  since: number | undefined
  problem: Problem | undefined
}

export type BatchPhase = 'idle' | 'running' | 'paused'

/**
 * Restarts workloads a few at a time, and no more than their disruption budgets allow just then. It is driven from here:
 * what was started goes on in the cluster, what waits is started only while somebody looks. One that is stuck pauses all.
 */
export function useBatchRestart(
  mesh: string,
  rows: readonly WorkloadView[],
  objects: ReadonlyMap<string, KubeResource>,
  size: number,
) {
  const client = useQueryClient()
  const restart = useRestart(mesh)
  const [started, setStarted] = useState<ReadonlyMap<string, Started>>(new Map())
  const [waiting, setWaiting] = useState<readonly string[]>([])
  const [held, setHeld] = useState<ReadonlyMap<string, string>>(new Map())
  const [phase, setPhase] = useState<BatchPhase>('idle')
  const [hidden, setHidden] = useState(false)
  const [error, setError] = useState<unknown>()
  const busy = useRef(false)

  const stateOf = useCallback(
    (key: string) => {
      const start = started.get(key)
      const object = objects.get(key)
      if (start === undefined || start.problem !== undefined || object === undefined) return undefined
      return rolloutOf(object, start.since).state
    },
    [started, objects],
  )
  const underWay = [...started.keys()].filter((key) => ['waiting', 'running'].includes(stateOf(key) ?? ''))
  const isStuck = [...started.keys()].some((key) => stateOf(key) === 'stuck')

  const look = async () => {
    const restartable = (key: string): Restartable[] => {
      const row = rows.find((each) => workloadKey(each) === key)
      const object = objects.get(key)
      return row === undefined || object === undefined ? [] : [{ ...row, key, takes: takesAway(object) }]
    }
    const candidates = waiting.flatMap(restartable)
    // Asked anew each time: a budget changes with every pod.
    const places = new Map(
      candidates.map(({ cluster, namespace }) => [`${cluster}/${namespace}`, { cluster, namespace }]),
    )
    const budgets = await Promise.all(
      [...places.values()].map(async ({ cluster, namespace }): Promise<Budget[] | undefined> => {
        try {
          const page = await client.fetchQuery(namespaceQueries.budgets(cluster, namespace))
          return page.items.map(({ resource }) => ({ cluster, budget: resource }))
        } catch (cause) {
          if (cause instanceof ApiError && cause.status === 403) return undefined
          throw cause
        }
      }),
    )
    const isHidden = budgets.includes(undefined)
    setHidden(isHidden)
    const known = budgets.flatMap((each) => each ?? [])
    const batch = nextBatch(candidates, underWay.flatMap(restartable), known, isHidden ? 1 : size)
    setHeld(batch.held)
    if (batch.start.length === 0) return
    const targets = rows.filter((row) => batch.start.includes(workloadKey(row))).map(workloadTarget)
    const since = new Map(batch.start.map((key) => [key, generationOf(objects.get(key))]))
    const { results } = await restart.mutateAsync({ targets })
    setStarted((before) => {
      const next = new Map(before)
      for (const { target, problem } of results) next.set(target, { since: since.get(target), problem })
      return next
    })
    setWaiting((before) => before.filter((key) => !since.has(key)))
  }

  // The freshest of what is known is looked at, whenever the clock comes round.
  const latest = useRef(look)
  useEffect(() => {
    latest.current = look
  })
  const isOver = phase === 'running' && waiting.length === 0
  const runs = phase === 'running' && !isOver && !isStuck
  useEffect(() => {
    if (!runs) return undefined
    const tick = () => {
      if (busy.current) return
      busy.current = true
      latest
        .current()
        .catch((cause: unknown) => {
          setError(cause)
          setPhase('paused')
        })
        .finally(() => {
          busy.current = false
        })
    }
    tick()
    const timer = setInterval(tick, LOOK_MS)
    return () => clearInterval(timer)
  }, [runs])

  return {
    started,
    waiting,
    held,
    error,
    underWay,
    phase: isOver ? ('idle' as const) : phase === 'running' && isStuck ? ('paused' as const) : phase,
    isStuck,
    /** Whether there are budgets that the person may not see: then one workload goes after the other. */
    hidden,
    start: (keys: readonly string[]) => {
      setError(undefined)
      setWaiting(keys)
      setPhase('running')
    },
    pause: () => setPhase('paused'),
    resume: () => {
      setError(undefined)
      // What is stuck stays as it is; the others go on.
      setStarted((before) => new Map([...before].filter(([key]) => stateOf(key) !== 'stuck')))
      setPhase('running')
    },
    stop: () => {
      setWaiting([])
      setHeld(new Map())
      setPhase('idle')
    },
  }
}
