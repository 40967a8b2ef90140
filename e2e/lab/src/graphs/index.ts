import type { ServiceGraph } from '../graph.ts'
import { shop } from './shop.ts'
import { stock } from './stock.ts'

/** The graphs by name. The first cluster of a lab gets the first, all others the second. */
export const GRAPHS: Readonly<Record<string, ServiceGraph>> = { shop, stock }

export function graphFor(clusterIndex: number): string {
  return clusterIndex === 0 ? 'shop' : 'stock'
}

export function graphNamed(name: string): ServiceGraph {
  const graph = GRAPHS[name]
  if (graph === undefined) throw new Error(`no graph "${name}"; there are ${Object.keys(GRAPHS).join(', ')}`)
  return graph
}
