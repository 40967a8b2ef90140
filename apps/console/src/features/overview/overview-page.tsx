import type { MeshOverview } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { useStyle } from '../../lib/use-style.ts'
import { goldenNow } from '../../resource-kit/golden-now.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { splitFailures } from '../../resource-kit/prometheus-failures.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { mtlsShare, trafficByService, trafficQueries, type ServiceTraffic } from '../../resource-kit/service-traffic.ts'
import { SignalsCard } from '../../resource-kit/signals-card.tsx'
import { ControlPlaneCard } from './control-plane-card.tsx'
import { Counters } from './counters.tsx'
import { FindingsCard } from './findings-card.tsx'
import { MembersCard } from './members-card.tsx'
import { MeshActions } from './mesh-actions.tsx'
import css from './overview.css?inline'
import { RankingCard } from './ranking-card.tsx'
import { StateCard } from './state-card.tsx'

/** Services shown in a ranking. */
const SHOWN = 5
const ALL: readonly string[] = []

/** The mesh at a glance: how it is, what is in it, what it does now. */
export function OverviewPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('overview')
  const { mesh } = useMeshScope()
  const query = useQuery(meshQueries.overview(mesh))
  return (
    <Page
      title={t('title')}
      description={t('what')}
      actions={query.data && <MeshActions mesh={query.data.mesh} />}
      failures={splitFailures(query.data?.failures ?? []).clusters}
      onRetry={() => void query.refetch()}
    >
      <QueryView query={query}>{(overview) => <Glance overview={overview} />}</QueryView>
    </Page>
  )
}

function Glance({ overview }: { overview: MeshOverview }) {
  const { t } = useTranslation('overview')
  const { mesh } = useMeshScope()
  const [{ refreshSeconds }] = usePreferences()
  const signals = useQuery(goldenNow(mesh, { scope: 'mesh' }, refreshSeconds))
  const traffic = useQuery(trafficQueries.services(mesh, { namespaces: ALL, refreshSeconds }))
  const services = traffic.data === undefined ? undefined : [...trafficByService(traffic.data).values()]
  return (
    <div className="md-stack">
      <Counters mesh={overview.mesh} />
      <SignalsCard title={t('signals.title')} query={signals} mtls={traffic.data && mtlsShare(traffic.data)} />
      {services !== undefined && services.length > 0 && (
        <div className="md-halves">
          <RankingCard title={t('ranking.worst')} services={worst(services)} empty={t('ranking.noErrors')} />
          <RankingCard title={t('ranking.busiest')} services={busiest(services)} empty={t('ranking.noTraffic')} />
        </div>
      )}
      <div className="md-halves">
        <div className="md-stack">
          <StateCard mesh={overview.mesh} />
          <FindingsCard mesh={mesh} />
          <MembersCard mesh={overview.mesh} />
        </div>
        <ControlPlaneCard overview={overview} />
      </div>
    </div>
  )
}

const errorsOf = ({ requestRate, errorRate = 0 }: ServiceTraffic): number => requestRate * errorRate

/** By failed requests, not by share: one failed request of two is less than a hundred of ten thousand. */
function worst(services: readonly ServiceTraffic[]): ServiceTraffic[] {
  return services
    .filter((service) => errorsOf(service) > 0)
    .toSorted((a, b) => errorsOf(b) - errorsOf(a))
    .slice(0, SHOWN)
}

function busiest(services: readonly ServiceTraffic[]): ServiceTraffic[] {
  return services.toSorted((a, b) => b.requestRate - a.requestRate).slice(0, SHOWN)
}
