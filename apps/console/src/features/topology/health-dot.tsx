import type { HealthLevel } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'

const TONES: Record<HealthLevel, StatusTone> = {
  healthy: 'success',
  warning: 'warning',
  critical: 'error',
  unknown: 'unknown',
}

/** Health as a dot with its word. */
export function HealthDot({ health }: { health: HealthLevel }) {
  const { t } = useTranslation('glossary')
  return <StatusDot tone={TONES[health]}>{t(`health.${health}`)}</StatusDot>
}
