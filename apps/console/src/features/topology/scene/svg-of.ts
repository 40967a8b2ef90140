import { createDrawing } from '../../../charts/echarts-svg.ts'
import type { Area } from './camera.ts'
import { detailAt } from './detail.ts'
import { sceneOption } from './scene-option.ts'
import { buildDetail, buildFrame, type SceneInput } from './scene.ts'

const PADDING = 24

/** All of a graph at its natural size, every label included, as the text of an SVG. */
export function svgOf(input: SceneInput, area: Area, background: string): string {
  const detail = detailAt(1)
  const scene = { ...buildFrame(input, { ...detail, emphasis: false }), ...buildDetail(input, detail) }
  const size = { width: Math.ceil(area.width) + 2 * PADDING, height: Math.ceil(area.height) + 2 * PADDING }
  return createDrawing(size, { animation: false, backgroundColor: background }, [
    sceneOption(scene, [], { x: PADDING - area.x, y: PADDING - area.y, scale: 1 }),
  ])
}
