import type { ServiceLevelDetail, ServiceLevelView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { allowedShare } from '@meshdeck/mesh/service-levels'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { LoadingState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { kubectl } from '../../resource-kit/kubectl.ts'
import { useTargetText } from '../../resource-kit/service-level-state.tsx'
import { Card } from '../../components/card.tsx'
import { NamespaceChanges } from './namespace-changes.tsx'
import { LevelRules } from './rules-dialog.tsx'

// Charts come with ECharts; the page stands before them.
const CourseCharts = lazy(() => import('./course-charts.tsx').then((module) => ({ default: module.CourseCharts })))

/** All that there is to say of one level. */
export function LevelView({ detail }: { detail: ServiceLevelDetail }) {
  const { t } = useTranslation('service-levels')
  const { level, course } = detail
  return (
    <div className="md-stack">
      <Facts level={level} />
      <Card title={t('course.title')}>
        <Suspense fallback={<LoadingState rows={8} />}>
          <CourseCharts level={level} course={course} />
        </Suspense>
      </Card>
      <Burn detail={detail} />
      <NamespaceChanges namespace={level.service.namespace} />
      <Card title={t('rules.title')}>
        <LevelRules name={level.name} />
      </Card>
    </div>
  )
}

function Facts({ level }: { level: ServiceLevelView }) {
  const { t } = useTranslation('service-levels')
  const format = useFormat()
  const targetText = useTargetText()
  const { service, clusters, missing, requests, bad, good, budgetLeft, objective, name } = level
  const allowed = requests === undefined ? undefined : requests * allowedShare(objective)
  return (
    <Card title={t('facts.title')}>
      <dl className="md-facts">
        <dt>{t('columns.service')}</dt>
        <dd>{`${service.name}.${service.namespace}`}</dd>
        <dt>{t('columns.target')}</dt>
        <dd>{targetText(level)}</dd>
        <dt>{t('facts.clusters')}</dt>
        <dd>
          {clusters.length === 0 ? '–' : format.list(clusters)}
          {missing.length > 0 && <div className="md-muted">{t('missing', { clusters: format.list(missing) })}</div>}
        </dd>
        <dt>{t('columns.good')}</dt>
        <dd>{format.share(good)}</dd>
        <dt>{t('columns.left')}</dt>
        <dd>{format.percent(budgetLeft)}</dd>
        <dt>{t('facts.requests')}</dt>
        <dd>{requests === undefined ? '–' : format.compact(requests)}</dd>
        <dt>{t('facts.bad')}</dt>
        <dd>
          {bad === undefined ? '–' : t('facts.badOf', { bad: format.compact(bad), allowed: format.compact(allowed) })}
        </dd>
      </dl>
      {level.state === 'noData' && <p className="md-muted">{t('reasons.noData', { days: level.windowDays })}</p>}
      <CommandBox command={kubectl.get({ cluster: HUB, kind: 'ServiceLevel', name })} />
    </Card>
  )
}

/** How fast the budget is spent, and which conditions would tell somebody. */
function Burn({ detail: { level, conditions } }: { detail: ServiceLevelDetail }) {
  const { t } = useTranslation('service-levels')
  const format = useFormat()
  const times = (rate: number | undefined): string =>
    rate === undefined ? '–' : t('times', { rate: format.rate(rate) })
  const rateIn = (window: string): string => times(level.burn.find((each) => each.window === window)?.rate)
  return (
    <Card title={t('burn.title')}>
      <p className="md-muted">{t('burn.what')}</p>
      <dl className="md-facts">
        {level.burn.map(({ window, rate }) => (
          <div key={window} style={{ display: 'contents' }}>
            <dt>{t(`windows.${window}`)}</dt>
            <dd>{times(rate)}</dd>
          </div>
        ))}
      </dl>
      <table className="md-plain-table" aria-label={t('burn.conditions')}>
        <thead>
          <tr>
            <th scope="col">{t('burn.severity')}</th>
            <th scope="col">{t('burn.long')}</th>
            <th scope="col">{t('burn.short')}</th>
            <th scope="col">{t('burn.above')}</th>
            <th scope="col">{t('burn.share')}</th>
            <th scope="col">{t('burn.now')}</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map(({ severity, long, short, above, budgetShare, holds }) => (
            <tr key={`${long} ${short}`}>
              <td>{t(`burn.severities.${severity}`)}</td>
              <td>
                {t(`windows.${long}`)}: {rateIn(long)}
              </td>
              <td>
                {t(`windows.${short}`)}: {rateIn(short)}
              </td>
              <td>{times(above)}</td>
              <td>{format.percent(budgetShare)}</td>
              <td>
                <StatusDot tone={!holds ? 'success' : severity === 'page' ? 'error' : 'warning'}>
                  {t(holds ? 'burn.holds' : 'burn.holdsNot')}
                </StatusDot>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
