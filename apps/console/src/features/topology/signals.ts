import type { LatencyStatistic, TopologyEdge, TopologyNode } from '@meshdeck/contract'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { bytesRate } from './graph-index.ts'
import { useLatencyName } from './latency-name.ts'
import { perSecond } from './scene/edge-label.ts'

type Traffic = TopologyNode['inbound']

/** Figures in one line, as far as there are any: `22.1 rps · 7.4% errors · p95 184 ms`. */
export function useSignals(latency: LatencyStatistic) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const latencyName = useLatencyName()
  return useMemo(() => {
    const line = ({ requestRate, errorRate, latencyMs, bytesRate: bytes }: Traffic): string =>
      [
        requestRate > 0 && `${format.rate(requestRate)} ${t('glossary:rps')}`,
        errorRate !== undefined && t('signals.errors', { share: format.percent(errorRate) }),
        latencyMs !== undefined && `${latencyName(latency)} ${format.duration(latencyMs)}`,
        bytes > 0 && perSecond(format.bytes(bytes)),
      ]
        .filter(Boolean)
        .join(' · ')
    return {
      trafficSignals: line,
      edgeSignals: (edge: TopologyEdge): string =>
        [
          edge.protocol.toUpperCase(),
          line({ ...edge, bytesRate: bytesRate(edge) }),
          edge.mtlsShare !== undefined && `mTLS ${format.percent(edge.mtlsShare)}`,
        ]
          .filter(Boolean)
          .join(' · '),
    }
  }, [t, format, latency, latencyName])
}
