import type { ClusterProgress as Progress, ComponentProgress, ConditionView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'
import { stepTimes } from './step-times.ts'

interface ClusterProgressProps {
  progress: Progress
  /** When the mesh was created. */
  created: string | undefined
  /** Of the table of steps. */
  label: string
}

/** What has been done in one cluster of a mesh, how long it took, and what stands in the way of the rest. */
export function ClusterProgress({ progress, created, label }: ClusterProgressProps) {
  const { t } = useTranslation(['mesh-progress', 'meshes'])
  const { cluster, isControlPlane, phase, steps, components } = progress
  return (
    <section className="md-stack" aria-label={t('cluster', { cluster })}>
      <h3>
        {cluster} {isControlPlane && <span className="md-muted">{t('meshes:controlPlaneOf')}</span>}{' '}
        {phase !== undefined && <StatusDot tone={meshPhaseTone(phase)}>{t(`glossary:meshPhase.${phase}`)}</StatusDot>}
      </h3>
      {steps.length === 0 ? (
        <p className="md-muted">{t('noSteps')}</p>
      ) : (
        <StepsTable steps={steps} created={created} label={label} />
      )}
      {components.map((component) => (
        <Component key={`${component.kind} ${component.namespace} ${component.name}`} component={component} />
      ))}
    </section>
  )
}

const TONES = { True: 'success', False: 'error', Unknown: 'info' } as const

function StepsTable({
  steps,
  created,
  label,
}: {
  steps: readonly ConditionView[]
  created: string | undefined
  label: string
}) {
  const { t } = useTranslation(['fleet', 'mesh-progress'])
  const format = useFormat()
  const times = stepTimes(steps, created)
  return (
    <table className="md-plain-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('conditions.type')}</th>
          <th scope="col">{t('conditions.status')}</th>
          <th scope="col">{t('conditions.message')}</th>
          <th scope="col">{t('mesh-progress:took')}</th>
          <th scope="col">{t('conditions.since')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ type, status, reason, message, lastTransitionTime }) => (
          <tr key={type}>
            <th scope="row">{t([`conditions.${type}.name`, 'conditions.other'], { type })}</th>
            <td>
              <StatusDot tone={TONES[status]}>{t(`conditions.${type}.${status}`, { defaultValue: reason })}</StatusDot>
            </td>
            <td>{message}</td>
            <td>{format.duration(times.get(type))}</td>
            <td>
              <RelativeTime at={lastTransitionTime} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A workload of Istio's; of one that does not run, what its cluster says about it. */
function Component({ component }: { component: ComponentProgress }) {
  const { t } = useTranslation('mesh-progress')
  const { kind, namespace, name, ready, replicas, troubles, unread } = component
  const runs = replicas > 0 && ready >= replicas
  return (
    <div className="md-stack">
      <p>
        <StatusDot tone={runs ? 'success' : troubles.length > 0 ? 'warning' : 'info'}>
          {kind} {namespace}/{name}: {t('ready', { ready, replicas })}
        </StatusDot>
      </p>
      {unread && <p className="md-muted">{t('unread', { namespace })}</p>}
      {troubles.length > 0 && (
        <ul className="md-affected" aria-label={t('troubles', { name })}>
          {troubles.map((trouble) => (
            <li key={`${trouble.kind} ${trouble.name} ${trouble.reason} ${trouble.message}`}>
              <strong>{trouble.reason}</strong>{' '}
              <span className="md-muted">
                {trouble.kind} {trouble.name}
              </span>{' '}
              {trouble.message}{' '}
              <span className="md-muted">
                {trouble.count !== undefined && trouble.count > 1 && t('times', { count: trouble.count })}{' '}
                {trouble.at !== undefined && <RelativeTime at={trouble.at} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
