import type { ExploreAnswer } from '@meshdeck/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api.ts'
import { Page } from '../../components/page.tsx'
import { PromqlEditor } from '../../components/promql-editor.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { DashboardTabs } from './dashboard-tabs.tsx'
import { ExploreTable } from './explore-table.tsx'
import { exploreQueries } from './explore-queries.ts'
import css from './monitoring.css?inline'
import { monitoringSearch } from './monitoring-search.ts'
import { TimeControls } from './time-controls.tsx'

const LinePanel = lazy(() => import('./line-panel.tsx').then((module) => ({ default: module.LinePanel })))

const exploreSearch = searchSchema({ query: param.text(), display: param.oneOf(['graph', 'table'], 'graph') })

/** A query of the reader's own, over every Prometheus of the mesh. The question stands in the address. */
export function ExplorePage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('monitoring')
  const { mesh } = useMeshScope()
  const client = useQueryClient()
  const [preferences] = usePreferences()
  const [{ query, display }, setExplore] = usePageSearch(exploreSearch)
  const [search, setSearch] = usePageSearch(monitoringSearch)
  const refreshSeconds = search.refresh < 0 ? preferences.refreshSeconds : search.refresh
  const answer = useQuery(exploreQueries.answer(mesh, query, search, refreshSeconds))
  const names = useMemo(() => exploreQueries.names(client, mesh), [client, mesh])
  const { error } = answer
  const refused = error instanceof ApiError && error.problem.code === 'invalid-input' ? error.problem : undefined
  return (
    <Page
      title={t('title')}
      titleText={`${t('title')} · ${t('tabs.explore')}`}
      description={t('explore.what')}
      aside={<DashboardTabs current="explore" search={search} />}
      failures={answer.data?.failures}
      onRetry={() => void answer.refetch()}
    >
      <div className="md-stack">
        <QueryForm
          // The address may change without the form: by a link, or by going back.
          key={query}
          query={query}
          names={names}
          fault={refused?.fields?.[0]?.message ?? refused?.detail}
          onRun={(next) => (next === query ? void answer.refetch() : setExplore({ query: next }))}
        />
        <div className="md-monitoring-bar">
          <Segmented
            aria-label={t('explore.display')}
            value={display}
            options={(['graph', 'table'] as const).map((value) => ({ value, label: t(`explore.${value}`) }))}
            onChange={(next) => setExplore({ display: next })}
          />
          <TimeControls
            search={search}
            onSearch={setSearch}
            shown={answer.data}
            refreshSeconds={refreshSeconds}
            fetching={answer.isFetching}
            onRefresh={() => void answer.refetch()}
          />
        </div>
        {query === '' ? (
          <EmptyState title={t('explore.empty.title')}>{t('explore.empty.what')}</EmptyState>
        ) : (
          refused === undefined && (
            <QueryView query={answer}>
              {(data) => <Result data={data} display={display} onZoom={(from, to) => setSearch({ from, to })} />}
            </QueryView>
          )
        )}
      </div>
    </Page>
  )
}

interface QueryFormProps {
  query: string
  names: Parameters<typeof PromqlEditor>[0]['names']
  /** What Prometheus said of the query. */
  fault: string | undefined
  onRun: (query: string) => void
}

function QueryForm({ query, names, fault, onRun }: QueryFormProps) {
  const { t } = useTranslation('monitoring')
  const [draft, setDraft] = useState(query)
  const handleRun = (): void => {
    if (draft.trim() !== '') onRun(draft.trim())
  }
  return (
    <form
      className="md-explore-form"
      onSubmit={(event) => {
        event.preventDefault()
        handleRun()
      }}
    >
      <div className="md-explore-editor">
        <PromqlEditor value={draft} onChange={setDraft} onRun={handleRun} names={names} label={t('explore.query')} />
      </div>
      <Button type="primary" htmlType="submit" disabled={draft.trim() === ''}>
        {t('explore.run')}
      </Button>
      {fault !== undefined && (
        <p className="md-fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  )
}

interface ResultProps {
  data: ExploreAnswer
  display: 'graph' | 'table'
  onZoom: (from: number, to: number) => void
}

function Result({ data, display, onZoom }: ResultProps) {
  const { t } = useTranslation('monitoring')
  const format = useFormat()
  const lines = useMemo(
    () =>
      data.series.map(({ labels, cluster, points }) => {
        const name = [printLabels(labels), ...(cluster === undefined ? [] : [cluster])].join(' · ')
        return { id: name, name, points, below: false }
      }),
    [data],
  )
  if (lines.length === 0) return <EmptyState title={t('empty')} />
  return (
    <section className="md-card md-panel-body md-explore-result" aria-label={t('explore.result')}>
      {display === 'table' ? (
        <ExploreTable series={data.series} />
      ) : (
        <Suspense fallback={<div className="md-panel-waiting" role="status" aria-label={t('states.loading')} />}>
          <LinePanel
            title={t('explore.result')}
            lines={lines}
            frame={{ ...data, window: 0 }}
            print={format.rate}
            goal={undefined}
            least={undefined}
            onZoom={onZoom}
          />
        </Suspense>
      )}
      {data.total > data.series.length && (
        <p className="md-muted">{t('capped', { shown: data.series.length, total: format.number(data.total) })}</p>
      )}
      {data.warnings.map((warning) => (
        <p key={warning} className="md-muted">
          {t('warning', { warning })}
        </p>
      ))}
    </section>
  )
}

/** As Prometheus writes a series: `name{label="value"}`. */
function printLabels({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${pairs.join(', ')}}`
}
