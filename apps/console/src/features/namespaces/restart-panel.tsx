import type { Problem, WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'
import { namespaceQueries, useRestart } from './queries.ts'
import { RolloutProgress } from './rollout-progress.tsx'
import { rolloutOf } from './rollout.ts'
import { restartCommand, workloadKey, workloadTarget, type NamespaceTarget, type WorkloadTarget } from './targets.ts'
import { generationOf, useWorkloadObjects } from './use-rollouts.ts'
import { useRestartRights } from './workload-rights.ts'

export interface RestartPanelProps {
  /** Namespaces whose waiting workloads are offered. */
  namespaces: readonly NamespaceTarget[]
  /** Only this workload, whether it waits or not. */
  only?: WorkloadTarget | undefined
}

interface Started {
  /** Generation before the restart. */
  since: number | undefined
  problem: Problem | undefined
}

/**
 * Restarts workloads: which of them, and how far each has come, live until all are done. What is under way goes on in
 * the cluster, whether somebody looks or not.
 */
export function RestartPanel({ namespaces, only }: RestartPanelProps) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.workloads(mesh, namespaces))
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [started, setStarted] = useState<ReadonlyMap<string, Started>>(new Map())
  const restart = useRestart(mesh)

  const rows = (query.data?.items ?? []).filter((workload) => {
    const key = workloadKey(workload)
    return started.has(key) || (only ? key === workloadKey(only) : workload.injection === 'pending-restart')
  })
  const rightTo = useRestartRights(rows)
  const objects = useWorkloadObjects(rows)
  const open = rows.filter((row) => !started.has(workloadKey(row)) && rightTo(row)?.allowed)
  const chosen = open.filter((row) => !left.has(workloadKey(row)))
  const underWay = rows.some((row) => {
    const start = started.get(workloadKey(row))
    const object = objects.get(workloadKey(row))
    return (
      start !== undefined &&
      start.problem === undefined &&
      object !== undefined &&
      rolloutOf(object, start.since).state === 'running'
    )
  })

  const handleRestart = async () => {
    const targets = chosen.map(workloadTarget)
    const since = new Map(
      targets.map((target) => [workloadKey(target), generationOf(objects.get(workloadKey(target)))]),
    )
    const { results } = await restart.mutateAsync({ targets })
    const next = new Map(started)
    for (const { target, problem } of results) next.set(target, { since: since.get(target), problem })
    setStarted(next)
  }
  const toggle = (key: string, checked: boolean) => {
    const next = new Set(left)
    if (checked) next.delete(key)
    else next.add(key)
    setLeft(next)
  }

  if (query.isPending) return <LoadingState rows={2} />
  if (query.isError && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (rows.length === 0) return <p role="status">{t('restart.nothing')}</p>
  return (
    <section className="md-stack" aria-label={t('restart.title')}>
      <table className="md-plain-table">
        <thead>
          <tr>
            <th scope="col">{t('restart.workload')}</th>
            <th scope="col">{t('columns.sidecar')}</th>
            <th scope="col">{t('columns.pods')}</th>
            <th scope="col">{t('restart.progress')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = workloadKey(row)
            const object = objects.get(key)
            const start = started.get(key)
            const right = rightTo(row)
            return (
              <tr key={key}>
                <td>
                  <Checkbox
                    checked={start !== undefined || (right?.allowed === true && !left.has(key))}
                    disabled={start !== undefined || right?.allowed !== true || restart.isPending}
                    onChange={(event) => toggle(key, event.target.checked)}
                  >
                    {row.name}
                  </Checkbox>
                  <div className="md-muted">{[row.kind, row.namespace, row.cluster].join(' · ')}</div>
                </td>
                <td>
                  <WorkloadSidecar workload={row} />
                </td>
                <td>
                  <PodCount workload={row} />
                </td>
                <td>
                  {start === undefined ? (
                    right?.pending === false && !right.allowed ? (
                      <span className="md-muted">{t('restart.mayNot')}</span>
                    ) : (
                      '–'
                    )
                  ) : start.problem ? (
                    <Refusal problem={start.problem} />
                  ) : object ? (
                    <RolloutProgress rollout={rolloutOf(object, start.since)} name={row.name} />
                  ) : (
                    t('restart.asked')
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {restart.isError && <ErrorState error={restart.error} />}
      {open.length > 0 && (
        <>
          <div>
            <Button
              type="primary"
              disabled={chosen.length === 0}
              loading={restart.isPending}
              onClick={() => void handleRestart().catch(() => undefined)}
            >
              {t('restart.button', { count: chosen.length })}
            </Button>
          </div>
          {chosen.length > 0 && <CommandBox command={restartCommand(chosen)} />}
        </>
      )}
      {underWay && <p className="md-muted">{t('restart.goesOn')}</p>}
    </section>
  )
}

/** Pods with a sidecar of all pods. */
export function PodCount({ workload }: { workload: Pick<WorkloadView, 'pods' | 'injectedPods'> }) {
  const { t } = useTranslation('namespaces')
  const { pods, injectedPods } = workload
  return pods === 0 ? '–' : t('podsOf', { injected: injectedPods, count: pods })
}

/** What became of a target that was refused, in words. */
export function Refusal({ problem }: { problem: Problem }) {
  const text = useProblemText()(asError(problem))
  return (
    <StatusDot tone="error" reason={text.hint}>
      {[text.title, text.detail].filter(Boolean).join(': ')}
    </StatusDot>
  )
}
