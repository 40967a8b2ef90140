import type { HealthLevel, LatencyStatistic } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { HealthDot } from './health-dot.tsx'
import { healthReasons } from './health-reason.ts'
import { useLatencyName } from './latency-name.ts'

export interface HealthLineProps {
  health: HealthLevel
  /** Which latency the signals have. */
  latency: LatencyStatistic
  signals: { requestRate: number; errorRate?: number | undefined; latencyMs?: number | undefined }
}

/** Health with the reason: which figure is beyond which bound. */
export function HealthLine({ health, latency, signals }: HealthLineProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const latencyName = useLatencyName()
  const reasons = healthReasons(signals).map(({ signal, value, limit }) => {
    const print = signal === 'errorRate' ? format.percent : format.duration
    return t(`reason.${signal}`, { value: print(value), limit: print(limit), latency: latencyName(latency) })
  })
  return (
    <p className="md-topology-health">
      <HealthDot health={health} />
      {reasons.length > 0 && <span>{format.list(reasons)}</span>}
    </p>
  )
}
