import type { MeshView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'

type Condition = MeshView['conditions'][number]

const TONES: Record<Condition['status'], StatusTone> = { True: 'success', False: 'error', Unknown: 'unknown' }

/** In what state the mesh is, and every condition behind it. */
export function StateCard({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation('overview')
  return (
    <section className="md-card" aria-label={t('state.title')}>
      <header>
        <h2>{t('state.title')}</h2>
        <StatusDot tone={meshPhaseTone(mesh.phase)}>{t(`glossary:meshPhase.${mesh.phase}`)}</StatusDot>
      </header>
      <div className="md-card-body">
        <dl className="md-facts">
          <dt>{t('state.mode')}</dt>
          <dd>{t(`glossary:meshMode.${mesh.mode}`)}</dd>
          <dt>{t('glossary:created')}</dt>
          <dd>
            <RelativeTime at={mesh.created} />
          </dd>
        </dl>
        {mesh.conditions.length === 0 ? (
          <p className="md-muted">{t('state.noConditions')}</p>
        ) : (
          <ul className="md-conditions" aria-label={t('state.conditions')}>
            {mesh.conditions.map((condition) => (
              <ConditionLine key={condition.type} condition={condition} />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

/** The message is the controller's own and stays as it is. */
function ConditionLine({ condition: { type, status, reason, message, lastTransitionTime } }: { condition: Condition }) {
  const { t } = useTranslation('overview')
  return (
    <li>
      <StatusDot tone={TONES[status]} reason={`${type}=${status} (${reason})`}>
        {t([`state.types.${type}.${status}`, 'state.types.other'], { type, status })}
      </StatusDot>
      {lastTransitionTime !== undefined && (
        <span className="md-muted">
          <RelativeTime at={lastTransitionTime} />
        </span>
      )}
      <div className="md-muted">{message}</div>
    </li>
  )
}
