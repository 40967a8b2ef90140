/** A single point over lines, with what it is in words. */
export interface TimeMark {
  /** Unix seconds. */
  at: number
  value: number
  text: string
}

/** One line at the moment that is pointed at, as ECharts hands it to a formatter. */
interface Pointed {
  axisValue: number
  marker: string
  seriesName: string
  value: readonly [ms: number, value: number | null]
}

export interface MarksInput {
  marks: readonly TimeMark[]
  /** Unix seconds. */
  from: number
  to: number
  /** Seconds. */
  step: number
  print: (value: number) => string
  printTime: (ms: number) => string
  colour: string
}

/** Of a picture this part around the pointer, and never less than a step, is what is pointed at. */
const NEAR = 1 / 100
const MOST_TOLD = 3

/** The points as a series without a line. They do not take the pointer from the lines, whose tooltip tells of them. */
export function marksSeries({ marks, colour }: Pick<MarksInput, 'marks' | 'colour'>) {
  return {
    type: 'line',
    name: 'marks',
    lineStyle: { opacity: 0 },
    symbol: 'diamond',
    symbolSize: 8,
    showSymbol: true,
    showAllSymbol: true,
    color: colour,
    z: 5,
    tooltip: { show: false },
    data: marks.map(({ at, value }) => [at * 1000, value]),
  }
}

/** The tooltip of lines with marks: the time, each line's figure, and the marks that are nearest. */
export function marksTooltip({ marks, from, to, step, print, printTime }: MarksInput) {
  const reach = Math.max(step, (to - from) * NEAR)
  return (lines: readonly Pointed[]): string => {
    const [first] = lines
    if (first === undefined) return ''
    const seconds = first.axisValue / 1000
    const near = marks
      .map((mark) => ({ mark, distance: Math.abs(mark.at - seconds) }))
      .filter(({ distance }) => distance <= reach)
      .toSorted((a, b) => a.distance - b.distance)
    return [
      printTime(first.axisValue),
      ...lines.map(({ marker, seriesName, value: [, value] }) =>
        `${marker} ${seriesName}  ${value === null ? '–' : print(value)}`.trim(),
      ),
      ...near.slice(0, MOST_TOLD).map(({ mark }) => `◆ ${mark.text}`),
    ].join('\n')
  }
}
