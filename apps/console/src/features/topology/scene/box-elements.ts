import type { ChartColours } from '../../../charts/chart-colours.ts'
import type { GroupBox } from '../layout/group-boxes.ts'
import { textWidth } from './edge-label.ts'
import type { Element, SceneWords } from './scene-model.ts'

const TITLE_SIZE = 11

/** Frames of clusters (full lines) or namespaces (dashed). */
export function boxElements(boxes: readonly GroupBox[], kind: GroupBox['kind'], colours: ChartColours): Element[] {
  return boxes
    .filter((box) => box.kind === kind)
    .map(({ id, x, y, width, height }) => ({
      id,
      type: 'rect',
      silent: true,
      shape: { x, y, width, height, r: 8 },
      style: {
        fill: colours.raised,
        fillOpacity: kind === 'cluster' ? 0.45 : 0.75,
        stroke: colours.border,
        lineWidth: 1,
        lineDash: kind === 'cluster' ? null : [5, 4],
      },
    }))
}

/** Titles of the frames, as large as the level of detail asks, cut to what fits into the frame. */
export function titleElements(
  boxes: readonly GroupBox[],
  scale: number,
  { colours, words }: { colours: ChartColours; words: SceneWords },
): Element[] {
  const size = TITLE_SIZE * scale
  return boxes.map(({ id, kind, title, x, y, width }) => ({
    id: `title:${id}`,
    type: 'text',
    // A click on the title shows the group as one node.
    info: { kind: 'group', id },
    cursor: 'pointer',
    x: x + 9,
    // Large titles of clusters stand above the frame: inside they would cover those of namespaces.
    y: kind === 'cluster' && scale > 1 ? y - size * 1.3 : y + 7,
    style: {
      text:
        scale > 1 && kind === 'namespace'
          ? fitted(title, width - 18, size)
          : titleIn(width - 18, size, words[kind](title), title),
      fontSize: size,
      fontFamily: colours.font,
      fontWeight: scale > 1 ? 600 : 400,
      fill: colours.textSecondary,
    },
  }))
}

const titleIn = (width: number, size: number, long: string, short: string): string =>
  textWidth(long, size) <= width ? long : fitted(short, width, size)

/** Cuts a text to a width; nothing at all when not even a few letters fit. */
function fitted(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text
  const letters = Math.floor(width / (size * 0.56)) - 1
  return letters < 3 ? '' : `${text.slice(0, letters)}…`
}
