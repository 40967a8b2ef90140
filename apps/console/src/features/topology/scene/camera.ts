/** From the drawing to the screen: `screen = drawing × scale + offset`, in pixels. */
export interface Camera {
  x: number
  y: number
  scale: number
}
export interface Size {
  width: number
  height: number
}
export interface Area extends Size {
  x: number
  y: number
}

const MIN_SCALE = 0.02
const MAX_SCALE = 3
/** A small graph is not blown up to fill the window. */
const FIT_SCALE = 1.25
const FIT_PADDING = 24

/** Shows all of an area, in the middle. */
export function fitCamera(area: Area, screen: Size): Camera {
  const room = (extent: number) => Math.max(1, extent - 2 * FIT_PADDING)
  const scale = clamp(
    Math.min(FIT_SCALE, room(screen.width) / Math.max(1, area.width), room(screen.height) / Math.max(1, area.height)),
  )
  return {
    scale,
    x: screen.width / 2 - (area.x + area.width / 2) * scale,
    y: screen.height / 2 - (area.y + area.height / 2) * scale,
  }
}

export const pan = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x + dx,
  y: camera.y + dy,
})

/** Zooms so that what is under a point of the screen stays under it. */
export function zoomAt(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = clamp(camera.scale * factor)
  const by = scale / camera.scale
  return { scale, x: x - (x - camera.x) * by, y: y - (y - camera.y) * by }
}

/** Moves as little as needed to bring a point of the drawing on the screen, `margin` pixels from its edges. */
export function reveal(camera: Camera, point: { x: number; y: number }, screen: Size, margin = 80): Camera {
  const missing = (at: number, extent: number): number => {
    const edge = Math.min(margin, extent / 2)
    return Math.max(edge - at, 0) + Math.min(extent - edge - at, 0)
  }
  const dx = missing(point.x * camera.scale + camera.x, screen.width)
  const dy = missing(point.y * camera.scale + camera.y, screen.height)
  return dx === 0 && dy === 0 ? camera : pan(camera, dx, dy)
}

/** Looks at a point of the drawing from as far as before. */
export const centredOn = ({ scale }: Camera, { x, y }: { x: number; y: number }, screen: Size): Camera => ({
  scale,
  x: screen.width / 2 - x * scale,
  y: screen.height / 2 - y * scale,
})

/** The part of the drawing that is on the screen. */
export const viewOf = ({ x, y, scale }: Camera, screen: Size): Area => ({
  x: -x / scale,
  y: -y / scale,
  width: screen.width / scale,
  height: screen.height / scale,
})

/** An area with half its extent around it. */
export const widened = ({ x, y, width, height }: Area): Area => ({
  x: x - width / 2,
  y: y - height / 2,
  width: width * 2,
  height: height * 2,
})

export const contains = (outer: Area, inner: Area): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height

const clamp = (scale: number): number => Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale))
