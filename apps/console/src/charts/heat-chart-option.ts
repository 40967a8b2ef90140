import type { ChartColours } from './chart-colours.ts'
import type { ChartOption } from './e-chart.tsx'
import type { TimePoint } from './time-chart-option.ts'

/** Events per second of which a value is at most `bound`; as Prometheus' histograms count. */
export interface Bucket {
  /** `Infinity` for the last. */
  bound: number
  points: readonly TimePoint[]
}

/** So many events per second between the bound before and this one. */
export interface HeatRow {
  bound: number
  /** By unix seconds. */
  values: ReadonlyMap<number, number>
}

/** Takes apart what buckets count together: rows from the smallest bound, without those that never have anything. */
export function toHeatRows(buckets: readonly Bucket[]): HeatRow[] {
  let before: ReadonlyMap<number, number> = new Map()
  const rows: HeatRow[] = []
  for (const { bound, points } of buckets.toSorted((a, b) => a.bound - b.bound)) {
    const counted = new Map(points)
    const values = new Map<number, number>()
    // Counters of one histogram are read one after the other, so that a smaller bucket may be ahead for a moment.
    for (const [at, value] of counted) values.set(at, Math.max(0, value - (before.get(at) ?? 0)))
    rows.push({ bound, values })
    before = counted
  }
  return rows.filter(({ values }) => [...values.values()].some((value) => value > 0))
}

export interface HeatChartInput {
  rows: readonly HeatRow[]
  from: number
  to: number
  /** Seconds. */
  step: number
  /** A bound, in its unit. */
  printBound: (bound: number) => string
  /** Events per second. */
  print: (value: number) => string
  printTime: (ms: number) => string
  colours: ChartColours
}

/** A histogram over time: the darker, the more events in a bucket. */
export function heatChartOption(input: HeatChartInput): ChartOption {
  const { rows, from, to, step, printBound, print, printTime, colours } = input
  const times = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
  const cells = rows.flatMap(({ values }, row) =>
    times.flatMap((at, column) => {
      const value = values.get(at)
      return value === undefined || value === 0 ? [] : [[column, row, value]]
    }),
  )
  const label = { color: colours.textMuted, fontSize: 10, hideOverlap: true }
  return {
    animation: false,
    textStyle: { fontFamily: colours.font },
    grid: { left: 4, right: 10, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.surface,
      borderColor: colours.border,
      textStyle: { color: colours.text, fontSize: 11 },
      formatter: ({ value }: { value: unknown }) => {
        const [column, row, amount]: unknown[] = Array.isArray(value) ? value : []
        const at = times[Number(column)]
        const bound = rows[Number(row)]?.bound
        if (at === undefined || bound === undefined) return ''
        return `${printTime(at * 1000)}  ≤ ${printBound(bound)}: ${print(Number(amount))}`
      },
    },
    xAxis: {
      type: 'category',
      data: times.map((at) => printTime(at * 1000)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.border } },
      axisLabel: { ...label, interval: Math.max(0, Math.floor(times.length / 5) - 1) },
    },
    yAxis: {
      type: 'category',
      data: rows.map(({ bound }) => `≤ ${printBound(bound)}`),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: label,
    },
    visualMap: {
      show: false,
      min: 0,
      max: Math.max(...cells.map(([, , value = 0]) => value), Number.MIN_VALUE),
      inRange: { color: [colours.raised, colours.primary] },
    },
    series: [{ type: 'heatmap', data: cells, progressive: 0 }],
  }
}
