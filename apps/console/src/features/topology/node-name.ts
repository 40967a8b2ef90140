import type { TopologyNode } from '@meshdeck/contract'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

const NAMED_BY_US = ['unknown', 'passthrough', 'blackhole', 'other'] as const

/** What to call a node: its own name, or ours for what has none (callers nobody knows, what may not be seen). */
export function useNodeName(): (node: TopologyNode) => string {
  const { t } = useTranslation('topology')
  return useCallback(
    (node) => {
      const own = NAMED_BY_US.find((type) => type === node.type)
      if (own) return t(`nodeName.${own}`)
      return node.type === 'version' && node.version !== undefined ? `${node.name} ${node.version}` : node.name
    },
    [t],
  )
}

/** Where a node is, in words: `shop · alpha`. */
export const nodeWhere = ({ namespace, cluster }: TopologyNode): string =>
  [namespace, cluster].filter(Boolean).join(' · ')
