import type { Camera } from './camera.ts'
import { LAYERS, type Element, type Scene } from './scene-model.ts'

const WORLD = 'world'

/** A scene as option of ECharts. `gone` are ids of an earlier one that are to be taken away: a merge keeps what is not named. */
export function sceneOption(scene: Scene, gone: readonly string[] = []): Record<string, unknown> {
  const children = LAYERS.flatMap((layer) => {
    const elements = scene[layer]
    return elements ? [{ id: layer, type: 'group', children: elements }] : []
  })
  return {
    graphic: { elements: [{ id: WORLD, type: 'group', children }, ...gone.map((id) => ({ id, $action: 'remove' }))] },
  }
}

/** Puts changed elements in the place of those of the same ids. */
export function patchOption(elements: readonly Element[]): Record<string, unknown> {
  return { graphic: { elements } }
}

/** Where a scene is looked at from, as option of ECharts. Moves the world as a whole: its elements are not touched. */
export function cameraOption({ x, y, scale }: Camera): Record<string, unknown> {
  return { graphic: { elements: [{ id: WORLD, x, y, scaleX: scale, scaleY: scale }] } }
}

/** Ids of the elements of a scene. */
export const idsOf = (scene: Scene): string[] => LAYERS.flatMap((layer) => (scene[layer] ?? []).map(({ id }) => id))
