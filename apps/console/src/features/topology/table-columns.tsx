import type { HealthLevel, Topology } from '@meshdeck/contract'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { useChangeText } from './change-text.ts'
import { Figure } from './figure.tsx'
import type { GraphIndex } from './graph-index.ts'
import { HealthDot } from './health-dot.tsx'
import { useLatencyHeading } from './latency-name.ts'
import { NodeButton } from './node-button.tsx'
import { perSecond } from './scene/edge-label.ts'
import type { EdgeRow, NodeRow } from './table-rows.ts'

export interface TableColumn<Row> {
  id: string
  title: string
  render: (row: Row) => ReactNode
  /** Figures stand right, under each other. */
  number?: boolean
}

/** Printers of the figures of the tables: as in the graph, with the whole value behind. */
function useFigures() {
  const format = useFormat()
  return useMemo(
    () => ({
      rate: (value: number | undefined) => <Figure value={value}>{format.rate(value)}</Figure>,
      share: (value: number | undefined) => <Figure value={value}>{format.percent(value)}</Figure>,
      errors: (value: number | undefined, health: HealthLevel) => (
        <Figure value={value} tone={(value ?? 0) > 0 ? (health === 'critical' ? 'error' : 'warning') : undefined}>
          {format.percent(value)}
        </Figure>
      ),
      duration: (value: number | undefined) => <Figure value={value}>{format.duration(value)}</Figure>,
      bytes: (value: number) => <Figure value={value}>{perSecond(format.bytes(value))}</Figure>,
    }),
    [format],
  )
}

/** Columns of the table of edges. */
export function useEdgeColumns(
  { nodes, topology, comparison }: GraphIndex,
  onSelect: (id: string) => void,
): TableColumn<EdgeRow>[] {
  const { t } = useTranslation('topology')
  const figures = useFigures()
  const latencyHeading = useLatencyHeading()
  const changeColumn = useChangeColumn(topology)
  return [
    {
      id: 'source',
      title: t('table.source'),
      render: ({ edge }) => <NodeButton where node={nodes.get(edge.source)} id={edge.source} onSelect={onSelect} />,
    },
    {
      id: 'target',
      title: t('table.target'),
      render: ({ edge }) => <NodeButton where node={nodes.get(edge.target)} id={edge.target} onSelect={onSelect} />,
    },
    { id: 'protocol', title: t('table.protocol'), render: ({ edge }) => edge.protocol.toUpperCase() },
    { id: 'health', title: t('table.health'), render: ({ edge }) => <HealthDot health={edge.health} /> },
    {
      id: 'rate',
      number: true,
      title: t('table.rate'),
      render: ({ edge }) => (edge.protocol === 'tcp' ? '–' : figures.rate(edge.requestRate)),
    },
    {
      id: 'errors',
      number: true,
      title: t('table.errors'),
      render: ({ edge }) => figures.errors(edge.errorRate, edge.health),
    },
    ...ifTimed<TableColumn<EdgeRow>>(topology, {
      id: 'latency',
      number: true,
      title: latencyHeading(topology.latency),
      render: ({ edge }) => figures.duration(edge.latencyMs),
    }),
    {
      id: 'sent',
      number: true,
      title: t('table.sent'),
      render: ({ edge }) => (edge.protocol === 'tcp' ? figures.bytes(edge.sentRate) : '–'),
    },
    {
      id: 'received',
      number: true,
      title: t('table.received'),
      render: ({ edge }) => (edge.protocol === 'tcp' ? figures.bytes(edge.receivedRate) : '–'),
    },
    { id: 'mtls', number: true, title: 'mTLS', render: ({ edge }) => figures.share(edge.mtlsShare) },
    ...(comparison ? [changeColumn] : []),
    {
      id: 'open',
      title: t('table.more'),
      render: ({ id }) => (
        <button type="button" className="md-link-button" onClick={() => onSelect(id)}>
          {t('table.open')}
        </button>
      ),
    },
  ]
}

/** Columns of the table of nodes. */
export function useNodeColumns(
  { topology, comparison }: GraphIndex,
  onSelect: (id: string) => void,
): TableColumn<NodeRow>[] {
  const { t } = useTranslation('topology')
  const figures = useFigures()
  const latencyHeading = useLatencyHeading()
  const format = useFormat()
  const changeColumn = useChangeColumn(topology)
  return [
    {
      id: 'name',
      title: t('glossary:name'),
      render: ({ node, id }) => <NodeButton node={node} id={id} onSelect={onSelect} />,
    },
    {
      id: 'where',
      title: t('table.where'),
      render: ({ node }) => [node.namespace, node.cluster].filter(Boolean).join(' · ') || '–',
    },
    {
      id: 'type',
      title: t('table.type'),
      render: ({ node }) => <span className="md-topology-type">{t(`nodeType.${node.type}`)}</span>,
    },
    { id: 'health', title: t('table.health'), render: ({ node }) => <HealthDot health={node.health} /> },
    {
      id: 'rate',
      number: true,
      title: t('table.inRate'),
      render: ({ node }) => figures.rate(node.inbound.requestRate),
    },
    {
      id: 'errors',
      number: true,
      title: t('table.inErrors'),
      render: ({ node }) => figures.errors(node.inbound.errorRate, node.health),
    },
    ...ifTimed<TableColumn<NodeRow>>(topology, {
      id: 'latency',
      number: true,
      title: t('table.inLatency', { latency: latencyHeading(topology.latency) }),
      render: ({ node }) => figures.duration(node.inbound.latencyMs),
    }),
    {
      id: 'bytes',
      number: true,
      title: t('table.inBytes'),
      render: ({ node }) => figures.bytes(node.inbound.bytesRate),
    },
    {
      id: 'outRate',
      number: true,
      title: t('table.outRate'),
      render: ({ node }) => figures.rate(node.outbound.requestRate),
    },
    {
      id: 'outErrors',
      number: true,
      title: t('table.outErrors'),
      render: ({ node }) => figures.share(node.outbound.errorRate),
    },
    { id: 'mtls', number: true, title: t('table.inMtls'), render: ({ mtlsShare }) => figures.share(mtlsShare) },
    {
      id: 'sidecar',
      title: 'Sidecar',
      render: ({ node: { injected, ambient } }) => {
        if (ambient === true) return t('sidecar.ambientShort')
        return injected === undefined ? '–' : t(injected ? 'sidecar.yes' : 'sidecar.no')
      },
    },
    {
      id: 'badges',
      title: t('table.badges'),
      render: ({ node }) => (node.badges ? format.list(node.badges.map((badge) => t(`badge.${badge}`))) : '–'),
    },
    ...(comparison ? [changeColumn] : []),
  ]
}

/** What differs from the moment that is compared with. */
function useChangeColumn({ latency }: Topology): TableColumn<Pick<EdgeRow, 'changed'> | Pick<NodeRow, 'changed'>> {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const changeText = useChangeText(latency)
  return {
    id: 'change',
    title: t('table.change'),
    render: ({ changed }) => (changed ? format.list(changeText(changed)) : '–'),
  }
}

/** A column of latencies, where any were asked for. */
const ifTimed = <Column,>({ latency }: Topology, column: Column): Column[] => (latency === 'none' ? [] : [column])
