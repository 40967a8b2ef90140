import { useTranslation } from 'react-i18next'
import { TimeChart } from '../../charts/time-chart.tsx'
import type { Line } from './line-panel.tsx'
import type { Frame } from './panel-card.tsx'

export interface NumberPanelProps {
  title: string
  lines: readonly Line[]
  frame: Frame
  print: (value: number) => string
}

/** The latest figure, and how it came to that. */
export function NumberPanel({ title, lines, frame, print }: NumberPanelProps) {
  const { t } = useTranslation('monitoring')
  const latest = lines[0]?.points.at(-1)?.[1]
  if (latest === undefined) return <p className="md-panel-empty md-muted">{t('empty')}</p>
  return (
    <>
      <strong className="md-panel-figure">{print(latest)}</strong>
      <TimeChart
        className="md-panel-spark"
        label={t('chart', { title, count: 1 })}
        series={lines}
        from={frame.from}
        to={frame.to}
        step={frame.step}
        print={print}
      />
    </>
  )
}
