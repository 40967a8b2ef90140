import { isRecord, MANAGED_BY_LABEL, MESH_LABEL, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import { CONTROL_PLANE_CLUSTERS_ANNOTATION, isRelease, PRUNED_KINDS, RELEASES_GO, type Planned } from '@meshdeck/mesh'
import { ownReleases, removeRelease } from '../helm/releases.ts'
import type { Site } from './site.ts'

/** Takes away what was made for the mesh here and is no longer in its plan. */
export async function prune(site: Site, mesh: Mesh, planned: readonly Planned[], signal: AbortSignal): Promise<void> {
  const wanted = new Set(
    planned.map((each) => (isRelease(each) ? `release ${each.release.name}` : keyOf(each.kind, each.object))),
  )
  for (const kind of PRUNED_KINDS) {
    for (const object of await ownObjects(site.client, mesh, kind, signal)) {
      if (!wanted.has(keyOf(kind, object)) && object.metadata.deletionTimestamp === undefined)
        await remove(site.client, kind, object, signal)
    }
  }
  if (mesh.spec.engine !== 'Helm') return
  for (const release of await ownReleases(site, mesh, signal)) {
    if (!wanted.has(`release ${release.name}`)) await removeRelease(site, release, signal)
  }
}

/**
 * Deletes all that was installed; gives what is still there. Namespaces stay, since other things may live in them; they
 * only forget that they were ours.
 */
export async function uninstall(site: Site, mesh: Mesh, signal: AbortSignal): Promise<string[]> {
  const left: string[] = []
  for (const kind of PRUNED_KINDS) {
    for (const object of await ownObjects(site.client, mesh, kind, signal)) {
      left.push(`${kind} ${object.metadata.name}`)
      if (object.metadata.deletionTimestamp === undefined) await remove(site.client, kind, object, signal)
    }
  }
  if (mesh.spec.engine === 'Helm') {
    const releases = await ownReleases(site, mesh, signal)
    const ordered = releases.toSorted((a, b) => RELEASES_GO.indexOf(a.chart) - RELEASES_GO.indexOf(b.chart))
    for (const release of ordered) {
      left.push(`Helm release ${release.name}`)
      await removeRelease(site, release, signal)
    }
  }
  if (left.length === 0) await releaseNamespaces(site.client, mesh, signal)
  return left
}

async function releaseNamespaces(client: ResourceClient, mesh: Mesh, signal: AbortSignal): Promise<void> {
  const patch = {
    metadata: {
      labels: { [MESH_LABEL]: null, [MANAGED_BY_LABEL]: null },
      annotations: { [CONTROL_PLANE_CLUSTERS_ANNOTATION]: null },
    },
  }
  for (const { metadata } of await ownObjects(client, mesh, 'Namespace', signal)) {
    await client.patch('Namespace', { name: metadata.name }, patch, { strategy: 'merge', signal })
  }
}

const keyOf = (kind: KindId, { metadata }: KubeResource): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`

async function ownObjects(
  client: ResourceClient,
  mesh: Mesh,
  kind: KindId,
  signal: AbortSignal,
): Promise<KubeResource[]> {
  try {
    const labelSelector = `${MESH_LABEL}=${mesh.metadata.name},${MANAGED_BY_LABEL}=meshdeck`
    return (await client.listAll(kind, { labelSelector, signal })).items.filter((item) => isRecord(item))
  } catch (error) {
    // The kind is not there (any more), so nothing of it is.
    if (error instanceof KubeStatusError && error.httpStatus === 404) return []
    throw error
  }
}

async function remove(
  client: ResourceClient,
  kind: KindId,
  { metadata }: KubeResource,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace, uid } = metadata
  const ref = { name, ...(namespace === undefined ? {} : { namespace }) }
  const preconditions = uid === undefined ? {} : { preconditions: { uid } }
  try {
    await client.delete(kind, ref, { propagationPolicy: 'Foreground', signal, ...preconditions })
  } catch (error) {
    // Gone meanwhile, or made anew by somebody else.
    if (!(error instanceof KubeStatusError) || ![404, 409].includes(error.httpStatus)) throw error
  }
}
