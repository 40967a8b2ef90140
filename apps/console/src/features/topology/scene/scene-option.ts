import type { Camera } from './camera.ts'
import { LAYERS, type Element, type Scene } from './scene-model.ts'

/** What holds all elements. */
export const WORLD = 'world'

/**
 * A scene as option of ECharts. `gone` are ids of an earlier one that are to be taken away: a merge keeps what is not
 * named.
 */
export function sceneOption(scene: Scene, gone: readonly string[], camera: Camera): Record<string, unknown> {
  const children = LAYERS.flatMap((layer) => {
    const elements = scene[layer]
    return elements ? [{ id: layer, type: 'group', children: elements }] : []
  })
  const world = { id: WORLD, name: WORLD, type: 'group', ...placed(camera), children }
  return { graphic: { elements: [world, ...gone.map((id) => ({ id, $action: 'remove' }))] } }
}

/** A scene in scenes of at most so many elements, in the order of the layers; the first has the layers that are empty. */
export function inPieces(scene: Scene, size: number): Scene[] {
  const pieces: Scene[] = [{}]
  let room = size
  for (const layer of LAYERS) {
    const elements = scene[layer]
    if (elements?.length === 0) pieces[0] = { ...pieces[0], [layer]: elements }
    for (let at = 0; at < (elements?.length ?? 0);) {
      if (room === 0) {
        pieces.push({})
        room = size
      }
      const part = elements?.slice(at, at + room) ?? []
      pieces[pieces.length - 1] = { ...pieces.at(-1), [layer]: part }
      at += part.length
      room -= part.length
    }
  }
  return pieces
}

/** Puts changed elements in the place of those of the same ids. */
export function patchOption(elements: readonly Element[]): Record<string, unknown> {
  return { graphic: { elements } }
}

/** Where a scene is looked at from, as properties of the group that holds it. */
export const placed = ({ x, y, scale }: Camera) => ({ x, y, scaleX: scale, scaleY: scale })

/** Ids of the elements of a scene. */
export const idsOf = (scene: Scene): string[] => LAYERS.flatMap((layer) => (scene[layer] ?? []).map(({ id }) => id))
