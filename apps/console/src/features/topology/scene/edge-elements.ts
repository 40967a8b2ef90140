import type { TopologyEdge } from '@meshdeck/contract'
import type { ChartColours } from '../../../charts/chart-colours.ts'
import type { Format } from '../../../lib/format.ts'
import type { Place } from '../layout/layout-request.ts'
import type { EdgeShape } from './edge-geometry.ts'
import { edgeLabel, lockOf, textWidth, type LabelWords } from './edge-label.ts'
import { healthColour, healthWordColour } from './health-colour.ts'
import type { Element, Look, Target } from './scene-model.ts'
import { signElements } from './sign-elements.ts'

export interface EdgeStyle {
  width: number
  colours: ChartColours
  format: Format
  words: LabelWords
  opacity: number
  look: Look
  /** What changed, in words. */
  note: string | undefined
}

const LABEL_SIZE = 10
const LABEL_HEIGHT = 17
const LABEL_PADDING = 6
const LOCK_WIDTH = 12
const LOCK_SCALE = 0.8
const SIGN_OVERLAP = 4
/** Pixels of the screen. */
const FAR_WIDTH = 1.3

/** Whether an edge has to be seen even from afar. */
export const isBad = ({ health }: TopologyEdge): boolean => health === 'warning' || health === 'critical'

/** The line: width by rate, colour by health. */
export function lineElement(
  edge: TopologyEdge,
  { curve }: EdgeShape,
  { width, colours, opacity, look }: EdgeStyle,
): Element {
  const { emphasis } = look
  const far = look.far && isBad(edge)
  return {
    id: `edge:${edge.id}`,
    type: 'bezierCurve',
    info: infoOf(edge),
    shape: curve,
    style: {
      stroke: healthColour(edge.health, colours),
      fill: null,
      lineWidth: (far ? FAR_WIDTH : width) + (emphasis ? 2 : 0),
      strokeNoScale: far,
      lineDash: edge.health === 'unknown' ? [5, 4] : null,
      opacity,
      shadowColor: emphasis ? colours.primary : 'transparent',
      shadowBlur: emphasis ? 10 : 0,
    },
  }
}

export function headElement(edge: TopologyEdge, { head }: EdgeShape, { colours, opacity }: EdgeStyle): Element {
  return {
    id: `head:${edge.id}`,
    type: 'polygon',
    silent: true,
    shape: { points: head },
    style: { fill: healthColour(edge.health, colours), opacity },
  }
}

/** From afar the sign of health stands alone; near by it is part of the label. */
export const farSignElements = (edge: TopologyEdge, { middle }: EdgeShape, style: EdgeStyle): Element[] =>
  signElements(`far:${edge.id}`, edge.health, middle, style)

/** A pill in the middle of the line: sign, lock, numbers. */
export function labelElements(edge: TopologyEdge, { middle }: EdgeShape, style: EdgeStyle): Element[] {
  const { colours, opacity } = style
  const scale = style.look.labelScale
  const figures = edgeLabel(edge, style.format, style.words)
  const text = style.note === undefined ? figures : `${style.note} · ${figures}`
  const lock = lockOf(edge)
  const size = LABEL_SIZE * scale
  const height = LABEL_HEIGHT * scale
  const lockWidth = lock ? LOCK_WIDTH * scale : 0
  const width = textWidth(text, size) + lockWidth + LABEL_PADDING * 2
  const left = middle.x - width / 2
  return [
    {
      id: `pill:${edge.id}`,
      type: 'rect',
      info: infoOf(edge),
      shape: { x: left, y: middle.y - height / 2, width, height, r: height / 2 },
      style: {
        fill: colours.surface,
        stroke: style.look.emphasis ? colours.primary : colours.border,
        lineWidth: 1,
        opacity,
      },
    },
    ...(lock ? [lockElement(edge.id, lock, { x: left + LABEL_PADDING + lockWidth / 2 - 1, y: middle.y }, style)] : []),
    {
      id: `text:${edge.id}`,
      type: 'text',
      silent: true,
      x: left + LABEL_PADDING + lockWidth,
      y: middle.y + 0.5,
      style: {
        text,
        verticalAlign: 'middle',
        fontSize: size,
        fontFamily: colours.font,
        fill: healthWordColour(edge.health, colours),
        opacity,
      },
    },
    ...signElements(`near:${edge.id}`, edge.health, { x: left - SIGN_OVERLAP, y: middle.y }, style),
  ]
}

const infoOf = ({ id }: TopologyEdge): Target => ({ kind: 'edge', id })

function lockElement(
  id: string,
  lock: 'closed' | 'open',
  { x, y }: Place,
  { colours, opacity, look }: EdgeStyle,
): Element {
  const type = lock === 'closed' ? 'mdLock' : 'mdOpenLock'
  const scale = LOCK_SCALE * look.labelScale
  return {
    id: `${type}:${id}`,
    type,
    silent: true,
    x,
    y,
    scaleX: scale,
    scaleY: scale,
    style: { fill: lock === 'closed' ? colours.successText : colours.warningText, opacity },
  }
}
