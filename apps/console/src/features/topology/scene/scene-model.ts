import type { TopologyNode } from '@meshdeck/contract'
import type { GraphChange } from '@meshdeck/mesh'
import type { LabelWords } from './edge-label.ts'

/** One element of ECharts' `graphic` component. Its id tells its type as well: an element cannot change its type. */
export interface Element {
  id: string
  type: string
  info?: Target
  [property: string]: unknown
}

/** What an element stands for, handed back by ECharts' events. */
export interface Target {
  kind: 'node' | 'edge' | 'group'
  id: string
}

export interface SceneWords extends LabelWords {
  cluster: (name: string) => string
  namespace: (name: string) => string
  node: (node: TopologyNode) => string
  /** What differs from the moment that is compared with: `new`, `more errors`. */
  change: (change: GraphChange) => string
}

/** Back to front. Layers are shown and hidden as a whole by level of detail. */
export const LAYERS = [
  'clusters',
  'namespaces',
  'titles',
  'edges',
  'arrows',
  'nodes',
  'glyphs',
  'node-labels',
  'edge-signs',
  'edge-labels',
  'signs',
] as const
export type Layer = (typeof LAYERS)[number]

/** Elements by layer. */
export type Scene = Partial<Record<Layer, Element[]>>

/** How nodes and edges look at the moment. */
export interface Look {
  far: boolean
  labelScale: number
  nameScale: number
  emphasis: boolean
}
