import Progress from 'antd/es/progress'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import type { Rollout, RolloutState } from '@meshdeck/mesh'

const TONES: Record<RolloutState, StatusTone> = {
  waiting: 'info',
  running: 'info',
  done: 'success',
  stuck: 'error',
  manual: 'warning',
}

/** How far a restart has come: a bar, and the same in words. */
export function RolloutProgress({ rollout, name }: { rollout: Rollout; name: string }) {
  const { t } = useTranslation('namespaces')
  const { state, updated, wanted, message } = rollout
  // The last pod may be new and not yet ready: only `done` is the whole.
  const share = state === 'done' ? 1 : wanted === 0 ? 0 : Math.min(0.95, updated / wanted)
  return (
    <span className="md-rollout">
      <Progress
        percent={Math.round(share * 100)}
        showInfo={false}
        size="small"
        status={state === 'stuck' ? 'exception' : state === 'done' ? 'success' : 'active'}
        aria-label={t('restart.progressOf', { name })}
      />
      <StatusDot tone={TONES[state]} {...(message === undefined ? {} : { reason: message })}>
        {t(`restart.states.${state}`, { updated, count: wanted })}
      </StatusDot>
    </span>
  )
}
