import { HUB, type Restart, type RestartTargetPhase, type RestartTargetStatus } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Progress from 'antd/es/progress'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../components/problem-text.tsx'
import { EmptyState, ErrorState, LoadingState } from '../components/states.tsx'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'
import { useCan } from '../lib/access.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { RestartPhaseDot } from './restart-phase.tsx'
import { restartQueries, useActOnRestart } from './restart-queries.ts'

const TONES: Record<RestartTargetPhase, StatusTone> = {
  Waiting: 'unknown',
  Running: 'info',
  Stuck: 'error',
  Done: 'success',
  Failed: 'error',
  Skipped: 'warning',
}

/** How far a restart has come, workload by workload, live; with what can be done about it. */
export function RestartProgress({ name }: { name: string }) {
  const { t } = useTranslation('restarts')
  const query = useQuery(restartQueries.one(name))
  if (query.isPending) return <LoadingState rows={3} />
  if (query.data === undefined) {
    if (problemOf(query.error).code === 'not-found') return <EmptyState title={t('gone')}>{t('goneWhat')}</EmptyState>
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  }
  return <Known restart={query.data} />
}

function Known({ restart }: { restart: Restart }) {
  const { t } = useTranslation('restarts')
  const { spec, status } = restart
  const done = status?.done ?? 0
  const failed = status?.failed ?? 0
  const total = spec.targets.length
  const targets: readonly RestartTargetStatus[] =
    status?.targets ?? spec.targets.map((target) => ({ ...target, phase: 'Waiting' as const }))
  return (
    <section className="md-stack" aria-label={t('progress')}>
      <div role="status">
        <RestartPhaseDot phase={status?.phase} /> {t('doneOf', { done, count: total })}
        {failed > 0 && <> · {t('failed', { count: failed })}</>}
      </div>
      <Progress
        percent={Math.floor((100 * done) / total)}
        status={failed > 0 ? 'exception' : status?.phase === 'Done' ? 'success' : 'normal'}
        aria-label={t('progress')}
      />
      {status?.message !== undefined && <p className="md-muted">{status.message}</p>}
      {status?.phase === 'Stuck' && <p role="alert">{t('stuck')}</p>}
      {status?.finishedAt === undefined && <Controls restart={restart} />}
      <table className="md-plain-table" aria-label={t('targets')}>
        <thead>
          <tr>
            <th scope="col">{t('workload')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('took')}</th>
          </tr>
        </thead>
        <tbody>
          {targets.map((target) => (
            <tr key={`${target.cluster}/${target.namespace}/${target.kind}/${target.name}`}>
              <td>
                {target.name}
                <div className="md-muted">{[target.kind, target.namespace, target.cluster].join(' · ')}</div>
              </td>
              <td>
                <TargetState target={target} />
              </td>
              <td>{secondsOf(target) === undefined ? '–' : t('seconds', { seconds: secondsOf(target) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Controls({ restart }: { restart: Restart }) {
  const { t } = useTranslation('restarts')
  const { mesh } = useMeshScope()
  const { name } = restart.metadata
  const act = useActOnRestart(mesh, name)
  const may = useCan('patch', 'Restart', { cluster: HUB, name })
  const { spec, status } = restart
  if (!may.allowed) return <p className="md-muted">{t('goesOn')}</p>
  return (
    <div className="md-buttons">
      {spec.stopped !== true && (
        <>
          {spec.paused === true ? (
            <Button type="primary" loading={act.isPending} onClick={() => act.mutate('resume')}>
              {t('resume')}
            </Button>
          ) : (
            <Button loading={act.isPending} onClick={() => act.mutate('pause')}>
              {t('pause')}
            </Button>
          )}
          {status?.phase === 'Stuck' && (
            <Button loading={act.isPending} onClick={() => act.mutate('go-on')}>
              {t('goOn')}
            </Button>
          )}
          <Button danger loading={act.isPending} onClick={() => act.mutate('stop')}>
            {t('stop')}
          </Button>
        </>
      )}
      <span className="md-muted">{t('goesOn')}</span>
    </div>
  )
}

/** What a workload waits for, how far its pods are, or what became of it. */
function TargetState({ target }: { target: RestartTargetStatus }) {
  const { t } = useTranslation('restarts')
  const { phase, message, heldBy, updated = 0, wanted = 0, name } = target
  const counts = { updated, count: wanted }
  const words =
    phase === 'Waiting' && heldBy !== undefined
      ? t('states.held', { budget: heldBy })
      : phase === 'Running' && target.wanted === undefined
        ? t('states.begun')
        : t(`states.${phase}`, counts)
  return (
    <>
      {phase === 'Running' && (
        <Progress
          percent={wanted === 0 ? 0 : Math.min(95, Math.round((100 * updated) / wanted))}
          showInfo={false}
          size="small"
          status="active"
          aria-label={t('progressOf', { name })}
        />
      )}
      <StatusDot tone={heldBy === undefined ? TONES[phase] : 'info'}>{words}</StatusDot>
      {message !== undefined && <div className="md-muted">{message}</div>}
    </>
  )
}

function secondsOf({ startedAt, finishedAt }: RestartTargetStatus): number | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined
  return Math.max(0, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000))
}
