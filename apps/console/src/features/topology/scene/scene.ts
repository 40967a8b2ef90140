import type { TopologyEdge, TopologyNode } from '@meshdeck/contract'
import type { Changed } from '@meshdeck/mesh'
import type { ChartColours } from '../../../charts/chart-colours.ts'
import type { Format } from '../../../lib/format.ts'
import { bytesRate, type Found, type GraphIndex } from '../graph-index.ts'
import type { GroupBox } from '../layout/group-boxes.ts'
import type { Place, Places } from '../layout/layout-request.ts'
import { boxElements, titleElements } from './box-elements.ts'
import type { Area } from './camera.ts'
import type { Detail } from './detail.ts'
import { farSignElements, headElement, isBad, labelElements, lineElement, type EdgeStyle } from './edge-elements.ts'
import { edgeShape, edgeWidth, lanesOf, type EdgeShape } from './edge-geometry.ts'
import { glyphElements, nameElement, nodeSignElements, outlineElement, type NodeStyle } from './node-elements.ts'
import type { Element, Look, Scene, SceneWords, Target } from './scene-model.ts'

export interface SceneParts {
  graph: GraphIndex
  places: Places
  boxes: readonly GroupBox[]
  found: Found | undefined
  colours: ChartColours
  format: Format
  words: SceneWords
}

/** A graph ready to be drawn: its lines are worked out. */
export interface SceneInput extends SceneParts {
  lines: ReadonlyMap<string, { edge: TopologyEdge; shape: EdgeShape; width: number }>
}

type DetailLayer = 'titles' | 'arrows' | 'glyphs' | 'node-labels' | 'edge-signs' | 'edge-labels'

/** Opacity of what a search does not find. */
const DIM = 0.2

/** Works out the lines of a graph, once for all levels of detail. */
export function sceneInput(parts: SceneParts): SceneInput {
  const { places } = parts
  const { edges } = parts.graph.topology
  const lanes = lanesOf(edges)
  let [requests, bytes] = [0, 0]
  for (const edge of edges) {
    requests = Math.max(requests, edge.requestRate)
    bytes = Math.max(bytes, bytesRate(edge))
  }
  const lines = new Map<string, { edge: TopologyEdge; shape: EdgeShape; width: number }>()
  for (const edge of edges) {
    const [source, target] = [places.get(edge.source), places.get(edge.target)]
    if (!source || !target) continue
    const width = edge.protocol === 'tcp' ? edgeWidth(bytesRate(edge), bytes) : edgeWidth(edge.requestRate, requests)
    // A thick line needs a larger head to be told from it.
    lines.set(edge.id, {
      edge,
      width,
      shape: edgeShape(source, target, lanes.get(edge.id) ?? 0, Math.max(1, width / 3)),
    })
  }
  return { ...parts, lines }
}

/** What is drawn at every level of detail: boxes, lines, outlines, signs. */
export function buildFrame(input: SceneInput, look: Look): Scene {
  const { graph, boxes, colours } = input
  return {
    clusters: boxElements(boxes, 'cluster', colours),
    namespaces: boxElements(boxes, 'namespace', colours),
    edges: [...input.lines.values()].map(({ edge, shape, width }) =>
      lineElement(edge, shape, edgeStyle(edge, width, input, look)),
    ),
    nodes: buildNodes(input, look),
    signs: graph.topology.nodes.flatMap((node) => {
      const place = input.places.get(node.id)
      return place ? nodeSignElements(node, place, nodeStyle(node, input, look)) : []
    }),
  }
}

/**
 * What a level of detail adds, within an area of the drawing (everywhere when absent): thousands of words outside of the
 * window would cost more than all the rest.
 */
