import { useMemo } from 'react'
import { useFormat } from '../lib/format.ts'
import { EChart } from './e-chart.tsx'
import type { ECharts } from './echarts.ts'
import { timeChartOption, type TimeSeries } from './time-chart-option.ts'
import type { TimeMark } from './time-marks.ts'
import { useChartColours } from './use-chart-colours.ts'

export interface TimeChartProps {
  /** What is shown, and its latest figure: the picture is nothing to a screen reader. */
  label: string
  series: readonly TimeSeries[]
  /** Unix seconds. */
  from: number
  to: number
  /** Seconds. */
  step: number
  print: (value: number) => string
  least?: number
  goal?: { value: number; name: string }
  /** Single points over the lines. */
  marks?: readonly TimeMark[]
  className?: string
  /** Hands out the chart while it stands. */
  onChart?: (chart: ECharts | undefined) => void
}

/** Seconds; over longer times the hour alone does not tell when. */
const HALF_A_DAY = 43_200

/** A small chart of lines over time. */
export function TimeChart(props: TimeChartProps) {
  const { label, series, from, to, step, print, least, goal, marks, className, onChart } = props
  const format = useFormat()
  const colours = useChartColours()
  const option = useMemo(
    () =>
      timeChartOption({
        series,
        from,
        to,
        step,
        print,
        printTime: to - from > HALF_A_DAY ? format.dateTime : format.time,
        printTick: (ms) => (isMidnight(ms) ? format.day(ms) : format.time(ms)),
        colours,
        ...(least === undefined ? {} : { least }),
        ...(goal === undefined ? {} : { goal }),
        ...(marks === undefined ? {} : { marks }),
      }),
    [series, from, to, step, print, format, colours, least, goal, marks],
  )
  return (
    <EChart
      option={option}
      label={label}
      {...(className === undefined ? {} : { className })}
      {...(onChart === undefined ? {} : { onChart })}
    />
  )
}

/** In the reader's time zone. */
function isMidnight(ms: number): boolean {
  const at = new Date(ms)
  return at.getHours() === 0 && at.getMinutes() === 0
}
