import { init, use as register } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import './echarts.ts'

register([SVGRenderer])

/** Draws options, one after the other, as the text of an SVG; needs no element. For a file, loaded when somebody wants one. */
export function createDrawing(
  size: { width: number; height: number },
  base: Readonly<Record<string, unknown>>,
  options: readonly Readonly<Record<string, unknown>>[],
): string {
  const chart = init(undefined, undefined, { renderer: 'svg', ssr: true, ...size })
  try {
    for (const option of [base, ...options]) chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
