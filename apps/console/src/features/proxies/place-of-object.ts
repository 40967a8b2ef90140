import { findKind } from '@meshdeck/kube'
import { places, type Place } from '../../lib/places.ts'

/** Those that have no page of their own, and a line among the workloads. */
const WORKLOADS = new Set(['Deployment', 'DaemonSet', 'StatefulSet'])

/** Where an object that a proxy names is shown; undefined for a kind that this console does not know. */
export function placeOfObject(
  mesh: string,
  cluster: string,
  object: { kind: string; namespace: string; name: string },
): Place | undefined {
  const { namespace, name } = object
  if (WORKLOADS.has(object.kind))
    return places.sidecarWorkloads(mesh, { namespaces: namespace, clusters: cluster, search: name })
  if (object.kind === 'Service') return places.service(mesh, namespace, name)
  const kind = findKind(object.kind)
  return kind && places.object(mesh, { kind: kind.id, cluster, namespace, name })
}
