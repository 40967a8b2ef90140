import type { Problem, WorkloadView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import InputNumber from 'antd/es/input-number'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useCan } from '../../lib/access.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { restartPlaces } from '../../lib/restart-places.ts'
import { RestartProgress } from '../../resource-kit/restart-progress.tsx'
import { useStartRestart } from '../../resource-kit/restart-queries.ts'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'
import { namespaceQueries } from './queries.ts'
import { restartCommand, workloadKey, workloadTarget, type NamespaceTarget, type WorkloadTarget } from './targets.ts'
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

/** Chooses workloads and has them restarted; then how far each has come, live. It goes on when this is closed. */
export function RestartPanel({ namespaces, only, among }: RestartPanelProps) {
  const { t } = useTranslation(['namespaces', 'restarts'])
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.workloads(mesh, namespaces))
  const sizeId = useId()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [size, setSize] = useState(STANDARD_SIZE)
  const start = useStartRestart(mesh)
  const mayCreate = useCan('create', 'Restart', { cluster: HUB })

  const rows = (query.data?.items ?? []).filter((row) => isOffered(row, only, among))
  const rightTo = useRestartRights(rows)
  const open = rows.filter((row) => rightTo(row)?.allowed)
  const chosen = open.filter((row) => !left.has(workloadKey(row)))
  const problems = new Map(start.data?.results.map(({ target, problem }) => [target, problem]))
  const toggle = (key: string, checked: boolean) => {
    const next = new Set(left)
    if (checked) next.delete(key)
    else next.add(key)
    setLeft(next)
  }

  const name = start.data?.name
  if (name !== undefined)
    return (
      <>
        <RestartProgress name={name} />
        <AppLink place={restartPlaces.one(mesh, name)}>{t('restarts:openPage')}</AppLink>
      </>
    )
  if (query.isPending) return <LoadingState rows={2} />
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (rows.length === 0) return <p role="status">{t('restart.nothing')}</p>
  return (
    <section className="md-stack" aria-label={t('restart.title')}>
      <table className="md-plain-table">
        <thead>
          <tr>
            <th scope="col">{t('restart.workload')}</th>
            <th scope="col">{t('columns.sidecar')}</th>
            <th scope="col">{t('columns.pods')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = workloadKey(row)
            const right = rightTo(row)
            const problem = problems.get(key)
            return (
              <tr key={key}>
                <td>
                  <Checkbox
                    checked={right?.allowed === true && !left.has(key)}
                    disabled={right?.allowed !== true}
                    onChange={(event) => toggle(key, event.target.checked)}
                  >
                    {row.name}
                  </Checkbox>
                  <div className="md-muted">{[row.kind, row.namespace, row.cluster].join(' · ')}</div>
                  {right?.pending === false && !right.allowed && <div className="md-muted">{t('restart.mayNot')}</div>}
                  {problem && <Refusal problem={problem} />}
                </td>
                <td>
                  <WorkloadSidecar workload={row} />
                </td>
                <td>
                  <PodCount workload={row} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {start.isError && <ErrorState error={start.error} />}
      {start.data !== undefined && <p role="alert">{t('restarts:refused')}</p>}
      {!mayCreate.pending && !mayCreate.allowed && <p role="alert">{t('restarts:mayNotCreate')}</p>}
      {open.length > 0 && (
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
              disabled={chosen.length === 0 || !mayCreate.allowed}
              loading={start.isPending}
              onClick={() => start.mutate({ targets: chosen.map(workloadTarget), batchSize: size })}
            >
              {t('restart.button', { count: chosen.length })}
            </Button>
          </div>
          {chosen.length > 0 && <CommandBox command={restartCommand(chosen)} />}
        </>
      )}
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
