import type { TopologyNode } from '@meshdeck/contract'
import type { ChartColours } from '../../../charts/chart-colours.ts'
import { LABEL_LETTERS, NODE_RADIUS, type Place } from '../layout/layout-request.ts'
import { healthColour } from './health-colour.ts'
import type { Element, Look, SceneWords, Target } from './scene-model.ts'
import { BADGE_SHAPES, glyphOf, outlineOf } from './shapes.ts'
import { signElements } from './sign-elements.ts'

export interface NodeStyle {
  colours: ChartColours
  words: SceneWords
  opacity: number
  look: Look
  /** What changed, in words. */
  note: string | undefined
}

const GLYPH_SIZE = 12
const LABEL_SIZE = 11
const SIGN_OFFSET = 14
const FAR_SCALE = 1.4
const BADGE_OFFSET = 17
const BADGE_STEP = 13

/** The outline: shape by type, colour by health. */
export function outlineElement(
  node: TopologyNode,
  { x, y }: Place,
  { colours, opacity, look: { emphasis, far } }: NodeStyle,
): Element {
  const type = outlineOf(node)
  const colour = healthColour(node.health, colours)
  return {
    id: `${type}:${node.id}`,
    type,
    info: infoOf(node),
    x,
    y,
    scaleX: far ? FAR_SCALE : 1,
    scaleY: far ? FAR_SCALE : 1,
    style: {
      // From afar a ring is thinner than a pixel: a dot is left.
      fill: far ? colour : colours.surface,
      stroke: colour,
      lineWidth: emphasis ? 4 : 2.5,
      lineDash: node.health === 'unknown' ? [4, 3] : null,
      shadowColor: emphasis ? colours.primary : 'transparent',
      shadowBlur: emphasis ? 16 : 0,
      opacity,
    },
  }
}

/** The sign of health beside the outline. */
export const nodeSignElements = (node: TopologyNode, { x, y }: Place, style: NodeStyle): Element[] =>
  signElements(node.id, node.health, { x: x + SIGN_OFFSET, y: y - SIGN_OFFSET }, style)

/** What stands inside of the outline, and a mark for what has no sidecar: its own calls are seen by others only. */
export function glyphElements(node: TopologyNode, { x, y }: Place, { colours, opacity }: NodeStyle): Element[] {
  const glyph = glyphOf(node)
  const common = { info: infoOf(node), x, y }
  const inside: Element =
    'icon' in glyph
      ? { id: `${glyph.icon}:${node.id}`, type: glyph.icon, ...common, style: { fill: colours.textSecondary, opacity } }
      : {
          id: `letter:${node.id}`,
          type: 'text',
          ...common,
          style: {
            text: glyph.letter,
            align: 'center',
            verticalAlign: 'middle',
            fontSize: GLYPH_SIZE,
            fontFamily: colours.font,
            fill: colours.textSecondary,
            opacity,
          },
        }
  const marks = badgeElements(node, { x, y }, { colours, opacity })
  if (node.injected !== false && node.ambient !== true) return [inside, ...marks]
  return [
    inside,
    ...marks,
    {
      id: `${node.ambient === true ? 'carried' : 'unmanaged'}:${node.id}`,
      type: node.ambient === true ? 'mdWave' : 'mdOpenLock',
      silent: true,
      x: x - SIGN_OFFSET - 1,
      y: y - SIGN_OFFSET,
      style: {
        fill: node.ambient === true ? colours.successText : colours.textSecondary,
        stroke: colours.surface,
        lineWidth: 2,
        strokeFirst: true,
        opacity,
      },
    },
  ]
}

/** Small signs under the right of the outline for what is in force: rules, faults, findings. */
function badgeElements(
  node: TopologyNode,
  { x, y }: Place,
  { colours, opacity }: Pick<NodeStyle, 'colours' | 'opacity'>,
): Element[] {
  return (node.badges ?? []).map((badge, index) => {
    const type = BADGE_SHAPES[badge]
    return {
      id: `${type}:${node.id}`,
      type,
      silent: true,
      x: x + BADGE_OFFSET + index * BADGE_STEP,
      y: y + SIGN_OFFSET,
      style: {
        fill: badge === 'rule' ? colours.successText : colours.warningText,
        stroke: colours.surface,
        lineWidth: 2,
        strokeFirst: true,
        opacity,
      },
    }
  })
}

/** The name below. */
export function nameElement(
  node: TopologyNode,
  { x, y }: Place,
  { colours, words, opacity, look, note }: NodeStyle,
): Element {
  return {
    id: `label:${node.id}`,
    type: 'text',
    info: infoOf(node),
    x,
    y: y + NODE_RADIUS + 5,
    style: {
      text: note === undefined ? shortened(words.node(node)) : `${shortened(words.node(node))}\n${note}`,
      align: 'center',
      fontSize: LABEL_SIZE * look.nameScale,
      fontWeight: 600,
      fontFamily: colours.font,
      fill: colours.text,
      stroke: colours.surface,
      lineWidth: 3,
      opacity,
    },
  }
}

const infoOf = ({ id }: TopologyNode): Target => ({ kind: 'node', id })
const shortened = (name: string): string =>
  name.length > LABEL_LETTERS ? `${name.slice(0, LABEL_LETTERS - 1)}…` : name
