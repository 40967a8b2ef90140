import { LineChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { connect, graphic, init, use as register, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

export type { ECharts } from 'echarts/core'

// Only the parts in use: each one more is some 10 KB.
register([LineChart, GraphicComponent, GridComponent, TooltipComponent, CanvasRenderer])

/** Makes a chart on a canvas that fills the element. */
export function createChart(element: HTMLElement): ECharts {
  return init(element, undefined, { renderer: 'canvas' })
}

/** Lets charts of one time axis show the same moment when one of them is pointed at. */
export function joinCharts(chart: ECharts, group: string): void {
  chart.group = group
  connect(group)
}

/** Makes shapes known by name to `graphic` elements; each is SVG path data around (0, 0). */
export function registerShapes(shapes: Readonly<Record<string, string>>): void {
  for (const [name, path] of Object.entries(shapes)) graphic.registerShape(name, graphic.extendPath(path, {}))
}
