import { SHAPES, type ShapeName } from './scene/shapes.ts'

export interface LegendShapeProps {
  shape: ShapeName
  tone: 'success' | 'warning' | 'error' | 'unknown'
  solid?: boolean
  dashed?: boolean
}

/** A sign of the picture, as it is drawn there. */
export function LegendShape({ shape, tone, solid = false, dashed = false }: LegendShapeProps) {
  return (
    <svg
      className={`md-topology-sign md-topology-sign-${tone}`}
      viewBox="-21 -21 42 42"
      width="18"
      height="18"
      aria-hidden="true"
    >
      <path
        d={SHAPES[shape]}
        transform={solid ? 'scale(2.2)' : undefined}
        fill={solid ? 'currentColor' : 'none'}
        stroke={solid ? 'none' : 'currentColor'}
        strokeWidth="4"
        strokeDasharray={dashed ? '8 6' : undefined}
      />
    </svg>
  )
}
