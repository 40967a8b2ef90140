import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import Button from 'antd/es/button'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { useChangeText } from './change-text.ts'
import { EdgePanel } from './edge-panel.tsx'
import type { GraphIndex } from './graph-index.ts'
import { NodePanel } from './node-panel.tsx'
import { nodeWhere, useNodeName } from './node-name.ts'
import type { Target } from './scene/scene-model.ts'
import type { TopologySearch } from './topology-search.ts'

export interface TopologyPanelProps {
  graph: GraphIndex
  target: Target
  /** Somebody opened it by hand: then it takes the focus, which a link that opens it must not. */
  takeFocus: boolean
  onSelect: (id: string) => void
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  onClose: () => void
}

/** All that the graph knows of one node or edge, beside the picture or the table. */
export function TopologyPanel(props: TopologyPanelProps) {
  const { graph, target, takeFocus, onSelect, onClose } = props
  const { t } = useTranslation('topology')
  const name = useNodeName()
  const heading = useRef<HTMLHeadingElement>(null)
  const { kind, id } = target
  useEffect(() => {
    if (takeFocus) heading.current?.focus()
  }, [takeFocus])

  const format = useFormat()
  const changeText = useChangeText(graph.topology.latency)
  const changed = kind === 'node' ? graph.comparison?.nodes.get(id) : graph.comparison?.edges.get(id)
  const node = kind === 'node' ? graph.nodes.get(id) : undefined
  const edge = kind === 'edge' ? graph.edges.get(id) : undefined
  const nameOf = (end: string): string => {
    const found = graph.nodes.get(end)
    return found ? name(found) : end
  }
  let title: ReactNode = t('panel.gone')
  let where: string | undefined
  if (node) {
    title = name(node)
    where = [nodeWhere(node), t(`nodeType.${node.type}`), node.version].filter(Boolean).join(' · ')
  } else if (edge) {
    title = `${nameOf(edge.source)} → ${nameOf(edge.target)}`
    where = [edge.protocol.toUpperCase(), edge.host].filter(Boolean).join(' · ')
  }
  return (
    <aside className="md-topology-panel" aria-labelledby="md-topology-panel-title">
      <header>
        <h2 id="md-topology-panel-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t('common:actions.close')}
          onClick={onClose}
        />
      </header>
      {where && <p className="md-muted">{where}</p>}
      {changed && <p className="md-topology-change">{format.list(changeText(changed))}</p>}
      {node && (
        <NodePanel
          key={id}
          graph={graph}
          node={node}
          search={props.search}
          onSearch={props.onSearch}
          onSelect={onSelect}
        />
      )}
      {edge && <EdgePanel graph={graph} edge={edge} onSelect={onSelect} />}
      {!node && !edge && (
        <p>
          {t('panel.goneHint')} <code>{id}</code>
        </p>
      )}
    </aside>
  )
}
