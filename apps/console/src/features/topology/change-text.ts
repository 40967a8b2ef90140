import type { LatencyStatistic, TopologyEdge, TopologyNode } from '@meshdeck/contract'
import type { Changed, GraphChange } from '@meshdeck/mesh'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { useLatencyName } from './latency-name.ts'

/** A change in words with what it was and is: `more errors: 0% → 12.5%`. */
export function useChangeText(
  latency: LatencyStatistic,
): (changed: Changed<TopologyEdge> | Changed<TopologyNode>) => string[] {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const latencyName = useLatencyName()
  return useCallback(
    ({ changes, before, after }) => {
      const [was, is] = [before && signalsOf(before), after && signalsOf(after)]
      const figures: Partial<Record<GraphChange, string>> = {
        'more-errors': `${format.percent(was?.errorRate)} → ${format.percent(is?.errorRate)}`,
        'fewer-errors': `${format.percent(was?.errorRate)} → ${format.percent(is?.errorRate)}`,
        slower: `${latencyName(latency)} ${format.duration(was?.latencyMs)} → ${format.duration(is?.latencyMs)}`,
        faster: `${latencyName(latency)} ${format.duration(was?.latencyMs)} → ${format.duration(is?.latencyMs)}`,
      }
      return changes.map((change) => [t(`change.${change}`), figures[change]].filter(Boolean).join(': '))
    },
    [t, format, latency, latencyName],
  )
}

const signalsOf = (item: TopologyEdge | TopologyNode): { errorRate?: number; latencyMs?: number } =>
  'inbound' in item ? item.inbound : item
