import { isRecord, type Mesh, type Resources } from '@meshdeck/kube'
import { readResources } from '@meshdeck/mesh'
import { isMap, type Document } from 'yaml'

/** A quantity of the proxy: request or limit, CPU or memory. */
export const QUANTITIES = [
  ['requests', 'cpu'],
  ['limits', 'cpu'],
  ['requests', 'memory'],
  ['limits', 'memory'],
] as const
export type Quantity = (typeof QUANTITIES)[number]

const BELOW_VALUES = ['global', 'proxy', 'resources'] as const

/**
 * Where a mesh keeps the Helm values of one cluster. That of the control plane has the mesh's own `values`, unless it
 * is among several members and would give them to the others too.
 */
export function valuesPath({ spec }: Pick<Mesh, 'spec'>, cluster: string): (string | number)[] {
  const { mode, members = [], controlPlane } = spec
  const index = members.findIndex((member) => member.cluster === cluster)
  if (index !== -1) return ['spec', 'members', index, 'values']
  if (cluster === controlPlane.cluster && mode !== 'Managed') return ['spec', 'values']
  return ['spec', 'members', members.length, 'values']
}

/** What is said for one cluster alone. */
export function ownResources(mesh: Pick<Mesh, 'spec'>, cluster: string): Resources {
  const member = mesh.spec.members?.find((each) => each.cluster === cluster)
  const values = valuesPath(mesh, cluster)[1] === 'values' ? mesh.spec.values : member?.values
  let found: unknown = values
  for (const name of BELOW_VALUES) found = isRecord(found) ? found[name] : undefined
  return readResources(isRecord(found) ? found : {})
}

/** Sets a quantity of one cluster in the record of its mesh, or takes it away; what becomes empty by that goes too. */
export function setOwnQuantity(
  document: Document,
  mesh: Pick<Mesh, 'spec'>,
  cluster: string,
  [side, what]: Quantity,
  value: string,
): void {
  const path = valuesPath(mesh, cluster)
  const leaf = [...path, ...BELOW_VALUES, side, what]
  if (value !== '') {
    const [, , member] = path
    if (typeof member === 'number' && !document.hasIn(['spec', 'members', member])) {
      document.setIn(['spec', 'members', member], document.createNode({ cluster }))
    }
    setDeep(document, leaf, value)
    return
  }
  prune(document, leaf, path.length)
}

/** Sets a quantity of the whole mesh, or takes it away. */
export function setMeshQuantity(document: Document, [side, what]: Quantity, value: string): void {
  const leaf = ['spec', 'dataPlane', 'resources', side, what]
  if (value === '') prune(document, leaf, ['spec', 'dataPlane', 'resources'].length)
  else setDeep(document, leaf, value)
}

/** A value below what may not be there yet: `values: {}` and `values:` alike. */
function setDeep(document: Document, path: readonly (string | number)[], value: string): void {
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length)
    const next = path[length]
    if (!document.hasIn(parent) || document.getIn(parent) === null) {
      document.setIn(parent, document.createNode(typeof next === 'number' ? [] : {}))
    }
  }
  document.setIn(path, value)
}

/** Deletes a leaf, and the maps above it that are empty then, down to a path of so many names. */
function prune(document: Document, leaf: readonly (string | number)[], least: number): void {
  if (!document.hasIn(leaf)) return
  document.deleteIn(leaf)
  for (let length = leaf.length - 1; length >= least; length--) {
    const node = document.getIn(leaf.slice(0, length), true)
    if (!isMap(node) || node.items.length > 0) return
    document.deleteIn(leaf.slice(0, length))
  }
}
