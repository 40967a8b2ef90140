import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TimePoint } from '../../charts/time-chart-option.ts'
import { TimeChart } from '../../charts/time-chart.tsx'
import { useChartColours } from '../../charts/use-chart-colours.ts'
import { QueryView } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { Figure } from './figure.tsx'
import type { GoldenSubject } from './golden-subject.ts'
import { topologyQueries } from './topology-queries.ts'
import { useWindowName } from './window-name.ts'

export interface GoldenChartsProps {
  subject: GoldenSubject
  /** Unix seconds: the end of what is shown. */
  at: number
  /** Seconds that the graph averages over. */
  window: number
}

const RANGE_SECONDS = 3600
/** Less than that of errors is drawn as small as it is. */
const LEAST_ERROR_SHARE = 0.04

/** The golden signals of a node up to the instant of the graph: rate, errors, latency. */
export function GoldenCharts({ subject, at, window }: GoldenChartsProps) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const format = useFormat()
  const windowName = useWindowName()
  const colours = useChartColours()
  const range = Math.max(RANGE_SECONDS, window * 4)
  const query = useQuery({
    ...topologyQueries.golden(mesh, { ...subject, from: at - range, to: at }),
    placeholderData: keepPreviousData,
  })
  const { data } = query
  const series = useMemo(
    () =>
      data && {
        rate: [{ name: t('golden.rate'), points: data.requestRate }],
        errors: [{ name: t('golden.errors'), points: data.errorRate }],
        latency: [
          { name: 'p50', points: data.latencyP50 },
          { name: 'p90', points: data.latencyP90 },
          { name: 'p99', points: data.latencyP99 },
        ],
      },
    [data, t],
  )
  return (
    <section className="md-topology-golden">
      <h3>{t('golden.title', { range: windowName(range) })}</h3>
      <QueryView query={query}>
        {(signals) => {
          const frame = {
            from: signals.from,
            to: signals.to,
            step: signals.step,
            className: 'md-topology-golden-chart',
          }
          const latest = {
            rate: latestOf(signals.requestRate),
            errors: latestOf(signals.errorRate),
            p50: latestOf(signals.latencyP50),
            p90: latestOf(signals.latencyP90),
            p99: latestOf(signals.latencyP99),
          }
          if (latest.rate === undefined || !series) return <p className="md-muted">{t('golden.none')}</p>
          return (
            <>
              <dl className="md-topology-figures">
                <Latest title={t('golden.rate')} value={latest.rate} print={format.rate} />
                <Latest title={t('golden.errors')} value={latest.errors} print={format.percent} />
                <Latest title="p50" colour={colours.series[0]} value={latest.p50} print={format.duration} />
                <Latest title="p90" colour={colours.series[1]} value={latest.p90} print={format.duration} />
                <Latest title="p99" colour={colours.series[2]} value={latest.p99} print={format.duration} />
              </dl>
              <h4>{t('golden.rate')}</h4>
              <TimeChart
                {...frame}
                series={series.rate}
                print={format.rate}
                label={t('golden.chart', { what: t('golden.rate'), latest: format.rate(latest.rate) })}
              />
              <h4>{t('golden.errors')}</h4>
              <TimeChart
                {...frame}
                series={series.errors}
                print={format.percent}
                least={LEAST_ERROR_SHARE}
                label={t('golden.chart', { what: t('golden.errors'), latest: format.percent(latest.errors) })}
              />
              <h4>{t('golden.latency')}</h4>
              <TimeChart
                {...frame}
                series={series.latency}
                print={format.duration}
                label={t('golden.chart', { what: t('golden.latency'), latest: `p99 ${format.duration(latest.p99)}` })}
              />
            </>
          )
        }}
      </QueryView>
    </section>
  )
}

const latestOf = (points: readonly TimePoint[]): number | undefined => points.at(-1)?.[1]

function Latest({
  title,
  colour,
  value,
  print,
}: {
  title: string
  /** That of its line, where a chart has several. */
  colour?: string | undefined
  value: number | undefined
  print: (value: number | undefined) => string
}) {
  return (
    <div>
      <dt>
        {colour !== undefined && <span className="md-chart-swatch" style={{ borderTopColor: colour }} aria-hidden />}
        {title}
      </dt>
      <dd>
        <Figure value={value}>{print(value)}</Figure>
      </dd>
    </div>
  )
}
