import { useEffect, useMemo, useRef } from 'react'
import type { ChartColours } from '../../../charts/chart-colours.ts'
import type { Place } from '../layout/layout-request.ts'
import { detailAt } from '../scene/detail.ts'
import type { SceneInput } from '../scene/scene.ts'
import type { Stage } from '../scene/stage.ts'
import { useShown } from './use-shown.ts'
import { dotLines, dotPlaces, type DotLine } from './traffic-dots.ts'

export interface TrafficLayerProps {
  stage: Stage
  input: SceneInput
  colours: ChartColours
}

/** A dozen pictures a second are enough for dots, and cost a fifth of sixty. */
const FRAME_MS = 80
const RADIUS = 2.6
/** How small dots become where the drawing is far away. */
const LEAST_RADIUS = 1.6
/** Half of a label, in the drawing. */
const LABEL = { width: 44, height: 11 }

/** Moving dots over the lines of the picture: a canvas of its own, so that the picture beneath is not drawn anew. */
export function TrafficLayer({ stage, input, colours }: TrafficLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const lines = useMemo(() => dotLines(input.lines.values(), input.found), [input])
  const shown = useShown()
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context || !shown) return
    let frame = 0
    let drawnAt = Number.NEGATIVE_INFINITY
    const draw = (now: number): void => {
      frame = requestAnimationFrame(draw)
      if (now - drawnAt < FRAME_MS) return
      drawnAt = now
      drawDots(context, lines, now / 1000, { stage, colours })
    }
    frame = requestAnimationFrame(draw)
    return () => {
      cancelAnimationFrame(frame)
      context.clearRect(0, 0, context.canvas.width, context.canvas.height)
    }
  }, [stage, lines, colours, shown])
  return <canvas ref={canvas} className="md-topology-traffic" aria-hidden />
}

/** Dots pass behind the words of their line. */
const isOnLabel = (place: Place, middle: Place, scale: number): boolean =>
  Math.abs(place.x - middle.x) < LABEL.width * scale && Math.abs(place.y - middle.y) < LABEL.height * scale

function drawDots(
  context: CanvasRenderingContext2D,
  lines: readonly DotLine[],
  seconds: number,
  { stage, colours }: Pick<TrafficLayerProps, 'stage' | 'colours'>,
): void {
  const { canvas } = context
  const { width, height } = stage.size
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  else context.clearRect(0, 0, width, height)
  const { x, y, scale } = stage.camera
  const { edgeLabels, labelScale } = detailAt(scale)
  const radius = Math.max(LEAST_RADIUS, RADIUS * Math.min(1, scale * 1.3))
  const [good, bad] = [new Path2D(), new Path2D()]
  for (const line of lines) {
    for (const [index, place] of dotPlaces(line, seconds).entries()) {
      if (edgeLabels && isOnLabel(place, line.middle, labelScale)) continue
      const [left, top] = [place.x * scale + x, place.y * scale + y]
      if (left < 0 || top < 0 || left > width || top > height) continue
      // Failed ones differ in shape as well.
      if (index < line.failed) bad.rect(left - radius - 1, top - radius - 1, radius * 2 + 2, radius * 2 + 2)
      else {
        good.moveTo(left + radius, top)
        good.arc(left, top, radius, 0, Math.PI * 2)
      }
    }
  }
  context.lineWidth = 1.5
  context.strokeStyle = colours.surface
  for (const [path, fill] of [
    [good, colours.text],
    [bad, colours.error],
  ] as const) {
    context.fillStyle = fill
    context.stroke(path)
    context.fill(path)
  }
}
