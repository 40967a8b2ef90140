import type { TopologyEdge, TopologyNode } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { Figure } from './figure.tsx'
import { serviceOfHost, type CalledService, type GraphIndex } from './graph-index.ts'
import { HealthLine } from './health-line.tsx'
import { useLatencyHeading } from './latency-name.ts'
import { NodeButton } from './node-button.tsx'
import { PanelLinks } from './panel-links.tsx'
import { perSecond } from './scene/edge-label.ts'

/** Envoy's flags that are explained; others stand by themselves. */
const KNOWN_FLAGS = [
  'DC',
  'UH',
  'UF',
  'UO',
  'NR',
  'URX',
  'UC',
  'UT',
  'UR',
  'LR',
  'RL',
  'UAEX',
  'DPE',
  'FI',
  'DI',
  'LH',
  'IH',
  'SI',
  'NC',
  'DT',
  'UMSDR',
  'NFCF',
] as const

/** An edge: health, figures, mutual TLS, what came back by code and flag, and whose numbers these are. */
export function EdgePanel({
  graph,
  edge,
  onSelect,
}: {
  graph: GraphIndex
  edge: TopologyEdge
  onSelect: (id: string) => void
}) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const format = useFormat()
  const latencyHeading = useLatencyHeading()
  const { latency } = graph.topology
  const service = serviceOfHost(edge.host)
  const tcp = edge.protocol === 'tcp'
  const namespace = service?.namespace ?? graph.nodes.get(edge.target)?.namespace
  const flagText = (flag: string): string => (KNOWN_FLAGS.some((known) => known === flag) ? t(`flag.${flag}`) : '')
  return (
    <>
      <HealthLine health={edge.health} latency={latency} signals={edge} />
      <dl className="md-facts">
        <dt>{t('table.source')}</dt>
        <dd>
          <NodeButton where node={graph.nodes.get(edge.source)} id={edge.source} onSelect={onSelect} />
        </dd>
        <dt>{t('table.target')}</dt>
        <dd>
          <NodeButton where node={graph.nodes.get(edge.target)} id={edge.target} onSelect={onSelect} />
        </dd>
        {!tcp && (
          <>
            <dt>{t('table.rate')}</dt>
            <dd>
              <Figure value={edge.requestRate}>{format.rate(edge.requestRate)}</Figure>
            </dd>
            <dt>{t('table.errors')}</dt>
            <dd>
              <Figure value={edge.errorRate}>{format.percent(edge.errorRate)}</Figure>
            </dd>
            {latency !== 'none' && (
              <>
                <dt>{latencyHeading(latency)}</dt>
                <dd>
                  <Figure value={edge.latencyMs}>{format.duration(edge.latencyMs)}</Figure>
                </dd>
              </>
            )}
          </>
        )}
        {tcp && (
          <>
            <dt>{t('table.sent')}</dt>
            <dd>
              <Figure value={edge.sentRate}>{perSecond(format.bytes(edge.sentRate))}</Figure>
            </dd>
            <dt>{t('table.received')}</dt>
            <dd>
              <Figure value={edge.receivedRate}>{perSecond(format.bytes(edge.receivedRate))}</Figure>
            </dd>
          </>
        )}
        <dt>mTLS</dt>
        <dd>
          {edge.mtlsShare === undefined ? (
            t('panel.mtlsUnknown')
          ) : (
            <Figure value={edge.mtlsShare}>{format.percent(edge.mtlsShare)}</Figure>
          )}
        </dd>
        <dt>{t('panel.reporter')}</dt>
        <dd>{t(`reporter.${edge.reporter}`)}</dd>
      </dl>
      <Outcomes title={t('panel.codes')} unit={t('glossary:rps')} rates={edge.codes} print={format.rate} />
      <Outcomes
        title={t('panel.flags')}
        unit={tcp ? t('panel.bytesPerSecond') : t('glossary:rps')}
        rates={edge.flags}
        print={tcp ? format.bytes : format.rate}
        explain={flagText}
      />
      {service && (
        <p>
          <AppLink place={places.explain(mesh, questionAbout(graph.nodes.get(edge.source), service, edge.protocol))}>
            {t('panel.explain')}
          </AppLink>
        </p>
      )}
      <PanelLinks services={service ? [service] : []} namespace={namespace} />
    </>
  )
}

interface OutcomesProps {
  title: string
  unit: string
  rates: Readonly<Record<string, number>>
  print: (value: number) => string
  explain?: (name: string) => string
}

function Outcomes({ title, unit, rates, print, explain }: OutcomesProps) {
  const rows = Object.entries(rates).toSorted(([, a], [, b]) => b - a)
  if (rows.length === 0) return null
  return (
    <table className="md-topology-neighbours">
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{unit}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, rate]) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code> {explain && <span className="md-muted">{explain(name)}</span>}
            </th>
            <td>
              <Figure value={rate}>{print(rate)}</Figure>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A question that is begun: the port is not in the metrics. */
function questionAbout(
  source: TopologyNode | undefined,
  service: CalledService,
  protocol: TopologyEdge['protocol'],
): Record<string, string> {
  const isCaller = source?.type === 'workload' && source.namespace !== undefined
  return {
    ...(isCaller ? { source: `${source.namespace}/${source.name}` } : {}),
    host: `${service.name}.${service.namespace}`,
    ...(protocol === 'tcp' ? { protocol } : {}),
  }
}
