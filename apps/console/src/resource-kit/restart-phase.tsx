import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'

const TONES: Readonly<Record<string, StatusTone>> = {
  Running: 'info',
  Paused: 'warning',
  Stuck: 'error',
  Done: 'success',
  Stopped: 'unknown',
}

/** State of a whole restart, in a word. */
export function RestartPhaseDot({ phase }: { phase: string | undefined }) {
  const { t } = useTranslation('restarts')
  if (phase === undefined)
    return (
      <StatusDot tone="info" reason={t('unseen')}>
        {t('phases.Pending')}
      </StatusDot>
    )
  return <StatusDot tone={TONES[phase] ?? 'unknown'}>{t(`phases.${phase}`)}</StatusDot>
}
