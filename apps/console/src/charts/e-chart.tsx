import { useEffect, useEffectEvent, useRef } from 'react'
import { createChart, type ECharts } from './echarts.ts'

/** What `setOption` takes; options are built by tested functions, which know more than this. */
export type ChartOption = Readonly<Record<string, unknown>>

export interface EChartProps {
  option: ChartOption
  /** What the picture shows, and where the same can be read: a canvas says nothing to a screen reader. */
  label: string
  className?: string
  /** Hands out the chart while it stands, for events and partial updates; undefined when it is gone. */
  onChart?: (chart: ECharts | undefined) => void
}

/** The one owner of an ECharts instance: makes it, gives it options, keeps it as large as its box, disposes of it. */
export function EChart({ option, label, className, onChart }: EChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const instance = useRef<ECharts>(undefined)
  const tell = useEffectEvent((chart: ECharts | undefined) => onChart?.(chart))

  useEffect(() => {
    const element = box.current
    if (!element) return
    const chart = createChart(element)
    instance.current = chart
    const observer = new ResizeObserver(() => chart.resize())
    observer.observe(element)
    tell(chart)
    return () => {
      observer.disconnect()
      tell(undefined)
      instance.current = undefined
      chart.dispose()
    }
  }, [])

  // Series that are gone must not stay in the picture.
  useEffect(() => instance.current?.setOption(option, { replaceMerge: 'series' }), [option])

  return <div ref={box} className={className} role="img" aria-label={label} />
}
