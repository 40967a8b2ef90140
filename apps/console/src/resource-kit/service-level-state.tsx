import type { ServiceLevelView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'
import { useFormat } from '../lib/format.ts'

const TONES: Readonly<Record<ServiceLevelView['state'], StatusTone>> = {
  exhausted: 'error',
  burnsFast: 'error',
  burnsSlowly: 'warning',
  met: 'success',
  noData: 'unknown',
  unknown: 'unknown',
}

/** How a level is, in a word, with the reason behind it. */
export function ServiceLevelState({ level }: { level: ServiceLevelView }) {
  const { t } = useTranslation('service-levels')
  return (
    <StatusDot tone={TONES[level.state]} reason={t(`reasons.${level.state}`, { days: level.windowDays })}>
      {t(`states.${level.state}`)}
    </StatusDot>
  )
}

/** What a level promises, in one line. */
export function useTargetText(): (level: Pick<ServiceLevelView, 'indicator' | 'objective' | 'windowDays'>) => string {
  const { t } = useTranslation('service-levels')
  const format = useFormat()
  return ({ indicator, objective, windowDays }) =>
    t(`targets.${indicator.type}`, {
      objective,
      days: windowDays,
      threshold: format.duration(indicator.thresholdMilliseconds),
    })
}
