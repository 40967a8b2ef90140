import type { MeshOverview } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { LoadingState, QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { newest } from '../../resource-kit/golden-now.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { splitFailures } from '../../resource-kit/prometheus-failures.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { SignalsCard } from '../../resource-kit/signals-card.tsx'
import { AttentionCard } from './attention-card.tsx'
import { CertificatesCard } from './certificates-card.tsx'
import { ControlPlaneCard } from './control-plane-card.tsx'
import { Counters } from './counters.tsx'
import { FindingsCard } from './findings-card.tsx'
import { MembersCard } from './members-card.tsx'
import { MeshActions } from './mesh-actions.tsx'
import css from './overview.css?inline'
import { CHART_RANGES, figuresQuery } from './queries.ts'
import { RankingCard } from './ranking-card.tsx'
import { StateCard } from './state-card.tsx'

const ChartsCard = lazy(() => import('./charts-card.tsx').then((module) => ({ default: module.ChartsCard })))

const schema = searchSchema({ range: param.oneOf(CHART_RANGES, '1h') })

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
  const [{ range }, setSearch] = usePageSearch(schema)
  const figures = useQuery(figuresQuery(mesh, range, refreshSeconds))
  const signals = useQuery({ ...figuresQuery(mesh, range, refreshSeconds), select: newest })
  const top = figures.data?.top
  return (
    <div className="md-stack">
      <Counters mesh={overview.mesh} />
      <AttentionCard overview={overview} />
      <SignalsCard title={t('signals.title')} query={signals} mtls={figures.data?.mtlsShare} />
      {figures.data !== undefined && (
        <Suspense fallback={<LoadingState rows={4} />}>
          <ChartsCard
            figures={figures.data}
            range={range}
            onRange={(next) => setSearch({ range: next }, { replace: true })}
          />
        </Suspense>
      )}
      {top !== undefined && top.byRate.length > 0 && (
        <div className="md-thirds">
          <RankingCard title={t('ranking.worst')} services={top.byErrors} empty={t('ranking.noErrors')} />
          <RankingCard title={t('ranking.busiest')} services={top.byRate} empty={t('ranking.noTraffic')} />
          <RankingCard title={t('ranking.slowest')} services={top.byLatency} empty={t('ranking.noTraffic')} />
        </div>
      )}
      <div className="md-halves">
        <div className="md-stack">
          <StateCard mesh={overview.mesh} />
          <FindingsCard mesh={mesh} />
          <MembersCard mesh={overview.mesh} />
        </div>
        <div className="md-stack">
          <ControlPlaneCard overview={overview} />
          <CertificatesCard mesh={mesh} />
        </div>
      </div>
    </div>
  )
}
