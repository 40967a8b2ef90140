import type { LayoutNode, Places } from './layout-request.ts'

/** A frame around the nodes of a cluster or namespace. */
export interface GroupBox {
  id: string
  kind: 'cluster' | 'namespace'
  title: string
  x: number
  y: number
  width: number
  height: number
}

const PADDING = 12
const TITLE_HEIGHT = 18

/** Frames around what belongs together, wherever it stands: clusters first, so that namespaces are drawn on them. */
export function groupBoxes(nodes: readonly LayoutNode[], places: Places): GroupBox[] {
  const namespaces = Map.groupBy(
    nodes.filter(({ group }) => group[1] !== undefined),
    ({ group }) => group.join('\n'),
  )
  const inner = [...namespaces].flatMap(([key, members]): (GroupBox & { cluster: string })[] => {
    const [cluster = '', namespace = ''] = key.split('\n')
    const frame = frameOf(members.flatMap((node) => extentOf(node, places)))
    return frame
      ? [{ id: `namespace:${cluster}/${namespace}`, kind: 'namespace', title: namespace, cluster, ...frame }]
      : []
  })
  const clusters = new Set(nodes.flatMap(({ group }) => (group[0] === undefined || group[0] === '' ? [] : [group[0]])))
  const outer = [...clusters].flatMap((cluster): GroupBox[] => {
    const direct = nodes.filter(({ group }) => group.length === 1 && group[0] === cluster)
    const frame = frameOf([
      ...inner.filter((box) => box.cluster === cluster),
      ...direct.flatMap((node) => extentOf(node, places)),
    ])
    return frame ? [{ id: `cluster:${cluster}`, kind: 'cluster', title: cluster, ...frame }] : []
  })
  return [...outer, ...inner.map(({ cluster: _cluster, ...box }) => box)]
}

interface Extent {
  x: number
  y: number
  width: number
  height: number
}

function extentOf({ id, width, height, above }: LayoutNode, places: Places): Extent[] {
  const place = places.get(id)
  return place ? [{ x: place.x - width / 2, y: place.y - above, width, height }] : []
}

function frameOf(extents: readonly Extent[]): Extent | undefined {
  if (extents.length === 0) return undefined
  const left = Math.min(...extents.map(({ x }) => x)) - PADDING
  const top = Math.min(...extents.map(({ y }) => y)) - PADDING - TITLE_HEIGHT
  const right = Math.max(...extents.map(({ x, width }) => x + width)) + PADDING
  const bottom = Math.max(...extents.map(({ y, height }) => y + height)) + PADDING
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The area that a drawing takes with its boxes. */
export function drawnArea(nodes: readonly LayoutNode[], places: Places): Extent {
  const extents = [...groupBoxes(nodes, places), ...nodes.flatMap((node) => extentOf(node, places))]
  if (extents.length === 0) return { x: 0, y: 0, width: 1, height: 1 }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y, width, height } of extents) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + width)
    bottom = Math.max(bottom, y + height)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}
