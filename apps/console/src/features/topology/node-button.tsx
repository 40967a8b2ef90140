import type { TopologyNode } from '@meshdeck/contract'
import { nodeWhere, useNodeName } from './node-name.ts'

export interface NodeButtonProps {
  node: TopologyNode | undefined
  id: string
  /** Shows where it is as well. */
  where?: boolean
  onSelect: (id: string) => void
}

/** A node's name that opens its panel. */
export function NodeButton({ node, id, where = false, onSelect }: NodeButtonProps) {
  const name = useNodeName()
  const place = node && where ? nodeWhere(node) : ''
  return (
    <>
      <button type="button" className="md-link-button" onClick={() => onSelect(id)}>
        {node ? name(node) : id}
      </button>
      {place && <span className="md-topology-where">{place}</span>}
    </>
  )
}
