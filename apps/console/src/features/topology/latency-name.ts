import type { LatencyStatistic } from '@meshdeck/contract'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** What a latency is called in headings: `p95`, `mean latency`. */
export function useLatencyName(): (statistic: LatencyStatistic) => string {
  const { t } = useTranslation('topology')
  return useCallback((statistic) => (isQuantile(statistic) ? statistic : t('latency.mean')), [t])
}

const isQuantile = (statistic: LatencyStatistic): boolean => statistic !== 'none' && statistic !== 'mean'
