import type { Mesh, Platform } from '@meshdeck/kube'
import { placesOf } from './place.ts'
import type { Planned } from './plan.ts'
import { renderMember } from './render-member.ts'

/** In place of the address that the gateway to istiod is given while the mesh is made. */
const LATER_ADDRESS = 'to-be-assigned.invalid'

/**
 * All that will follow from the record of a mesh, cluster by cluster, before any of it is there. What holds a secret is
 * made by the controller and not among it.
 */
export function planMesh(
  mesh: Mesh,
  networkOf: (cluster: string) => string | undefined,
  platformOf: (cluster: string) => Platform | undefined = () => undefined,
): { cluster: string; planned: Planned[] }[] {
  const places = placesOf(mesh, networkOf, platformOf)
  const pilotAddress = mesh.spec.controlPlane.access?.address ?? LATER_ADDRESS
  return places.map((place) => ({
    cluster: place.cluster,
    planned: renderMember(mesh, place, { places, pilotAddress }),
  }))
}
