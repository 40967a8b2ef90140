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

  it('prints the marks of its axis in their own way', () => {
    const printTick = (ms: number): string => `tick ${ms}`
    expect(timeChartOption({ ...input, printTick })).toMatchObject({ xAxis: { axisLabel: { formatter: printTick } } })
    expect(timeChartOption(input)).toMatchObject({ xAxis: { axisLabel: { formatter: input.printTime } } })
  })

  it('ends its axis at the least that was asked for, and at a round figure above it', () => {
    const { yAxis } = timeChartOption({ ...input, least: 0.04 })
    expect(yAxis).toMatchObject({ max: expect.any(Function) })
    const max = typeof yAxis === 'object' && yAxis !== null && 'max' in yAxis ? yAxis.max : undefined
    if (typeof max !== 'function') throw new Error('the axis has an end of its own')
    expect([max({ max: 0.01 }), max({ max: 0.11 })]).toEqual([0.04, null])
  })

  it('takes colours from the theme only', () => {
    expect(timeChartOption(input)).toMatchObject({
      color: colours.series,
      xAxis: { axisLine: { lineStyle: { color: colours.border } } },
    })
  })
})
