import type { ServiceLevelDetail, ServiceLevelView } from '@meshdeck/contract'
import { allowedShare } from '@meshdeck/mesh/service-levels'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { TimeChart } from '../../charts/time-chart.tsx'
import { useFormat } from '../../lib/format.ts'

/** How the budget of the window went down, and what share of the requests was bad in each part of it. */
export function CourseCharts({ level, course }: { level: ServiceLevelView; course: ServiceLevelDetail['course'] }) {
  const { t } = useTranslation('service-levels')
  const format = useFormat()
  const { good, left, from, to, step } = course
  const goal = useMemo(() => ({ value: allowedShare(level.objective), name: t('course.goal') }), [level.objective, t])
  // What was overspent lies below nothing; the axis of the charts begins there.
  const budget = useMemo(() => left.map(([at, value]): [number, number] => [at, Math.max(0, value)]), [left])
  const bad = useMemo(() => good.map(([at, value]): [number, number] => [at, 1 - value]), [good])
  if (left.length === 0) return <p className="md-muted">{t('course.none')}</p>
  const frame = { from: from - step, to, step, className: 'md-level-chart' }
  return (
    <>
      <h3>{t('course.left')}</h3>
      <TimeChart
        {...frame}
        label={t('course.leftLabel', { left: format.percent(left.at(-1)?.[1]) })}
        series={[{ name: t('course.left'), points: budget }]}
        print={format.percent}
        least={1}
      />
      <h3>{t('course.bad')}</h3>
      <TimeChart
        {...frame}
        label={t('course.badLabel', { worst: format.share(Math.max(...bad.map(([, value]) => value))) })}
        series={[{ name: t('course.bad'), points: bad }]}
        print={format.share}
        least={goal.value}
        goal={goal}
      />
      <p className="md-muted">{t('course.what', { count: Math.round(step / 60) })}</p>
    </>
  )
}
