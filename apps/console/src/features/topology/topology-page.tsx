import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { LoadingState, QueryView } from '../../components/states.tsx'
import { useHost } from '../../lib/host.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePageSearch } from '../../lib/search-params.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { useStyle } from '../../lib/use-style.ts'
import { usePlaceMemory } from './layout/use-places.ts'
import { MetricsFailures, isMetricsFailure } from './metrics-failures.tsx'
import { targetOf } from './selection.ts'
import { ComparisonBar } from './comparison-bar.tsx'
import { EmptyTopology } from './empty-topology.tsx'
import { FocusBar } from './focus-bar.tsx'
import { regrouped } from './grouping.ts'
import { useNodeName } from './node-name.ts'
import { ComparisonFailed, NothingShown } from './nothing-shown.tsx'
import { TimeLine } from './time-line.tsx'
import type { TopologyAnswer } from './topology-queries.ts'
import { useFullScreen } from './use-full-screen.ts'
import { namespaceGroups } from './shape-graph.ts'
import { useShapedGraph } from './use-shaped-graph.ts'
import { TimeControls } from './time-controls.tsx'
import { TopologyPanel } from './topology-panel.tsx'
import { topologySearch, type TopologySearch } from './topology-search.ts'
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
  const [full, toggleFull] = useFullScreen(host?.root)
  const [address, setAddress] = usePageSearch(topologySearch)
  const { query, before, graph, find, hide, found, marked, needsLatency, grouping } = useShapedGraph(mesh, address)
  const { data } = query
  const search = { ...address, collapsed: [...grouping.collapsed] }
  const { display, selected } = address
  const setSearch: typeof setAddress = (change) =>
    setAddress(grouping.automatic && data ? regrouped(data, change) : change)
  const nodeName = useNodeName()
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

  const groups = useMemo(() => (data ? namespaceGroups(data) : []), [data])
  const focused = graph?.nodes.get(search.focus)
  const focusName = focused ? nodeName(focused) : search.focus
  const failures = data?.failures ?? []
  const fileName = [
    'topology',
    mesh,
    data && new Date(data.at * 1000).toISOString().replaceAll(':', '-').slice(0, 19),
    `${data?.window ?? search.window}s`,
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
      <section
        className={full ? 'md-card md-topology md-topology-full' : 'md-card md-topology'}
        aria-label={t('title')}
      >
        <TopologyToolbar
          search={address}
          onSearch={setSearch}
          groups={groups}
          find={find}
          hide={hide}
          found={found}
          needsLatency={needsLatency}
          full={full}
          onFull={toggleFull}
        />
        <TimeLine search={search} onSearch={setSearch} shown={data?.at} waiting={query.isFetching} />
        <FocusBar
          search={search}
          onSearch={setSearch}
          name={focusName}
          grouped={grouping.automatic ? data?.nodes.length : undefined}
        />
        {graph?.comparison && before.data && (
          <ComparisonBar
            graph={graph}
            before={before.data.at}
            search={search}
            onFind={(text) => setSearch({ find: text })}
            onSelect={handleSelect}
          />
        )}
        {search.compare > 0 && before.isError && <ComparisonFailed error={before.error} />}
        <div className={`md-topology-body md-topology-body-${display}`} role="presentation" onKeyDown={handleKey}>
          <div className="md-topology-main" aria-busy={query.isPlaceholderData}>
            <QueryView query={query} loading={<LoadingState rows={10} />}>
              {(topology) => {
                if (!graph || topology.nodes.length === 0)
                  return <EmptyTopology search={search} failures={failures} onSearch={setSearch} />
                if (graph.topology.nodes.length === 0) return <NothingShown onSearch={setSearch} />
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
                      layoutKey={layoutKeyOf(topology.asked, search)}
                      memory={memory}
                      found={marked}
                      selected={target}
                      onSelect={(picked) => (picked ? handleSelect(picked.id) : selected !== '' && handleClose())}
                      onGroup={(id) => setSearch({ collapsed: [...search.collapsed, id], selected: '' })}
                      onTable={() => handleDisplay('table')}
                      fileName={fileName}
                      moving={search.motion === 'on'}
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
              search={search}
              onSearch={setSearch}
              onClose={handleClose}
            />
          )}
        </div>
      </section>
    </Page>
  )
}

/** What makes another picture. Time is no part of it, nor what is hidden: the same things stay where they were. */
function layoutKeyOf(
  { view, namespaces, clusters, idle }: TopologyAnswer['asked'],
  { collapsed, focus, hops, direction }: TopologySearch,
): string {
  return JSON.stringify([
    view,
    namespaces,
    clusters,
    idle,
    collapsed,
    ...(focus === '' ? [] : [focus, hops, direction]),
  ])
}
