import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { EmptyState, LoadingState, QueryView } from '../../components/states.tsx'
import { useHost } from '../../lib/host.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places, type Place } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { printSearch, usePageSearch } from '../../lib/search-params.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { useStyle } from '../../lib/use-style.ts'
import { indexGraph } from './graph-index.ts'
import { usePlaceMemory } from './layout/use-places.ts'
import { isMetricsFailure, MetricsFailures } from './metrics-failures.tsx'
import { nodesOfService, surroundingsOf } from './surroundings.ts'
import { TimeControls } from './time-controls.tsx'
import { topologyQueries, type TopologyParams } from './topology-queries.ts'
import { DIRECTIONS, topologySearch } from './topology-search.ts'
import { TopologyTable } from './topology-table.tsx'
import css from './topology.css?inline'

// The picture needs ECharts; the table does not wait for it.
const TopologyCanvas = lazy(async () => ({ default: (await import('./topology-canvas.tsx')).TopologyCanvas }))

const HOPS = [1, 2, 3, 4, 5] as const
const LONG_SECONDS = 3600

/** Who calls a service and what it calls, for its own page: as a picture, or as tables with the same numbers. */
export function ServiceSurroundings({ namespace, name }: { namespace: string; name: string }) {
  useStyle(css)
  const { t } = useTranslation(['service-tabs', 'topology'])
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const host = useHost()
  const memory = usePlaceMemory()
  const [{ refreshSeconds }] = usePreferences()
  const [search, setSearch] = usePageSearch(topologySearch)
  const { hops, direction, window, at, latency, reporter, display } = search
  const asked = useMemo<TopologyParams>(
    () => ({ view: 'service', namespaces: [], clusters: [], window, at, latency, reporter, idle: true }),
    [window, at, latency, reporter],
  )
  const query = useQuery({
    ...topologyQueries.graph(mesh, asked),
    refetchInterval: at === 0 && refreshSeconds > 0 && refreshSeconds * 1000,
  })
  const { data } = query
  const centres = useMemo(() => (data ? nodesOfService(data, { namespace, name }) : []), [data, namespace, name])
  const graph = useMemo(
    () => data && indexGraph(surroundingsOf(data, centres, { hops, direction })),
    [data, centres, hops, direction],
  )
  useShortcuts({ t: () => setSearch({ display: display === 'graph' ? 'table' : 'graph' }) }, host?.root ?? null)
  const failures = data?.failures ?? []
  const retry = () => void query.refetch()
  const [focus = ''] = centres
  const whole = (selected: string): Place => {
    const kept = { view: 'service', window, at, hops, direction, focus, selected } as const
    const printed = Object.entries(printSearch(topologySearch, kept))
    return places.topology(
      mesh,
      Object.fromEntries(printed.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
    )
  }
  const handleSelect = (id: string) => void navigate(whole(id))
  const fileName = ['topology', mesh, namespace, name].join('-')
  return (
    <div className="md-stack">
      <div className="md-topology-focus" role="group" aria-label={t('topology.what')}>
        <Select
          value={hops}
          aria-label={t('topology:focus.hops')}
          options={HOPS.map((value) => ({ value, label: t('topology:focus.count', { count: value }) }))}
          onChange={(value: number) => setSearch({ hops: value })}
          popupMatchSelectWidth={false}
        />
        <Select
          value={direction}
          aria-label={t('topology:focus.direction')}
          options={DIRECTIONS.map((value) => ({ value, label: t(`topology:focus.${value}`) }))}
          onChange={(value) => setSearch({ direction: value })}
          popupMatchSelectWidth={false}
        />
        <TimeControls
          search={search}
          onSearch={setSearch}
          shown={data?.at}
          fetching={query.isFetching}
          stale={query.isError}
          onRefresh={retry}
        />
        <Segmented
          value={display}
          aria-label={t('topology:toolbar.display')}
          options={[
            { value: 'graph', label: t('topology:toolbar.graph') },
            { value: 'table', label: t('topology:toolbar.table') },
          ]}
          onChange={(next) => setSearch({ display: next === 'table' ? 'table' : 'graph' })}
        />
        <AppLink place={whole('')}>{t('topology.whole')}</AppLink>
      </div>
      <MetricsFailures failures={failures} onRetry={retry} />
      <FailureBanners failures={failures.filter((failure) => !isMetricsFailure(failure))} onRetry={retry} />
      <section className="md-card md-topology" aria-label={t('topology.what')}>
        <div className="md-topology-main" aria-busy={query.isPlaceholderData}>
          <QueryView query={query} loading={<LoadingState rows={10} />}>
            {() => {
              if (!graph || graph.topology.edges.length === 0)
                return (
                  <EmptyState
                    title={t('topology.none')}
                    action={
                      window < LONG_SECONDS && (
                        <Button onClick={() => setSearch({ window: LONG_SECONDS })}>{t('topology.longer')}</Button>
                      )
                    }
                  >
                    {t('topology.noneHint')}
                  </EmptyState>
                )
              if (display === 'table')
                return (
                  <TopologyTable
                    graph={graph}
                    found={undefined}
                    search={search}
                    onSearch={setSearch}
                    onSelect={handleSelect}
                    fileName={fileName}
                  />
                )
              return (
                <Suspense fallback={<LoadingState rows={10} />}>
                  <TopologyCanvas
                    graph={graph}
                    moving={false}
                    layoutKey={JSON.stringify([namespace, name, hops, direction])}
                    memory={memory}
                    found={undefined}
                    selected={undefined}
                    onSelect={(target) => target && handleSelect(target.id)}
                    onGroup={() => undefined}
                    onTable={() => setSearch({ display: 'table' })}
                    fileName={fileName}
                  />
                </Suspense>
              )
            }}
          </QueryView>
        </div>
      </section>
    </div>
  )
}
