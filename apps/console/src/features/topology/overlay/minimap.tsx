import { useEffect, useRef, useState, type PointerEvent } from 'react'
import type { ChartColours } from '../../../charts/chart-colours.ts'
import { contains, fitCamera, viewOf, type Area, type Camera } from '../scene/camera.ts'
import { healthColour } from '../scene/health-colour.ts'
import type { SceneInput } from '../scene/scene.ts'
import type { Stage } from '../scene/stage.ts'

export interface MinimapProps {
  stage: Stage
  input: SceneInput
  /** What the drawing covers. */
  area: Area
  colours: ChartColours
}

const SIZE = { width: 176, height: 112 }
const DOT = 1.8

/**
 * The whole drawing, small, with a frame around what the window shows; press or drag to go there. It is there while the
 * window shows less than all. A hand's tool: keys move the picture, and readers of the screen have the table.
 */
export function Minimap(props: MinimapProps) {
  const { stage, area } = props
  const [camera, setCamera] = useState<Camera>(stage.camera)
  useEffect(() => stage.watch(() => setCamera(stage.camera)), [stage])
  const view = viewOf(camera, stage.size)
  return contains(view, area) ? null : <SmallDrawing {...props} view={view} />
}

function SmallDrawing({ stage, input, area, colours, view }: MinimapProps & { view: Area }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const small = fitCamera(area, SIZE)

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, SIZE.width, SIZE.height)
    for (const node of input.graph.topology.nodes) {
      const place = input.places.get(node.id)
      if (!place) continue
      context.fillStyle = healthColour(node.health, colours)
      context.beginPath()
      context.arc(place.x * small.scale + small.x, place.y * small.scale + small.y, DOT, 0, Math.PI * 2)
      context.fill()
    }
    context.strokeStyle = colours.text
    context.lineWidth = 1.5
    const { scale, x, y } = small
    context.strokeRect(view.x * scale + x, view.y * scale + y, view.width * scale, view.height * scale)
  })

  const handlePointer = (event: PointerEvent) => {
    if (event.buttons === 0) return
    event.preventDefault()
    const { offsetX, offsetY } = event.nativeEvent
    stage.lookAt({ x: (offsetX - small.x) / small.scale, y: (offsetY - small.y) / small.scale })
  }
  return (
    <canvas
      ref={canvas}
      className="md-topology-minimap"
      aria-hidden
      {...SIZE}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        handlePointer(event)
      }}
      onPointerMove={handlePointer}
    />
  )
}
