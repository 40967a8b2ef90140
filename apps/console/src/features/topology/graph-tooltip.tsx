import { useTranslation } from 'react-i18next'
import type { GraphIndex } from './graph-index.ts'
import { HealthDot } from './health-dot.tsx'
import { nodeWhere, useNodeName } from './node-name.ts'
import type { Target } from './scene/scene-model.ts'
import { useSignals } from './signals.ts'

/** What the pointer is on, and where, in pixels of the canvas. */
export interface Hovered {
  target: Target
  x: number
  y: number
}

const OFFSET = 14

/** The figures of what the pointer is on. For eyes only: the same stands in the panel and in the table. */
export function GraphTooltip({ graph, hovered: { target, x, y } }: { graph: GraphIndex; hovered: Hovered }) {
  const { t } = useTranslation('topology')
  const name = useNodeName()
  const { edgeSignals, trafficSignals } = useSignals(graph.topology.latency)
  const node = target.kind === 'node' ? graph.nodes.get(target.id) : undefined
  const edge = target.kind === 'edge' ? graph.edges.get(target.id) : undefined
  const nameOf = (id: string): string => {
    const end = graph.nodes.get(id)
    return end ? name(end) : id
  }
  if (!node && !edge) return null
  return (
    <div className="md-topology-tooltip" aria-hidden="true" style={{ left: x + OFFSET, top: y + OFFSET }}>
      {node && (
        <>
          <strong>{name(node)}</strong>
          <span className="md-muted">{[t(`nodeType.${node.type}`), nodeWhere(node)].filter(Boolean).join(' · ')}</span>
          <HealthDot health={node.health} />
          <Line label={t('panel.in')} text={trafficSignals(node.inbound)} />
          <Line label={t('panel.out')} text={trafficSignals(node.outbound)} />
        </>
      )}
      {edge && (
        <>
          <strong>
            {nameOf(edge.source)} → {nameOf(edge.target)}
          </strong>
          <HealthDot health={edge.health} />
          <span>{edgeSignals(edge)}</span>
        </>
      )}
    </div>
  )
}

function Line({ label, text }: { label: string; text: string }) {
  return text === '' ? null : (
    <span>
      <span className="md-muted">{label}</span> {text}
    </span>
  )
}
