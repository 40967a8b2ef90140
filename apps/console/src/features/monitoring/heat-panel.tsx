import type { MonitoringSeries } from '@meshdeck/contract'
import type { Unit } from '@meshdeck/mesh/monitoring'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { toHeatRows } from '../../charts/heat-chart-option.ts'
import { HeatChart } from '../../charts/heat-chart.tsx'
import type { Frame } from './panel-card.tsx'
import { usePrintUnit } from './print-unit.ts'

export interface HeatPanelProps {
  title: string
  /** Buckets, by their label `le`. */
  series: readonly MonitoringSeries[]
  frame: Frame
  unit: Unit
}

/** A histogram over time, and as a table what was counted in each bucket at the end. */
export function HeatPanel({ title, series, frame, unit }: HeatPanelProps) {
  const { t } = useTranslation('monitoring')
  const printUnit = usePrintUnit()
  const buckets = useMemo(
    () =>
      series.map(({ labels, points }) => ({
        bound: labels['le'] === '+Inf' ? Infinity : Number(labels['le']),
        points,
      })),
    [series],
  )
  const rows = useMemo(() => toHeatRows(buckets), [buckets])
  const print = printUnit('operationsPerSecond')
  const printBound = (bound: number): string => (bound === Infinity ? '∞' : printUnit(unit)(bound))
  if (rows.length === 0) return <p className="md-panel-empty md-muted">{t('empty')}</p>
  return (
    <>
      <HeatChart
        className="md-panel-chart"
        label={t('chart', { title, count: rows.length })}
        buckets={buckets}
        from={frame.from}
        to={frame.to}
        step={frame.step}
        printBound={printBound}
        print={print}
      />
      <div className="md-panel-lines md-panel-whole" role="region" aria-label={t('table', { title })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('columns.bucket')}</th>
              <th scope="col">{t('columns.latest')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ bound, values }) => (
              <tr key={bound}>
                <th scope="row">≤ {printBound(bound)}</th>
                <td>{print(values.get(Math.max(...values.keys())) ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
