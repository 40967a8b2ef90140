import type { TopologyNode } from '@meshdeck/contract'
import { mtlsShareOf } from '@meshdeck/mesh'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { LoadingState } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { Figure } from './figure.tsx'
import { goldenSubject } from './golden-subject.ts'
import { servicesOf, type GraphIndex } from './graph-index.ts'
import { HealthLine } from './health-line.tsx'
import { NeighbourTable } from './neighbour-table.tsx'
import { NodeActions } from './node-actions.tsx'
import { NodeConfiguration } from './node-configuration.tsx'
import { NodeForms } from './node-forms.tsx'
import { PanelLinks } from './panel-links.tsx'
import { ProxiesLink } from './proxies-link.tsx'
import type { TopologySearch } from './topology-search.ts'

// Charts come with ECharts, which a reader of the table may never need.
const GoldenCharts = lazy(async () => ({ default: (await import('./golden-charts.tsx')).GoldenCharts }))

export interface NodePanelProps {
  graph: GraphIndex
  node: TopologyNode
  onSelect: (id: string) => void
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
}

/**
 * A node: health, sidecar, mutual TLS, who calls it and whom it calls, its last hour, what is in force for it, and where to
 * go from here.
 */
export function NodePanel({ graph, node, search, onSearch, onSelect }: NodePanelProps) {
  const { t } = useTranslation('topology')
  const format = useFormat()
  const inbound = graph.inbound.get(node.id) ?? []
  const outbound = graph.outbound.get(node.id) ?? []
  const subject = goldenSubject(node)
  const mtls = mtlsShareOf(inbound)
  const { namespace } = node
  const services = servicesOf(node, inbound)
  const [service] = services
  return (
    <>
      <HealthLine
        health={node.health}
        latency={graph.topology.latency}
        signals={inbound.length > 0 ? node.inbound : node.outbound}
      />
      <dl className="md-facts">
        {node.ambient === true && (
          <>
            <dt>{t('sidecar.dataPlane')}</dt>
            <dd>{t('sidecar.ambient')}</dd>
          </>
        )}
        {node.injected !== undefined && (
          <>
            <dt>Sidecar</dt>
            <dd>
              {t(node.injected ? 'sidecar.yes' : 'sidecar.no')} <ProxiesLink node={node} />
            </dd>
          </>
        )}
        {node.badges && (
          <>
            <dt>{t('table.badges')}</dt>
            <dd>{format.list(node.badges.map((badge) => t(`badge.${badge}`)))}</dd>
          </>
        )}
        {mtls !== undefined && (
          <>
            <dt>{t('panel.inMtls')}</dt>
            <dd>
              <Figure value={mtls}>{format.percent(mtls)}</Figure>
            </dd>
          </>
        )}
      </dl>
      {node.type === 'other' && <p className="md-muted">{t('panel.other')}</p>}
      {node.type === 'waypoint' && <p className="md-muted">{t('panel.waypoint')}</p>}
      {node.type === 'unknown' && <p className="md-muted">{t('panel.unknown')}</p>}
      <NeighbourTable
        title={t('panel.inbound')}
        empty={t('panel.noInbound')}
        graph={graph}
        edges={inbound}
        end="source"
        total={node.inbound}
        onSelect={onSelect}
      />
      <NeighbourTable
        title={t('panel.outbound')}
        empty={t('panel.noOutbound')}
        graph={graph}
        edges={outbound}
        end="target"
        total={node.outbound}
        onSelect={onSelect}
      />
      {subject && (
        <Suspense fallback={<LoadingState rows={3} />}>
          <GoldenCharts subject={subject} at={graph.topology.at} window={graph.topology.window} />
        </Suspense>
      )}
      {hasConfiguration(node) && (
        <NodeConfiguration node={node} hosts={inbound.flatMap(({ host }) => host ?? []).filter(isFirst)} />
      )}
      {service && node.type !== 'gateway' && <NodeForms service={service} cluster={node.cluster} />}
      <PanelLinks services={services} namespace={namespace ?? (node.type === 'namespace' ? node.name : undefined)} />
      <NodeActions node={node} search={search} onSearch={onSearch} />
    </>
  )
}

/** Whether an object can be in force for it: it is one thing, and known. */
const hasConfiguration = ({ type }: TopologyNode): boolean =>
  ['workload', 'service', 'version', 'gateway', 'waypoint', 'external'].includes(type)

const isFirst = <Value,>(value: Value, index: number, all: readonly Value[]): boolean => all.indexOf(value) === index
