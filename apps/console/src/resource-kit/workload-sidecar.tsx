import type { WorkloadView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'

const TONES: Record<WorkloadView['injection'], StatusTone> = {
  injected: 'success',
  'not-injected': 'unknown',
  'pending-restart': 'warning',
}

/** Whether a workload's pods have a sidecar, and why; a workload that a restart would change says what would change. */
export function WorkloadSidecar({ workload }: { workload: WorkloadView }) {
  const { t } = useTranslation('namespaces')
  const { injection, injectsNewPods, reason, pods, injectedPods } = workload
  const why = t([`reasons.${reason}`, 'reasons.unknown'], { reason })
  const pending =
    injection === 'pending-restart'
      ? t(injectsNewPods ? (injectedPods < pods ? 'workload.lacks' : 'workload.old') : 'workload.keeps', {
          count: injectsNewPods ? (injectedPods < pods ? pods - injectedPods : pods) : injectedPods,
          pods,
        })
      : undefined
  return (
    <StatusDot tone={TONES[injection]} reason={[pending, why].filter(Boolean).join(' ')}>
      {t(`workload.states.${injection}`)}
    </StatusDot>
  )
}
