import type { RecordingSource } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Card } from '../../components/card.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/states.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { RulesView } from '../../resource-kit/rules-view.tsx'
import { DashboardTabs } from './dashboard-tabs.tsx'
import css from './monitoring.css?inline'
import { monitoringSearch } from './monitoring-search.ts'
import { recordingQueries } from './recording-queries.ts'

const TONES: Readonly<Record<RecordingSource['state'], StatusTone>> = {
  used: 'success',
  young: 'info',
  stale: 'warning',
  absent: 'unknown',
}

/** The rules that make figures cheap: what they are, who evaluates them, and how to install them. */
export function RecordingRulesPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation(['recording-rules', 'monitoring'])
  const { mesh } = useMeshScope()
  const [search] = usePageSearch(monitoringSearch)
  const query = useQuery(recordingQueries.sources(mesh))
  return (
    <Page
      title={t('monitoring:title')}
      titleText={`${t('monitoring:title')} · ${t('title')}`}
      description={t('what')}
      aside={<DashboardTabs current="recording-rules" search={search} />}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      <div className="md-stack">
        <Card title={t('detected')}>
          <QueryView query={query}>{({ sources }) => <SourceTable sources={sources} />}</QueryView>
        </Card>
        <Card title={t('install')}>
          <p className="md-muted">{t('cost')}</p>
          <RulesView file="meshdeck-recording-rules.yaml" queryOf={(format) => recordingQueries.file(mesh, format)} />
        </Card>
      </div>
    </Page>
  )
}

function SourceTable({ sources }: { sources: readonly RecordingSource[] }) {
  const { t } = useTranslation('recording-rules')
  const format = useFormat()
  return (
    <table className="md-plain-table" aria-label={t('detected')}>
      <thead>
        <tr>
          <th scope="col">{t('columns.clusters')}</th>
          <th scope="col">{t('columns.state')}</th>
          <th scope="col">{t('columns.raw')}</th>
          <th scope="col">{t('columns.recorded')}</th>
          <th scope="col">{t('columns.saved')}</th>
        </tr>
      </thead>
      <tbody>
        {sources.map(({ clusters, state, rawSeries, recordedSeries }) => (
          <tr key={clusters.join(' ')}>
            <td>{format.list(clusters)}</td>
            <td>
              <StatusDot tone={TONES[state]} reason={t(`reasons.${state}`)}>
                {t(`states.${state}`)}
              </StatusDot>
            </td>
            <td>{format.number(rawSeries)}</td>
            <td>{format.number(recordedSeries)}</td>
            <td>
              {rawSeries === undefined || recordedSeries === undefined
                ? '–'
                : format.number(Math.max(0, rawSeries - recordedSeries))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
