import type { MeshView } from '@meshdeck/contract'
import { KINDS } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useFormat } from '../../lib/format.ts'
import { places, type Place } from '../../lib/places.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { countQueries } from './queries.ts'

/** What Istio reads; the Sail Operator's kinds install it, so they are no part of a mesh's configuration. */
const CONFIG = new Set<string>(
  KINDS.filter(({ category }) => ['traffic', 'security', 'extensions', 'gateway-api'].includes(category)).map(
    ({ id }) => id,
  ),
)

/** How much there is in the mesh; each figure leads to its list. What the caller may not see is a dash, not a zero. */
export function Counters({ mesh }: { mesh: MeshView }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const { clusters, services, pods, gateways } = mesh.counters
  const namespaces = useQuery(countQueries.namespaces(mesh.name))
  const enabled = useQuery(countQueries.namespaces(mesh.name, { policy: 'enabled' }))
  const pending = useQuery(countQueries.namespaces(mesh.name, { pending: true }))
  const workloads = useQuery(countQueries.workloads(mesh.name))
  const counts = useQuery(meshQueries.counts(mesh.name))
  const config = counts.data?.counts.filter(({ kind, forbidden }) => CONFIG.has(kind) && !forbidden)
  const of = (part: number, total: number): string =>
    t('counters.of', { part: format.number(part), total: format.number(total) })

  return (
    <dl className="md-counters" aria-label={t('counters.title')}>
      <Counter name={t('counters.clusters')} place={places.meshClusters(mesh.name)} note={t('counters.reachable')}>
        {of(clusters.healthy, clusters.total)}
      </Counter>
      <Counter
        name={t('counters.namespaces')}
        place={{ ...places.sidecarNamespaces(mesh.name), ...(pending.data ? { search: { pending: 'true' } } : {}) }}
        note={pending.data ? t('counters.pending', { count: pending.data }) : t('counters.injected')}
        attention={Boolean(pending.data)}
      >
        {enabled.data === undefined || namespaces.data === undefined ? '–' : of(enabled.data, namespaces.data)}
      </Counter>
      <Counter name={t('counters.services')} place={places.services(mesh.name)} note={t('counters.healthy')}>
        {services === undefined ? '–' : of(services.healthy, services.total)}
      </Counter>
      <Counter name={t('counters.workloads')} place={places.sidecarWorkloads(mesh.name)} note={t('counters.inAll')}>
        {format.number(workloads.data)}
      </Counter>
      <Counter
        name={t('counters.pods')}
        place={places.sidecarWorkloads(mesh.name)}
        note={
          pods === undefined
            ? t('counters.withSidecar')
            : t('counters.podsNote', { running: format.number(pods.running) })
        }
      >
        {pods === undefined ? '–' : of(pods.injected, pods.total)}
      </Counter>
      <Counter name={t('counters.gateways')} note={t('counters.ingressEgress')}>
        {gateways === undefined ? '–' : `${format.number(gateways.ingress)} / ${format.number(gateways.egress)}`}
      </Counter>
      <Counter name={t('counters.config')} place={places.istioResources(mesh.name)} note={t('counters.objects')}>
        {config === undefined || config.length === 0
          ? '–'
          : format.number(config.reduce((sum, { count }) => sum + count, 0))}
      </Counter>
    </dl>
  )
}

interface CounterProps {
  name: string
  place?: Place
  note: string
  attention?: boolean
  children: ReactNode
}

function Counter({ name, place, note, attention = false, children }: CounterProps) {
  return (
    <div className="md-card md-counter">
      <dt>{place ? <AppLink place={place}>{name}</AppLink> : name}</dt>
      <dd>
        <strong>{children}</strong>
        <span className={attention ? 'md-attention' : 'md-muted'}>{note}</span>
      </dd>
    </div>
  )
}
