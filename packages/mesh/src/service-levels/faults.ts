import { isNamespaceName, LATENCY_BOUNDS_MS, SERVICE_LEVEL_DAYS } from '@meshdeck/kube'

export interface ServiceLevelFault {
  /** As servers name fields. */
  field: string
  code: 'service' | 'threshold' | 'objective' | 'days'
}

/** What the hub's schema would refuse, told while one types. The hub has the last word. */
export function serviceLevelFaults(spec: {
  service: { namespace: string; name: string }
  indicator: { type?: string; thresholdMilliseconds?: number }
  objective?: number
  windowDays?: number
}): ServiceLevelFault[] {
  const { service, indicator, objective, windowDays } = spec
  const bounds: readonly number[] = LATENCY_BOUNDS_MS
  const checks: [isWrong: boolean, ServiceLevelFault][] = [
    [!isNamespaceName(service.namespace), { field: 'spec.service.namespace', code: 'service' }],
    [!isNamespaceName(service.name), { field: 'spec.service.name', code: 'service' }],
    [
      indicator.type === 'Latency' && !bounds.includes(indicator.thresholdMilliseconds ?? 0),
      { field: 'spec.indicator.thresholdMilliseconds', code: 'threshold' },
    ],
    [!(objective !== undefined && objective > 0 && objective < 100), { field: 'spec.objective', code: 'objective' }],
    [
      windowDays === undefined ||
        !Number.isInteger(windowDays) ||
        windowDays < SERVICE_LEVEL_DAYS.min ||
        windowDays > SERVICE_LEVEL_DAYS.max,
      { field: 'spec.windowDays', code: 'days' },
    ],
  ]
  return checks.flatMap(([isWrong, fault]) => (isWrong ? [fault] : []))
}