export function buildDetail(input: SceneInput, detail: Detail, area?: Area): Scene {
  const look: Look = { ...detail, emphasis: false }
  const { boxes, colours, words } = input
  const scene: Record<DetailLayer, Element[]> = {
    titles: titleElements(boxes, detail.titleScale, { colours, words }),
    arrows: [],
    glyphs: [],
    'node-labels': [],
    'edge-signs': [],
    'edge-labels': [],
  }
  for (const { edge, shape, width } of input.lines.values()) {
    if (!isWithin(shape.middle, area)) continue
    const style = edgeStyle(edge, width, input, look)
    if (detail.arrows) scene.arrows.push(headElement(edge, shape, style))
    if (detail.edgeLabels) scene['edge-labels'].push(...labelElements(edge, shape, style))
    else if (!detail.far) scene['edge-signs'].push(...farSignElements(edge, shape, style))
  }
  for (const node of input.graph.topology.nodes) {
    const place = input.places.get(node.id)
    if (!place || !isWithin(place, area)) continue
    const style = nodeStyle(node, input, look)
    if (detail.glyphs) scene.glyphs.push(...glyphElements(node, place, style))
    if (detail.nodeLabels) scene['node-labels'].push(nameElement(node, place, style))
  }
  return scene
}

/** What looks different from afar: nodes, and lines that must be seen. */
export function farElements(input: SceneInput, look: Look): Scene {
  const lines = [...input.lines.values()].filter(({ edge }) => isBad(edge))
  return {
    edges: lines.map(({ edge, shape, width }) => lineElement(edge, shape, edgeStyle(edge, width, input, look))),
    nodes: buildNodes(input, look),
  }
}

function buildNodes(input: SceneInput, look: Look): Element[] {
  return input.graph.topology.nodes.flatMap((node) => {
    const place = input.places.get(node.id)
    return place ? [outlineElement(node, place, nodeStyle(node, input, look))] : []
  })
}

/** What changes on the canvas when some nodes or edges begin or cease to glow. */
export function emphasisElements(targets: readonly Target[], input: SceneInput, look: Look): Element[] {
  return targets.flatMap(({ kind, id }) => {
    if (kind === 'node') {
      const [node, place] = [input.graph.nodes.get(id), input.places.get(id)]
      return node && place ? [outlineElement(node, place, nodeStyle(node, input, look))] : []
    }
    const line = input.lines.get(id)
    if (!line) return []
    const style = edgeStyle(line.edge, line.width, input, look)
    return [lineElement(line.edge, line.shape, style), ...labelElements(line.edge, line.shape, style)]
  })
}

/** What glows together with something: a node with its edges, an edge with its ends. */
export function neighbourhood({ kind, id }: Target, graph: GraphIndex): Target[] {
  if (kind === 'edge') {
    const edge = graph.edges.get(id)
    return edge ? [{ kind, id }, nodeTarget(edge.source), nodeTarget(edge.target)] : []
  }
  if (kind === 'group' || !graph.nodes.has(id)) return []
  const edges = new Set([...(graph.inbound.get(id) ?? []), ...(graph.outbound.get(id) ?? [])])
  return [{ kind, id }, ...[...edges].map((edge): Target => ({ kind: 'edge', id: edge.id }))]
}

const nodeTarget = (id: string): Target => ({ kind: 'node', id })

const nodeStyle = ({ id }: TopologyNode, { graph, colours, words, found }: SceneInput, look: Look): NodeStyle => ({
  colours,
  words,
  look,
  note: noteOf(graph.comparison?.nodes.get(id), words),
  opacity: found === undefined || found.nodes.has(id) || found.ends.has(id) ? 1 : DIM,
})

const edgeStyle = (
  { id }: TopologyEdge,
  width: number,
  { graph, colours, format, words, found }: SceneInput,
  look: Look,
): EdgeStyle => ({
  note: noteOf(graph.comparison?.edges.get(id), words),
  width,
  colours,
  format,
  words,
  look,
  opacity: found === undefined || found.edges.has(id) ? 1 : DIM,
})

const noteOf = (changed: Changed<unknown> | undefined, words: SceneWords): string | undefined =>
  changed?.changes.map((change) => words.change(change)).join(', ')

const isWithin = ({ x, y }: Place, area: Area | undefined): boolean =>
  area === undefined || (x >= area.x && x <= area.x + area.width && y >= area.y && y <= area.y + area.height)
