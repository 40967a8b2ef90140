import theme from 'antd/es/theme'
import { describe, expect, it } from 'vitest'
import { chartColours } from './chart-colours.ts'
import { timeChartOption, withGaps } from './time-chart-option.ts'

describe('withGaps', () => {
  it('counts in milliseconds and keeps a full series as it is', () => {
    expect(
      withGaps(
        [
          [10, 1],
          [20, 2],
        ],
        10,
      ),
    ).toEqual([
      [10_000, 1],
      [20_000, 2],
    ])
  })

  it('breaks the line where points are missing, and never writes a zero for them', () => {
    expect(
      withGaps(
        [
          [10, 1],
          [50, 2],
        ],
        10,
      ),
    ).toEqual([
      [10_000, 1],
      [20_000, null],
      [50_000, 2],
    ])
  })
})

describe('timeChartOption', () => {
  const colours = chartColours(theme.getDesignToken())
  const input = {
    from: 100,
    to: 200,
    step: 10,
    colours,
    print: String,
    printTime: String,
    series: [{ name: 'errors', points: [[110, 0.5]] as const }],
  }

  it('shows the range asked for, even where there are no points', () => {
    expect(timeChartOption(input)).toMatchObject({
      xAxis: { min: 100_000, max: 200_000 },
      series: [{ name: 'errors', data: [[110_000, 0.5]] }],
    })
  })

  it('takes colours from the theme only', () => {
    expect(timeChartOption(input)).toMatchObject({
      color: colours.series,
      xAxis: { axisLine: { lineStyle: { color: colours.border } } },
    })
  })
})
