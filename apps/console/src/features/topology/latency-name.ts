import type { LatencyStatistic } from '@meshdeck/contract'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** What a latency is called within a sentence: `p95`, `mean latency`. */
export function useLatencyName(): (statistic: LatencyStatistic) => string {
  const { t } = useTranslation('topology')
  return useCallback((statistic) => (isQuantile(statistic) ? statistic : t('latency.mean')), [t])
}

/** What a latency is called where its name stands alone: `p95`, `Mean latency`. */
export function useLatencyHeading(): (statistic: LatencyStatistic) => string {
  const { t } = useTranslation('topology')
  return useCallback((statistic) => (isQuantile(statistic) ? statistic : t('latency.meanHeading')), [t])
}

const isQuantile = (statistic: LatencyStatistic): boolean => statistic !== 'none' && statistic !== 'mean'
