import type { MonitoringChoices, MonitoringPanel, MonitoringSection } from '@meshdeck/contract'
import type { Panel } from '@meshdeck/mesh/monitoring'
import { lazy, Suspense, useCallback, useId, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { traceOf } from '../../lib/outside-links.ts'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { ExemplarTable } from './exemplar-table.tsx'
import { PanelActions } from './panel-actions.tsx'
import { PanelTable } from './panel-table.tsx'
import { usePrintUnit } from './print-unit.ts'
import { seriesName } from './series-name.ts'
import type { Line } from './line-panel.tsx'
import { useExemplars } from './use-exemplars.ts'
import type { SectionQuestion } from './use-sections.ts'

// Charts come with ECharts; the page stands before them.
const LinePanel = lazy(() => import('./line-panel.tsx').then((module) => ({ default: module.LinePanel })))
const NumberPanel = lazy(() => import('./number-panel.tsx').then((module) => ({ default: module.NumberPanel })))
const HeatPanel = lazy(() => import('./heat-panel.tsx').then((module) => ({ default: module.HeatPanel })))

/** When the figures are of. */
export type Frame = Pick<MonitoringSection, 'from' | 'to' | 'step' | 'window'>

export interface PanelCardProps {
  panel: Panel
  told: MonitoringPanel
  frame: Frame
  question: SectionQuestion
  links: MonitoringChoices['links'] | undefined
  onZoom: (from: number, to: number) => void
}

/** A panel: what it shows, its figures, what is missing from them, and what can be done with them. */
export function PanelCard({ panel, told, frame, question, links, onZoom }: PanelCardProps) {
  const { t } = useTranslation('monitoring')
  const { number } = useFormat()
  const problemText = useProblemText()
  const id = useId()
  const print = usePrintUnit()(panel.unit)
  const words = useMemo(
    () => ({
      query: (query: string) => t(`series.${query}`),
      secured: t('security.mutual'),
      plain: t('security.none'),
    }),
    [t],
  )
  const lines = useMemo(
    () =>
      told.series.map((series): Line => ({
        id: JSON.stringify([series.query, series.labels]),
        name: seriesName(panel, series, words),
        points: series.points,
        below: panel.queries.some((query) => query.id === series.query && query.below === true),
      })),
    [panel, told, words],
  )
  const nameOf = useCallback(
    (labels: Record<string, string>) =>
      seriesName(panel, { query: panel.queries[0]?.id ?? '', labels, points: [] }, words),
    [panel, words],
  )
  const exemplars = useExemplars({ panel, question, frame, nameOf, print })
  const traceLink = (trace: string): string | undefined => {
    const { namespace, name } = question.search
    return links?.tracing && traceOf(links.tracing, { trace, service: `${name}.${namespace}`, ...frame })
  }
  const title = t(`panels.${panel.title}`)
  const what = t(`about.${panel.title}`, { defaultValue: '' })
  return (
    <figure className={`md-card md-panel md-panel-${panel.chart}`} aria-labelledby={id}>
      <header>
        <div>
          <h3 id={id}>{title}</h3>
          {what !== '' && <p className="md-muted">{what}</p>}
        </div>
        <PanelActions title={title} told={told} frame={frame} grafana={links?.grafana} />
      </header>
      <div className="md-panel-body">
        {told.series.length === 0 ? (
          told.failures.length === 0 && <p className="md-panel-empty md-muted">{t('empty')}</p>
        ) : (
          <Suspense fallback={<div className="md-panel-waiting" role="status" aria-label={t('states.loading')} />}>
            {panel.chart === 'number' && <NumberPanel title={title} lines={lines} frame={frame} print={print} />}
            {panel.chart === 'line' && (
              <LinePanel
                title={title}
                lines={lines}
                frame={frame}
                print={print}
                goal={panel.goal}
                least={panel.unit === 'share' ? 1 : undefined}
                marks={exemplars?.marks}
                onZoom={onZoom}
              />
            )}
            {panel.chart === 'heatmap' && (
              <HeatPanel title={title} series={told.series} frame={frame} unit={panel.unit} />
            )}
            {panel.chart === 'table' && <PanelTable panel={panel} title={title} series={told.series} />}
          </Suspense>
        )}
        {exemplars && told.series.length > 0 && (
          <ExemplarTable title={title} shown={exemplars} print={print} traceLink={traceLink} />
        )}
        {told.total > told.series.length && (
          <p className="md-muted">{t('capped', { shown: told.series.length, total: number(told.total) })}</p>
        )}
        {told.hidden > 0 && <p className="md-muted">{t('hidden', { count: told.hidden })}</p>}
        {told.failures.map(({ cluster, problem }) => (
          <p key={cluster} className="md-fault" role="alert">
            {cluster}: {problemText(asError(problem)).title}
          </p>
        ))}
        {told.warnings.map((warning) => (
          <p key={warning} className="md-muted">
            {t('warning', { warning })}
          </p>
        ))}
      </div>
    </figure>
  )
}
