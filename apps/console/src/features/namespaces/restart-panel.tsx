import type { Problem, WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import InputNumber from 'antd/es/input-number'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'
import { namespaceQueries } from './queries.ts'
import { RolloutProgress } from './rollout-progress.tsx'
import { rolloutOf } from '@meshdeck/mesh'
import { restartCommand, workloadKey, type NamespaceTarget, type WorkloadTarget } from './targets.ts'
import { useBatchRestart } from './use-batch-restart.ts'
import { useWorkloadObjects } from './use-rollouts.ts'
import { useRestartRights } from './workload-rights.ts'

export interface RestartPanelProps {
  /** Namespaces whose waiting workloads are offered. */
  namespaces: readonly NamespaceTarget[]
  /** Only this workload, whether it waits or not. */
  only?: WorkloadTarget | undefined
  /** Only these, whether they wait or not. */
  among?: readonly WorkloadTarget[] | undefined
}

const STANDARD_SIZE = 5
const MOST_AT_ONCE = 50

/** Those that wait for a restart, or those that were asked for. */
function isOffered(
  workload: WorkloadView,
  only: WorkloadTarget | undefined,
  among?: readonly WorkloadTarget[],
): boolean {
  if (among) return among.some((each) => workloadKey(each) === workloadKey(workload))
  return only ? workloadKey(workload) === workloadKey(only) : workload.injection === 'pending-restart'
}

/**
 * Restarts workloads: which of them, and how far each has come, live until all are done. What is under way goes on in
 * the cluster, whether somebody looks or not.
 */
export function RestartPanel({ namespaces, only, among }: RestartPanelProps) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.workloads(mesh, namespaces))
  const sizeId = useId()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [size, setSize] = useState(STANDARD_SIZE)

  const candidates = query.data?.items ?? []
  // All of them: one that was restarted is no longer offered, and is followed to its end all the same.
  const objects = useWorkloadObjects(only ? candidates.filter((each) => isOffered(each, only)) : candidates)
  const batch = useBatchRestart(mesh, candidates, objects, size)
  const { started, waiting, held, phase } = batch
  const known = (row: WorkloadView) => started.has(workloadKey(row)) || waiting.includes(workloadKey(row))
  const rows = candidates.filter((row) => known(row) || isOffered(row, only, among))
  const rightTo = useRestartRights(rows)
  const open = rows.filter((row) => !known(row) && rightTo(row)?.allowed)
  const chosen = open.filter((row) => !left.has(workloadKey(row)))
  const isIdle = phase === 'idle'
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
                    checked={known(row) || (right?.allowed === true && !left.has(key))}
                    disabled={known(row) || right?.allowed !== true || !isIdle}
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
                  {waiting.includes(key) ? (
                    <StatusDot tone="info">
                      {held.has(key) ? t('restart.held', { budget: held.get(key) }) : t('restart.queued')}
                    </StatusDot>
                  ) : start === undefined ? (
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
      {batch.error !== undefined && <ErrorState error={batch.error} />}
      {batch.hidden && <p className="md-muted">{t('restart.budgetsHidden')}</p>}
      {batch.isStuck && <p role="alert">{t('restart.stuck')}</p>}
      {!isIdle && (
        <div className="md-buttons">
          {phase === 'running' ? (
            <Button onClick={batch.pause}>{t('restart.pause')}</Button>
          ) : (
            <Button type="primary" onClick={batch.resume}>
              {t('restart.resume')}
            </Button>
          )}
          <Button onClick={batch.stop}>{t('restart.stop')}</Button>
          <span role="status" className="md-muted">
            {t(phase === 'running' ? 'restart.stillWaiting' : 'restart.paused', { count: waiting.length })}
          </span>
        </div>
      )}
      {isIdle && open.length > 0 && (
        <>
          <div className="md-buttons">
            <label htmlFor={sizeId}>{t('restart.size')}</label>
            <InputNumber
              id={sizeId}
              min={1}
              max={MOST_AT_ONCE}
              precision={0}
              value={size}
              onChange={(value) => setSize(value ?? STANDARD_SIZE)}
            />
            <Button
              type="primary"
              disabled={chosen.length === 0}
              onClick={() => batch.start(chosen.map((row) => workloadKey(row)))}
            >
              {t('restart.button', { count: chosen.length })}
            </Button>
          </div>
          {chosen.length > 0 && <CommandBox command={restartCommand(chosen)} />}
        </>
      )}
      {batch.underWay.length > 0 && <p className="md-muted">{t('restart.goesOn')}</p>}
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
