import type { ClusterFailure, ClusterList } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { asError, problemOf, useProblemText } from '../components/problem-text.tsx'
import { useNow } from '../components/relative-time.tsx'
import { ErrorState, LoadingState } from '../components/states.tsx'
import { AppLink } from '../components/app-link.tsx'
import { api } from '../lib/api.ts'
import { useFormat } from '../lib/format.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { places } from '../lib/places.ts'
import { FLEET } from '../lib/query-keys.ts'
import { useStyle } from '../lib/use-style.ts'
import type { GoldenNow } from './golden-now.ts'
import { splitFailures } from './prometheus-failures.ts'
import css from './signals-card.css?inline'

const CLUSTER: KindId = 'Cluster'

/** Which Prometheus belongs to which cluster. Those who may not list clusters see figures without their source. */
const sourcesQuery = () =>
  queryOptions({
    queryKey: [FLEET, CLUSTER, 'prometheus-sources'] as const,
    queryFn: ({ signal }) => api.get<ClusterList>(paths.clusters, { signal }),
  })

export interface SignalsCardProps {
  title: string
  query: UseQueryResult<GoldenNow>
  /** Share 0–1 of requests under mutual TLS; `false` leaves the figure out. */
  mtls: number | undefined | false
}

/** Golden signals now: rate, errors, latency, mutual TLS; how old they are and from where; or why there are none. */
export function SignalsCard({ title, query, mtls }: SignalsCardProps) {
  useStyle(css)
  const { t } = useTranslation('overview')
  return (
    <section className="md-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <div className="md-card-body md-signals-body">
        {query.data !== undefined ? (
          <Signals signals={query.data} mtls={mtls} />
        ) : query.isPending ? (
          <LoadingState rows={2} />
        ) : problemOf(query.error).code === 'prometheus-not-configured' ? (
          <NoPrometheus cluster={problemOf(query.error).cluster} />
        ) : (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.data !== undefined && query.isError && <p className="md-muted">{t('signals.outOfDate')}</p>}
      </div>
    </section>
  )
}

function Signals({ signals, mtls }: { signals: GoldenNow; mtls: number | undefined | false }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const { requestRate, errorRate, latencyP50, latencyP90, latencyP99 } = signals
  const figures: [key: string, text: string][] = [
    ['requests', format.rate(requestRate)],
    ['errors', format.percent(errorRate)],
    ['p50', format.duration(latencyP50)],
    ['p90', format.duration(latencyP90)],
    ['p99', format.duration(latencyP99)],
    ...(mtls === false ? [] : ([['mtls', format.percent(mtls)]] as [string, string][])),
  ]
  return (
    <>
      <dl className="md-signals">
        {figures.map(([key, text]) => (
          <div key={key}>
            <dt>{t(`signals.${key}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {requestRate === undefined ? (
        <p>{t('signals.noTraffic')}</p>
      ) : (
        <Source at={signals.at} failures={signals.failures} />
      )}
      {splitFailures(signals.failures).metrics.map((failure) => (
        <MetricsFailure key={failure.cluster} failure={failure} />
      ))}
    </>
  )
}

/** `Averaged over a minute, as of 12:00:00, from the Prometheus of alpha (http://…)`. */
function Source({ at, failures }: { at: number; failures: readonly ClusterFailure[] }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const now = useNow()
  const { clusters } = useMeshScope()
  const { data } = useQuery(sourcesQuery())
  const failed = new Set(failures.map(({ cluster }) => cluster))
  const sources = clusters
    .filter((cluster) => !failed.has(cluster))
    .map((cluster) => {
      const url = data?.items.find(({ name }) => name === cluster)?.prometheusUrl
      return url === undefined ? cluster : t('signals.source', { cluster, url })
    })
  return (
    <p className="md-muted">
      {t('signals.asOf', {
        time: format.time(at * 1000),
        age: format.relative(at * 1000, Math.max(now, at * 1000)),
        sources: format.list(sources),
      })}
    </p>
  )
}

function MetricsFailure({ failure: { cluster, problem } }: { failure: ClusterFailure }) {
  const { t } = useTranslation('overview')
  const text = useProblemText()(asError(problem))
  if (problem.code === 'prometheus-not-configured') return <NoPrometheus cluster={cluster} />
  return (
    <Alert
      type="warning"
      showIcon
      title={t('signals.leftOut', { cluster, reason: text.title })}
      description={text.hint}
    />
  )
}

function NoPrometheus({ cluster }: { cluster: string | undefined }) {
  const { t } = useTranslation('overview')
  return (
    <Alert
      type="info"
      showIcon
      title={cluster === undefined ? t('signals.absent') : t('signals.absentIn', { cluster })}
      description={
        <>
          {t('signals.absentHint')}{' '}
          {cluster !== undefined && (
            <AppLink place={places.cluster(cluster)}>{t('signals.toCluster', { cluster })}</AppLink>
          )}
        </>
      }
    />
  )
}
