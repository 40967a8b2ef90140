import type { TopologyEdge, TopologyNode } from '@meshdeck/contract'
import { mtlsShareOf } from '@meshdeck/mesh'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { Figure } from './figure.tsx'
import { bytesRate, type GraphIndex } from './graph-index.ts'
import { useLatencyHeading } from './latency-name.ts'
import { useNodeName } from './node-name.ts'
import { perSecond } from './scene/edge-label.ts'

export interface NeighbourTableProps {
  title: string
  empty: string
  graph: GraphIndex
  edges: readonly TopologyEdge[]
  /** Which end of the edges is the neighbour. */
  end: 'source' | 'target'
  total: TopologyNode['inbound']
  onSelect: (id: string) => void
}

/** Calls of a node in one direction, the busiest first, with their sum as the server gives it. */
export function NeighbourTable({ title, empty, graph, edges, end, total, onSelect }: NeighbourTableProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const name = useNodeName()
  const sorted = edges.toSorted((a, b) => b.requestRate - a.requestRate || bytesRate(b) - bytesRate(a))
  const mtls = mtlsShareOf(edges)
  const latencyHeading = useLatencyHeading()
  const { latency } = graph.topology
  const timed = latency !== 'none'
  const rate = (requests: number, bytes: number) =>
    requests > 0 || bytes === 0 ? (
      <Figure value={requests}>{format.rate(requests)}</Figure>
    ) : (
      <Figure value={bytes}>{perSecond(format.bytes(bytes))}</Figure>
    )
  if (edges.length === 0) {
    return (
      <p className="md-muted">
        {title}: {empty}
      </p>
    )
  }
  return (
    <table className="md-topology-neighbours">
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{t('glossary:rps')}</th>
          <th scope="col">{t('panel.errors')}</th>
          {timed && <th scope="col">{latencyHeading(latency)}</th>}
          <th scope="col">mTLS</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((edge) => {
          const node = graph.nodes.get(edge[end])
          return (
            <tr key={edge.id}>
              <th scope="row">
                <button type="button" className="md-link-button" onClick={() => onSelect(edge.id)}>
                  {node ? name(node) : edge[end]}
                </button>
                {edge.protocol !== 'http' && <span className="md-muted"> {edge.protocol.toUpperCase()}</span>}
              </th>
              <td>{rate(edge.requestRate, bytesRate(edge))}</td>
              <td>
                <Figure
                  value={edge.errorRate}
                  tone={(edge.errorRate ?? 0) > 0 ? (edge.health === 'critical' ? 'error' : 'warning') : undefined}
                >
                  {format.percent(edge.errorRate)}
                </Figure>
              </td>
              {timed && (
                <td>
                  <Figure value={edge.latencyMs}>{format.duration(edge.latencyMs)}</Figure>
                </td>
              )}
              <td>
                <Figure value={edge.mtlsShare}>{format.percent(edge.mtlsShare)}</Figure>
              </td>
            </tr>
          )
        })}
      </tbody>
      {edges.length > 1 && (
        <tfoot>
          <tr>
            <th scope="row">{t('panel.total')}</th>
            <td>{rate(total.requestRate, total.bytesRate)}</td>
            <td>
              <Figure value={total.errorRate}>{format.percent(total.errorRate)}</Figure>
            </td>
            {timed && (
              <td>
                <Figure value={total.latencyMs}>{format.duration(total.latencyMs)}</Figure>
              </td>
            )}
            <td>
              <Figure value={mtls}>{format.percent(mtls)}</Figure>
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  )
}
