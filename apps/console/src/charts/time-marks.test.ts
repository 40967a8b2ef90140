import theme from 'antd/es/theme'
import { expect, it } from 'vitest'
import { chartColours } from './chart-colours.ts'
import { timeChartOption } from './time-chart-option.ts'
import { marksTooltip } from './time-marks.ts'

const colours = chartColours(theme.getDesignToken())
const input = {
  from: 0,
  to: 1_000,
  step: 10,
  colours,
  print: (value: number) => `${value} ms`,
  printTime: String,
  series: [{ name: 'p50', points: [[110, 5]] as const }],
}

it('draws marks over the lines, without a line of their own, in a colour of the theme', () => {
  const marks = [{ at: 112.5, value: 40, text: 'a trace' }]
  expect(timeChartOption({ ...input, marks })).toMatchObject({
    series: [
      { name: 'p50' },
      {
        data: [[112_500, 40]],
        showSymbol: true,
        lineStyle: { opacity: 0 },
        color: colours.text,
        tooltip: { show: false },
      },
    ],
  })
})

it('is the plain chart without any', () => {
  expect(JSON.stringify(timeChartOption({ ...input, marks: [] }))).toBe(JSON.stringify(timeChartOption(input)))
  expect(timeChartOption({ ...input, marks: [] })).not.toHaveProperty('tooltip.formatter')
})

it('tells of the marks that are nearest to the moment pointed at, after the lines', () => {
  const at = [105, 108, 112, 113, 130].map((each) => ({ at: each, value: 1, text: `trace ${each}` }))
  const tooltip = marksTooltip({ ...input, marks: at, colour: '' })
  expect(
    tooltip([
      { axisValue: 110_000, marker: '{a|}', seriesName: 'p50', value: [110_000, 5] },
      { axisValue: 110_000, marker: '{b|}', seriesName: 'p99', value: [110_000, null] },
    ]),
  ).toBe('110000\n{a|} p50  5 ms\n{b|} p99  –\n◆ trace 108\n◆ trace 112\n◆ trace 113')
  expect(tooltip([{ axisValue: 500_000, marker: '', seriesName: 'p50', value: [500_000, 5] }])).toBe(
    '500000\np50  5 ms',
  )
  expect(tooltip([])).toBe('')
})
