import { kindOf, MANAGED_BY_LABEL, MESH_LABEL, MeshMode, type IstioChart, type KindId, type Mesh } from '@meshdeck/kube'
import { renderMember } from '../install/render-member.ts'
import type { Place } from '../install/place.ts'
import { isRelease, PRUNED_KINDS, RELEASES_GO } from '../install/plan.ts'

/** Something that Meshdeck has made in a cluster for a mesh: a Helm release, or an object. */
export interface Leftover {
  kind: KindId | 'HelmRelease'
  namespace?: string
  name: string
  /** Of a release. */
  chart?: string
}

/**
 * What a mesh has, or would have, made in one of its clusters: all that can be said when the cluster cannot be asked.
 * Namespaces are among them, since they carry the mesh's label; they are never deleted.
 */
export function expectedLeftovers(mesh: Mesh, place: Place, places: readonly Place[]): Leftover[] {
  const nothing = { root: '', certificate: '', key: '', chain: '' }
  const planned = renderMember(mesh, place, {
    places,
    ...(mesh.spec.mode === MeshMode.Managed || mesh.spec.trust !== undefined ? { authority: nothing } : {}),
    pilotAddress: 'istiod',
    access: places
      .filter(({ role }) => role === 'remote')
      .map(({ cluster }) => ({ cluster, server: '', token: '', ca: '' })),
  })
  return inOrder(
    planned.map((each): Leftover => {
      if (isRelease(each)) {
        const { name, namespace, chart } = each.release
        return { kind: 'HelmRelease', namespace, name, chart }
      }
      const { name, namespace } = each.object.metadata
      return { kind: each.kind, name, ...(namespace === undefined ? {} : { namespace }) }
    }),
  )
}

/** In the order in which things can be taken away: users before what serves them, namespaces last. */
export function inOrder(leftovers: readonly Leftover[]): Leftover[] {
  const rank = ({ kind, chart }: Leftover): number => {
    if (kind === 'Namespace') return 1_000
    if (kind !== 'HelmRelease') return PRUNED_KINDS.indexOf(kind)
    const place = RELEASES_GO.findIndex((each: IstioChart) => each === chart)
    return 100 + (place === -1 ? 0 : place)
  }
  return leftovers.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

/** Commands that take leftovers away; a namespace only forgets that it was the mesh's. `context` names the cluster for kubectl and Helm. */
export function cleanUpCommands(context: string, leftovers: readonly Leftover[]): string[] {
  return inOrder(leftovers).map(({ kind, name, namespace }) => {
    const place = namespace === undefined ? '' : ` --namespace ${namespace}`
    if (kind === 'HelmRelease') return `helm --kube-context ${context} uninstall ${name}${place}`
    if (kind === 'Namespace')
      return `kubectl --context ${context} label namespace ${name} ${MESH_LABEL}- ${MANAGED_BY_LABEL}-`
    const { plural, group } = kindOf(kind)
    return `kubectl --context ${context} delete ${plural}${group === '' ? '' : `.${group}`} ${name}${place}`
  })
}
