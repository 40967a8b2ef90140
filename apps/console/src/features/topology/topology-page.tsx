import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { LoadingState, QueryView } from '../../components/states.tsx'
import { useHost } from '../../lib/host.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { usePageSearch } from '../../lib/search-params.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { useStyle } from '../../lib/use-style.ts'
import { findInGraph, indexGraph } from './graph-index.ts'
import { usePlaceMemory } from './layout/use-places.ts'
import { MetricsFailures, isMetricsFailure } from './metrics-failures.tsx'
import { targetOf } from './selection.ts'
import { EmptyTopology } from './empty-topology.tsx'
import { TimeControls } from './time-controls.tsx'
import { TopologyPanel } from './topology-panel.tsx'
import { topologyQueries } from './topology-queries.ts'
import { topologySearch } from './topology-search.ts'
import { TopologyTable } from './topology-table.tsx'
import { TopologyToolbar } from './topology-toolbar.tsx'
import css from './topology.css?inline'

// The picture needs ECharts; the table does not wait for it.
const TopologyCanvas = lazy(async () => ({ default: (await import('./topology-canvas.tsx')).TopologyCanvas }))

/** Who calls whom in the mesh, how much, how well and how safely: as a picture, or as tables with the same numbers. */
export function TopologyPage() {
  useStyle(css)
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const host = useHost()
  const navigate = useNavigate()
  const [search, setSearch] = usePageSearch(topologySearch)
  const [{ refreshSeconds }] = usePreferences()
  const { view, namespaces, clusters, window, at, idle, latency, reporter, display, selected } = search
  const query = useQuery({
    ...topologyQueries.graph(mesh, { view, namespaces, clusters, window, at, idle, latency, reporter }),
    // A pinned instant does not change any more.
    refetchInterval: at === 0 && refreshSeconds > 0 && refreshSeconds * 1000,
  })
  const { data } = query
  const graph = useMemo(() => data && indexGraph(data), [data])
  const found = useMemo(() => graph && findInGraph(graph, search.find), [graph, search.find])
  const target = useMemo(() => targetOf(selected, graph), [selected, graph])
  const memory = usePlaceMemory()
  const [byHand, setByHand] = useState(false)
  const opener = useRef<Element>(null)

  const handleDisplay = (next: 'graph' | 'table') => setSearch({ display: next })
  useShortcuts(
    {
      t: () => handleDisplay(display === 'graph' ? 'table' : 'graph'),
      // The shell's own; named here as well so that its second key is not taken for the one above.
      'g t': () => void navigate(places.topology(mesh)),
    },
    host?.root ?? null,
  )

  const handleSelect = (id: string) => {
    if (selected === '') opener.current = document.activeElement
    setByHand(true)
    setSearch({ selected: id })
  }
  const handleClose = () => {
    setSearch({ selected: '' })
    if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus()
  }
  const handleKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || selected === '') return
    event.preventDefault()
    handleClose()
  }

  const failures = data?.failures ?? []
  const fileName = [
    'topology',
    mesh,
    data && new Date(data.at * 1000).toISOString().replaceAll(':', '-').slice(0, 19),
    `${data?.window ?? window}s`,
  ]
    .filter(Boolean)
    .join('-')
  return (
    <Page
      title={t('title')}
      description={t('description')}
      failures={failures.filter((failure) => !isMetricsFailure(failure))}
      onRetry={() => void query.refetch()}
      actions={
        <TimeControls
          search={search}
          onSearch={setSearch}
          shown={data?.at}
          fetching={query.isFetching}
          stale={query.isError}
          onRefresh={() => void query.refetch()}
        />
      }
    >
      <MetricsFailures failures={failures} onRetry={() => void query.refetch()} />
      <section className="md-card md-topology" aria-label={t('title')}>
        <TopologyToolbar search={search} onSearch={setSearch} found={found?.nodes.size} />
        <div className="md-topology-body" role="presentation" onKeyDown={handleKey}>
          <div className="md-topology-main" aria-busy={query.isPlaceholderData}>
            <QueryView query={query} loading={<LoadingState rows={10} />}>
              {(topology) => {
                if (!graph || topology.nodes.length === 0)
                  return <EmptyTopology search={search} failures={failures} onSearch={setSearch} />
                if (display === 'table') {
                  return (
                    <TopologyTable
                      graph={graph}
                      found={found}
                      search={search}
                      onSearch={setSearch}
                      onSelect={handleSelect}
                      fileName={fileName}
                    />
                  )
                }
                return (
                  <Suspense fallback={<LoadingState rows={10} />}>
                    <TopologyCanvas
                      graph={graph}
                      layoutKey={layoutKeyOf(topology.asked)}
                      memory={memory}
                      found={found}
                      selected={target}
                      onSelect={(picked) => (picked ? handleSelect(picked.id) : selected !== '' && handleClose())}
                      onTable={() => handleDisplay('table')}
                      fileName={fileName}
                    />
                  </Suspense>
                )
              }}
            </QueryView>
          </div>
          {graph && target && (
            <TopologyPanel
              key={selected}
              graph={graph}
              target={target}
              takeFocus={byHand}
              onSelect={handleSelect}
              onFocusNamespace={(namespace) => setSearch({ namespaces: [namespace] })}
              onClose={handleClose}
            />
          )}
        </div>
      </section>
    </Page>
  )
}

/** What makes another picture. Time is no part of it: the same things stay where they were. */
function layoutKeyOf({
  view,
  namespaces,
  clusters,
  idle,
}: {
  view: string
  namespaces: readonly string[]
  clusters: readonly string[]
  idle: boolean
}): string {
  return JSON.stringify([view, namespaces, clusters, idle])
}
