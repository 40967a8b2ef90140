import type { ClusterLeftovers } from '@meshdeck/contract'
import { MESH_LABEL, type KindId, type KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import { cleanUpCommands, inOrder, PRUNED_KINDS, type Leftover } from '@meshdeck/mesh'

const KINDS: readonly KindId[] = [...PRUNED_KINDS, 'Namespace']

/** Labelled objects and Helm releases of a cluster, by the mesh that they were made for. */
export interface FoundLeftovers {
  byMesh: Map<string, Leftover[]>
  /** Kinds that the caller may not list. */
  unread: string[]
}

/** What carries the label of a mesh (of any, without `mesh`) in a cluster. Throws what the cluster says when it cannot be asked. */
export async function findLeftovers(client: ResourceClient, mesh?: string): Promise<FoundLeftovers> {
  const labelSelector = mesh === undefined ? MESH_LABEL : `${MESH_LABEL}=${mesh}`
  const unread: string[] = []
  const found = await Promise.all(
    KINDS.map(async (kind) => {
      try {
        return (await client.listAll(kind, { labelSelector, keep })).items.map((object) => toLeftover(kind, object))
      } catch (error) {
        if (!(error instanceof KubeStatusError)) throw error
        // The kind is not installed, so nothing of it is there.
        if (error.httpStatus === 404) return []
        if (error.httpStatus !== 403) throw error
        unread.push(kind)
        return []
      }
    }),
  )
  const byMesh = new Map<string, Leftover[]>()
  const known = new Set<string>()
  for (const { owner, leftover } of found.flat()) {
    // Helm keeps several revisions of a release.
    const key = JSON.stringify([owner, leftover])
    if (known.has(key)) continue
    known.add(key)
    byMesh.set(owner, [...(byMesh.get(owner) ?? []), leftover])
  }
  return { byMesh, unread }
}

export function toClusterLeftovers(
  mesh: string,
  cluster: string,
  leftovers: readonly Leftover[],
  { seen, unread }: { seen: boolean; unread: string[] },
): ClusterLeftovers {
  const objects = inOrder(leftovers).map(({ kind, name, namespace }) => ({
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  }))
  return { mesh, cluster, seen, objects, unread, commands: cleanUpCommands(cluster, leftovers) }
}

/** Without what it holds: a Secret's data is nobody's business here. */
const keep = ({ apiVersion, kind, metadata }: KubeResource): KubeResource => ({ apiVersion, kind, metadata })

function toLeftover(kind: KindId, { metadata }: KubeResource): { owner: string; leftover: Leftover } {
  const { name, namespace, labels = {} } = metadata
  const place = namespace === undefined ? {} : { namespace }
  const chart = labels['meshdeck.io/chart']
  const leftover: Leftover =
    kind === 'Secret' && labels['owner'] === 'helm'
      ? { kind: 'HelmRelease', name: labels['name'] ?? name, ...place, ...(chart === undefined ? {} : { chart }) }
      : { kind, name, ...place }
  return { owner: labels[MESH_LABEL] ?? '', leftover }
}
