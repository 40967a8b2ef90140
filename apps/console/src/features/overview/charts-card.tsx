import type { MeshFigures } from '@meshdeck/contract'
import Segmented from 'antd/es/segmented'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TimePoint } from '../../charts/time-chart-option.ts'
import { ChartKey } from '../../charts/chart-key.tsx'
import { TimeChart } from '../../charts/time-chart.tsx'
import { useFormat } from '../../lib/format.ts'
import { CHART_RANGES, type ChartRange } from './queries.ts'

/** Less than that of errors is drawn as small as it is. */
const LEAST_ERROR_SHARE = 0.04

export interface ChartsCardProps {
  figures: MeshFigures
  range: ChartRange
  onRange: (range: ChartRange) => void
}

interface Chart {
  id: string
  series: { name: string; points: readonly TimePoint[] }[]
  print: (value: number) => string
  least?: number
}

/** Over time: traffic, and what its proxies use. What nobody has measured is said in words. */
export function ChartsCard({ figures, range, onRange }: ChartsCardProps) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const charts = useMemo((): Chart[] => {
    const one = (id: string, points: readonly TimePoint[], print: Chart['print'], least?: number): Chart => ({
      id,
      series: [{ name: t(`charts.${id}`), points }],
      print,
      ...(least === undefined ? {} : { least }),
    })
    return [
      one('requests', figures.requestRate, format.rate),
      one('errors', figures.errorRate, format.percent, LEAST_ERROR_SHARE),
      {
        id: 'latency',
        series: [
          { name: 'p50', points: figures.latencyP50 },
          { name: 'p90', points: figures.latencyP90 },
          { name: 'p99', points: figures.latencyP99 },
        ],
        print: format.duration,
      },
      one('bytes', figures.bytesRate, (value) => t('charts.perSecond', { value: format.bytes(value) })),
      one('cpu', figures.proxyCpu, (value) => t('charts.cores', { value: format.rate(value) })),
      one('memory', figures.proxyMemory, format.bytes),
    ]
  }, [figures, format, t])
  const { from, to, step } = figures
  return (
    <section className="md-card" aria-label={t('charts.title')}>
      <header>
        <h2>{t('charts.title')}</h2>
        <Segmented<ChartRange>
          className="md-push"
          aria-label={t('charts.range')}
          value={range}
          options={CHART_RANGES.map((value) => ({ value, label: t(`charts.ranges.${value}`) }))}
          onChange={onRange}
        />
      </header>
      <div className="md-card-body md-overview-charts">
        {charts.map(({ id, series, print, least }) => {
          const latest = series.at(-1)?.points.at(-1)?.[1]
          return (
            <figure key={id}>
              <figcaption>
                {t(`charts.${id}`)}{' '}
                {latest !== undefined && (
                  <strong>{series.length > 1 ? `${series.at(-1)?.name} ${print(latest)}` : print(latest)}</strong>
                )}
              </figcaption>
              {latest === undefined ? (
                <p className="md-muted">{t(id === 'cpu' || id === 'memory' ? 'charts.noContainers' : 'charts.none')}</p>
              ) : (
                <>
                  {series.length > 1 && <ChartKey names={series.map(({ name }) => name)} />}
                  <TimeChart
                    className="md-overview-chart"
                    label={t('charts.label', { what: t(`charts.${id}`), latest: print(latest) })}
                    series={series}
                    from={from}
                    to={to}
                    step={step}
                    print={print}
                    {...(least === undefined ? {} : { least })}
                  />
                </>
              )}
            </figure>
          )
        })}
      </div>
    </section>
  )
}
