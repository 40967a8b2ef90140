import type { QueryServer } from '@meshdeck/contract'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ChartKey } from '../../charts/chart-key.tsx'
import { TimeChart } from '../../charts/time-chart.tsx'
import { AppLink } from '../../components/app-link.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { places } from '../../lib/places.ts'
import { clockOf, linesOf, stateOf, summarize, type ServerState } from './load-summary.ts'

export interface ServerCardProps {
  server: QueryServer
  /** Unix milliseconds of the figures. */
  now: number
}

/** One Prometheus: what it is, how it is, and what is asked of it. */
export function ServerCard({ server, now }: ServerCardProps) {
  const { t } = useTranslation('queries')
  const describe = useProblemText()
  const id = useId()
  const { address, clusters, problem, load } = server
  const text = problem && describe(asError(problem))
  return (
    <section className="md-card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{address ?? t('unusable')}</h2>
      </header>
      <div className="md-card-body md-stack">
        <p>
          {clusters.map((cluster, index) => (
            <span key={cluster}>
              {index > 0 && ', '}
              <AppLink place={places.cluster(cluster)}>{cluster}</AppLink>
            </span>
          ))}
        </p>
        {text && <StatusDot tone="error">{`${text.title}. ${text.detail ?? text.hint}`}</StatusDot>}
        {load && <Facts server={server} load={load} />}
        {load && <LastMinutes load={load} now={now} />}
      </div>
      {load && load.slowest.length > 0 && <Slowest slowest={load.slowest} />}
    </section>
  )
}

type Load = NonNullable<QueryServer['load']>
const TONES: Readonly<Record<ServerState, StatusTone>> = {
  closed: 'success',
  failing: 'warning',
  open: 'error',
  trying: 'warning',
}

function Facts({ server: { make, version, series, skewSeconds, id }, load }: { server: QueryServer; load: Load }) {
  const { t } = useTranslation('queries')
  const format = useFormat()
  const state = stateOf(load)
  const clock = clockOf(skewSeconds)
  const { error } = load.circuit
  return (
    <dl className="md-facts">
      <dt>{t('facts.state')}</dt>
      <dd>
        <StatusDot tone={TONES[state]}>{t(`state.${state}`)}</StatusDot>
        {error !== undefined && <div className="md-muted">{error}</div>}
      </dd>
      <dt>{t('facts.make')}</dt>
      <dd>{make === undefined || make === 'unknown' ? t('facts.unknownMake') : `${make} ${version ?? ''}`}</dd>
      <dt>{t('facts.series')}</dt>
      <dd>{series === undefined ? t('facts.noSeries') : format.number(series)}</dd>
      {clock !== undefined && (
        <>
          <dt>{t('facts.clock')}</dt>
          <dd>
            <StatusDot tone={clock === 'clockRight' ? 'success' : 'warning'}>
              {t(`facts.${clock}`, { seconds: Math.round(Math.abs(skewSeconds ?? 0)) })}
            </StatusDot>
          </dd>
        </>
      )}
      <dt>{t('facts.now')}</dt>
      <dd>{t('facts.nowIs', { running: load.running, waiting: load.waiting })}</dd>
      <dt>{t('facts.label')}</dt>
      <dd>
        <code>{id}</code>
      </dd>
    </dl>
  )
}

function LastMinutes({ load, now }: { load: Load; now: number }) {
  const { t } = useTranslation('queries')
  const format = useFormat()
  const sum = summarize(load.minutes)
  if (sum.asked === 0) return <p className="md-muted">{t('minutes.none')}</p>
  const lines = linesOf(load.minutes, now)
  const answered = sum.sent - sum.failed + sum.spared
  return (
    <>
      <h3>{t('minutes.title')}</h3>
      <TimeChart
        className="md-queries-chart"
        label={t('chart.label', { sent: lines.sent.at(-1)?.[1] ?? 0, spared: lines.spared.at(-1)?.[1] ?? 0 })}
        series={[
          { name: t('chart.sent'), points: lines.sent },
          { name: t('chart.spared'), points: lines.spared },
        ]}
        from={lines.from}
        to={lines.to}
        step={lines.step}
        print={format.number}
        least={4}
      />
      <ChartKey names={[t('chart.sent'), t('chart.spared')]} />
      <dl className="md-facts">
        <dt>{t('minutes.asked')}</dt>
        <dd>{format.number(sum.asked)}</dd>
        <dt>{t('minutes.sent')}</dt>
        <dd>{format.number(sum.sent)}</dd>
        <dt>{t('minutes.spared')}</dt>
        <dd>
          {format.number(sum.spared)}
          {answered > 0 && <> · {t('minutes.share', { share: format.percent(sum.spared / answered) })}</>}
        </dd>
        <dt>{t('minutes.stale')}</dt>
        <dd>{format.number(sum.stale)}</dd>
        <dt>{t('minutes.failed')}</dt>
        <dd>{format.number(sum.failed)}</dd>
        <dt>{t('minutes.refused')}</dt>
        <dd>{t('minutes.refusedIs', sum.refused)}</dd>
        <dt>{t('minutes.mean')}</dt>
        <dd>{format.duration(sum.meanMs)}</dd>
        <dt>{t('minutes.bytes')}</dt>
        <dd>{format.bytes(sum.bytes)}</dd>
        <dt>{t('minutes.kept')}</dt>
        <dd>{format.bytes(load.cacheBytes)}</dd>
      </dl>
    </>
  )
}

function Slowest({ slowest }: Pick<Load, 'slowest'>) {
  const { t } = useTranslation('queries')
  const format = useFormat()
  const id = useId()
  return (
    <>
      <div className="md-card-body">
        <h3 id={id}>{t('slowest.title')}</h3>
        <p className="md-muted">{t('slowest.what')}</p>
      </div>
      <table className="md-plain-table md-queries-slowest" aria-labelledby={id}>
        <thead>
          <tr>
            {(['query', 'count', 'failed', 'mean', 'slowest', 'bytes'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`slowest.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slowest.map(({ shape, count, failed, meanMs, slowestMs, bytes }) => (
            <tr key={shape}>
              <td>
                <code className="md-queries-shape">{shape}</code>
              </td>
              <td>{format.number(count)}</td>
              <td>{format.number(failed)}</td>
              <td>{format.duration(meanMs)}</td>
              <td>{format.duration(slowestMs)}</td>
              <td>{format.bytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
