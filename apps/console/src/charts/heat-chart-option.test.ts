import theme from 'antd/es/theme'
import { describe, expect, it } from 'vitest'
import { chartColours } from './chart-colours.ts'
import { heatChartOption, toHeatRows } from './heat-chart-option.ts'

const buckets = [
  { bound: Infinity, points: [[10, 6] as const, [20, 4] as const] },
  { bound: 0.1, points: [[10, 2] as const, [20, 5] as const] },
  { bound: 1, points: [[10, 6] as const, [20, 4] as const] },
]

describe('toHeatRows', () => {
  it('tells each bucket from those below it, and leaves out what is always empty', () => {
    expect(toHeatRows(buckets).map(({ bound, values }) => [bound, [...values]])).toEqual([
      [
        0.1,
        [
          [10, 2],
          [20, 5],
        ],
      ],
      [
        1,
        [
          [10, 4],
          // Never less than nothing, whichever counter was read first.
          [20, 0],
        ],
      ],
    ])
  })
})

describe('heatChartOption', () => {
  it('has a cell for each moment at which there is something', () => {
    const option = heatChartOption({
      rows: toHeatRows(buckets),
      from: 0,
      to: 20,
      step: 10,
      printBound: (bound) => `${bound} s`,
      print: String,
      printTime: (ms) => String(ms / 1000),
      colours: chartColours(theme.getDesignToken()),
    })
    expect(option).toMatchObject({
      xAxis: { data: ['0', '10', '20'] },
      yAxis: { data: ['≤ 0.1 s', '≤ 1 s'] },
      visualMap: { max: 5 },
      series: [
        {
          data: [
            [1, 0, 2],
            [2, 0, 5],
            [1, 1, 4],
          ],
        },
      ],
    })
  })
})
