import { HeatmapChart } from 'echarts/charts'
import { VisualMapComponent } from 'echarts/components'
import { use as register } from 'echarts/core'
import { useMemo } from 'react'
import { useFormat } from '../lib/format.ts'
import { EChart } from './e-chart.tsx'
import { heatChartOption, toHeatRows, type Bucket } from './heat-chart-option.ts'
import { useChartColours } from './use-chart-colours.ts'

// Loaded with the pages that draw one, and not with every chart.
register([HeatmapChart, VisualMapComponent])

export interface HeatChartProps {
  /** What is shown, and where the same can be read. */
  label: string
  buckets: readonly Bucket[]
  /** Unix seconds. */
  from: number
  to: number
  /** Seconds. */
  step: number
  printBound: (bound: number) => string
  print: (value: number) => string
  className?: string
}

/** A histogram over time. */
export function HeatChart({ label, buckets, from, to, step, printBound, print, className }: HeatChartProps) {
  const format = useFormat()
  const colours = useChartColours()
  const option = useMemo(
    () =>
      heatChartOption({
        rows: toHeatRows(buckets),
        from,
        to,
        step,
        printBound,
        print,
        printTime: format.time,
        colours,
      }),
    [buckets, from, to, step, printBound, print, format, colours],
  )
  return <EChart option={option} label={label} {...(className === undefined ? {} : { className })} />
}
