import type { ChartColours } from './chart-colours.ts'
import type { ChartOption } from './e-chart.tsx'
import { marksSeries, marksTooltip, type TimeMark } from './time-marks.ts'

/** Unix seconds and value. */
export type TimePoint = readonly [at: number, value: number]

export interface TimeSeries {
  name: string
  points: readonly TimePoint[]
  /** Drawn downwards from zero. */
  below?: boolean
}

export interface TimeChartInput {
  series: readonly TimeSeries[]
  /** Seconds; a gap longer than one and a half steps breaks the line. */
  step: number
  from: number
  to: number
  print: (value: number) => string
  printTime: (ms: number) => string
  /** The same for the axis, where a mark may be the beginning of a day. */
  printTick?: (ms: number) => string
  colours: ChartColours
  /** The axis reaches at least to here, so that noise about zero does not look like a mountain. */
  least?: number
  /** A line across, with what it stands for. */
  goal?: { value: number; name: string }
  /** Single points over the lines. */
  marks?: readonly TimeMark[]
}

/** Lines over time. */
export function timeChartOption({
  series,
  step,
  from,
  to,
  print,
  printTime,
  printTick = printTime,
  colours,
  least,
  goal,
  marks = [],
}: TimeChartInput): ChartOption {
  const mirrored = series.some(({ below }) => below)
  // What is drawn downwards is still so many, not minus so many.
  const printed = mirrored ? (value: number) => print(Math.abs(value)) : print
  const axis = { axisLabel: { color: colours.textMuted, fontSize: 10, hideOverlap: true }, axisTick: { show: false } }
  return {
    animation: false,
    color: colours.series,
    textStyle: { fontFamily: colours.font },
    grid: { left: 4, right: 10, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.surface,
      borderColor: colours.border,
      textStyle: { color: colours.text, fontSize: 11 },
      ...(marks.length === 0
        ? {}
        : { formatter: marksTooltip({ marks, from, to, step, print: printed, printTime, colour: colours.text }) }),
      valueFormatter: (value: unknown) => (typeof value === 'number' ? printed(value) : '–'),
      axisPointer: {
        label: { formatter: ({ value }: { value: unknown }) => (typeof value === 'number' ? printTime(value) : '') },
      },
    },
    xAxis: {
      ...axis,
      type: 'time',
      min: from * 1000,
      max: to * 1000,
      axisLine: { lineStyle: { color: colours.border } },
      axisLabel: { ...axis.axisLabel, formatter: printTick },
      splitNumber: 3,
    },
    yAxis: {
      ...axis,
      type: 'value',
      ...(mirrored ? {} : { min: 0 }),
      // Above it, ECharts finds a round end itself.
      ...(least === undefined ? {} : { max: ({ max }: { max: number }) => (max > least ? null : least) }),
      splitNumber: 2,
      splitLine: { lineStyle: { color: colours.border, opacity: 0.5 } },
      axisLabel: { ...axis.axisLabel, formatter: printed },
    },
    series: [
      ...series.map(({ name, points, below }, index) => ({
        type: 'line',
        name,
        showSymbol: false,
        connectNulls: false,
        // Where there are more lines than colours, the next round is dashed.
        lineStyle: { width: 1.5, ...(index < colours.series.length ? {} : { type: 'dashed' }) },
        data: withGaps(below === true ? points.map(([at, value]) => [at, -value] as const) : points, step),
      })),
      ...(goal === undefined
        ? []
        : [
            {
              type: 'line',
              name: goal.name,
              showSymbol: false,
              color: colours.warning,
              lineStyle: { width: 1, type: 'dotted' },
              data: [
                [from * 1000, goal.value],
                [to * 1000, goal.value],
              ],
            },
          ]),
      ...(marks.length === 0 ? [] : [marksSeries({ marks, colour: colours.text })]),
    ],
  }
}

/** Points for ECharts, in milliseconds, with an empty one in each gap: what was not measured is not drawn. */
export function withGaps(points: readonly TimePoint[], step: number): [ms: number, value: number | null][] {
  const shown: [number, number | null][] = []
  let last: number | undefined
  for (const [at, value] of points) {
    if (last !== undefined && at - last > step * 1.5) shown.push([(last + step) * 1000, null])
    shown.push([at * 1000, value])
    last = at
  }
  return shown
}
