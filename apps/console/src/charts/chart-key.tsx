import { useChartColours } from './use-chart-colours.ts'

/** Which line of a chart is which, by their order. A hint for the eye: the chart's label tells the figures. */
export function ChartKey({ names }: { names: readonly string[] }) {
  const { series } = useChartColours()
  return (
    <ul className="md-chart-key">
      {names.map((name, index) => (
        <li key={name}>
          <span
            className="md-chart-swatch"
            style={{ borderTopColor: series[index % series.length] ?? '' }}
            aria-hidden
          />
          {name}
        </li>
      ))}
    </ul>
  )
}
