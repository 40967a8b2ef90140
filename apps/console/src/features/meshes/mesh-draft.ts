import type { ClusterView, IstioView } from '@meshdeck/contract'
import { isNamespaceName, MESHDECK_API_VERSION, type KubeResource } from '@meshdeck/kube'

/** What the wizard asks for. */
export interface MeshDraft {
  name: string
  displayName: string
  /** The control plane that is attached: an Istio found in a cluster. */
  controlPlane: { cluster: string; istio: IstioView } | undefined
  /** Clusters beside that of the control plane. */
  members: readonly string[]
  protect: boolean
  /** Whether Meshdeck is to run it from then on, instead of only looking at it. */
  takeOver: boolean
}

export const EMPTY_DRAFT: MeshDraft = {
  name: '',
  displayName: '',
  controlPlane: undefined,
  members: [],
  protect: false,
  takeOver: false,
}

/** An i18n key of `meshes.create.problems`. */
export type DraftProblem = 'nameMissing' | 'nameInvalid' | 'nameTaken' | 'noControlPlane'

/** What is wrong with a draft, by field. The server has the last word at review. */
export function draftProblems(
  draft: MeshDraft,
  taken: readonly string[],
): Partial<Record<'name' | 'controlPlane', DraftProblem>> {
  const name: DraftProblem | undefined =
    draft.name === ''
      ? 'nameMissing'
      : !isNamespaceName(draft.name)
        ? 'nameInvalid'
        : taken.includes(draft.name)
          ? 'nameTaken'
          : undefined
  return {
    ...(name === undefined ? {} : { name }),
    ...(draft.controlPlane === undefined ? { controlPlane: 'noControlPlane' } : {}),
  }
}

/** An Istio that could be attached; why not, when it cannot. */
export interface Candidate {
  cluster: ClusterView
  istio: IstioView | undefined
  /** An i18n key of `meshes.create.reasons`. */
  obstacle: 'lost' | 'unknown' | 'noIstio' | undefined
}

/** Every Istio of every cluster; a cluster without one is there too, with the reason. */
export function candidatesOf(clusters: readonly ClusterView[]): Candidate[] {
  return clusters.flatMap((cluster): Candidate[] => {
    const obstacle = cluster.state === 'reachable' ? undefined : cluster.state
    if (cluster.istio.length === 0) return [{ cluster, istio: undefined, obstacle: obstacle ?? 'noIstio' }]
    return cluster.istio.map((istio) => ({ cluster, istio, obstacle }))
  })
}

/** The object that the wizard makes. */
export function toMesh(draft: MeshDraft): KubeResource {
  const { controlPlane } = draft
  if (!controlPlane) throw new Error('a draft without a control plane is no mesh')
  const { cluster, istio } = controlPlane
  const displayName = draft.displayName.trim()
  return {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Mesh',
    metadata: { name: draft.name },
    spec: {
      ...(displayName === '' ? {} : { displayName }),
      mode: 'External',
      controlPlane: { cluster, namespace: istio.namespace, revision: istio.revision, version: istio.version },
      members: draft.members.filter((member) => member !== cluster).map((member) => ({ cluster: member })),
      ...(draft.protect ? { protected: true } : {}),
    },
  }
}
