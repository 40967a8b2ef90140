import type { ServiceView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'

type Reason = ServiceView['reasons'][number]

const TONES: Record<ServiceView['status'], StatusTone> = { running: 'success', warning: 'warning', error: 'error' }

/** Sentences for the reasons of a service's health. */
export function useHealthReasons(): (service: ServiceView) => string[] {
  const { t } = useTranslation('services')
  const format = useFormat()
  return ({ reasons, pods }) =>
    reasons.length === 0
      ? [t(pods === 0 ? 'health.noSelector' : 'health.fine', { count: pods })]
      : reasons.map(({ code, params }: Reason) => {
          const { clusters } = params
          const named = Array.isArray(clusters) ? format.list(clusters.map(String)) : ''
          const count = typeof params['pods'] === 'number' ? params['pods'] : 0
          return t([`health.reasons.${code}`, 'health.reasons.other'], { ...params, code, clusters: named, count })
        })
}

/** Whether a service is as a service of the mesh should be, and why not. */
export function ServiceHealth({ service }: { service: ServiceView }) {
  const { t } = useTranslation('services')
  const reasons = useHealthReasons()
  return (
    <StatusDot tone={TONES[service.status]} reason={reasons(service).join(' ')}>
      {t(`health.${service.status}`)}
    </StatusDot>
  )
}
