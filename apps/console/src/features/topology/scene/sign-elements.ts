import type { HealthLevel } from '@meshdeck/contract'
import type { ChartColours } from '../../../charts/chart-colours.ts'
import type { Place } from '../layout/layout-request.ts'
import { healthColour } from './health-colour.ts'
import type { Element } from './scene-model.ts'
import { signOf } from './shapes.ts'

/** The sign of a health that is not good, for those who do not tell its colour. */
export function signElements(
  id: string,
  health: HealthLevel,
  { x, y }: Place,
  { colours, opacity }: { colours: ChartColours; opacity: number },
): Element[] {
  const sign = signOf(health)
  if (!sign) return []
  return [
    {
      id: `${sign.ground}:${id}`,
      type: sign.ground,
      silent: true,
      x,
      y,
      style: { fill: healthColour(health, colours), stroke: colours.surface, lineWidth: 2, strokeFirst: true, opacity },
    },
    {
      id: `${sign.mark}:${id}`,
      type: sign.mark,
      silent: true,
      x,
      y: sign.ground === 'mdTriangle' ? y + 1 : y,
      style: { fill: colours.surface, opacity },
    },
  ]
}
