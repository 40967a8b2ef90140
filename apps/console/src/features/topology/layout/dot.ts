import type { LayoutRequest, Place } from './layout-request.ts'

export type Engine = 'dot' | 'sfdp'
/** Graphviz: text in the DOT language to its `plain` output. Throws when it cannot. */
export type Draw = (dot: string, engine: Engine) => string

/** Graphviz counts in inches of 72 points; one point is one pixel of ours. */
const POINTS = 72

const OPTIONS: Record<Engine, string> = {
  // Straight lines are drawn by us. The limits cap dot's simplex and crossing rounds: minutes become a fraction of a second, at a few more crossings.
  dot: 'rankdir=LR;ranksep=2;nodesep=0.2;splines=false;nslimit=1;nslimit1=1;mclimit=0.2',
  // Overlaps are removed by us (`place-freely.ts`): Graphviz' own way runs out of memory above 1,000 nodes.
  sfdp: 'overlap=true;splines=false',
}

/** Writes a request in the DOT language. Nodes go by index, so that no name needs quoting. */
export function toDot({ nodes, edges }: LayoutRequest, engine: Engine): string {
  const lines = nodes.map(({ width, height }, index) => `n${index}[width=${inches(width)},height=${inches(height)}]`)
  const groups = engine === 'dot' ? clusters(nodes) : []
  const links = edges.map(([from, to]) => `n${from}->n${to}`)
  return `digraph{${OPTIONS[engine]};node[shape=box,fixedsize=true,label=""];edge[arrowhead=none];\n${[...lines, ...groups, ...links].join('\n')}\n}`
}

function clusters(nodes: LayoutRequest['nodes']): string[] {
  const outer = new Map<string, Map<string, number[]>>()
  for (const [index, { group }] of nodes.entries()) {
    const [cluster, namespace = ''] = group
    if (cluster === undefined) continue
    const inner = outer.get(cluster) ?? new Map<string, number[]>()
    outer.set(cluster, inner)
    inner.set(namespace, [...(inner.get(namespace) ?? []), index])
  }
  let count = 0
  const subgraph = (body: string): string => `subgraph cluster_${count++}{margin=22;label=" ";${body}}`
  return [...outer].map(([cluster, inner]) => {
    const bodies = [...inner].map(([namespace, members]) => {
      const body = members.map((index) => `n${index};`).join('')
      return namespace === '' ? body : subgraph(body)
    })
    return cluster === '' ? bodies.join('') : subgraph(bodies.join(''))
  })
}

const inches = (pixels: number): string => (pixels / POINTS).toFixed(3)

/** Reads the places of rings out of `plain` output, by the request's order. Source: graphviz.org/docs/outputs/plain. */
export function parsePlain(text: string, { nodes }: LayoutRequest): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const [, index, x, y] of text.matchAll(/^node n(\d+) (\S+) (\S+) /gm)) {
    const node = nodes[Number(index)]
    if (node) places.set(node.id, { x: Number(x) * POINTS, y: -Number(y) * POINTS - node.height / 2 + node.above })
  }
  return places
}
