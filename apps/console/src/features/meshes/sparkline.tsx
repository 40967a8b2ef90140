import type { MeshTraffic } from '@meshdeck/contract'

const WIDTH = 220
const HEIGHT = 36

/** Points of a polyline over the whole width, highest value at the top. Pure; an empty text for fewer than two points. */
export function sparklinePoints(values: MeshTraffic['sparkline']): string {
  const first = values[0]
  const last = values.at(-1)
  if (values.length < 2 || !first || !last) return ''
  const most = Math.max(...values.map(([, value]) => value), Number.MIN_VALUE)
  const span = Math.max(1, last[0] - first[0])
  return values
    .map(([at, value]) => {
      const x = ((at - first[0]) / span) * WIDTH
      const y = HEIGHT - 2 - (value / most) * (HEIGHT - 4)
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}

/** The last minutes as a line without axes. The figure beside it says the same to those who cannot see it. */
export function Sparkline({ values }: { values: MeshTraffic['sparkline'] }) {
  const points = sparklinePoints(values)
  if (points === '') return null
  return (
    <svg className="md-sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <polyline points={points} fill="none" />
    </svg>
  )
}
