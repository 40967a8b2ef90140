import {
  MANAGED_BY_LABEL,
  MESH_LABEL,
  type KindId,
  type KubeResource,
  type Mesh,
  type MeshMember,
} from '@meshdeck/kube'
import { istioValues } from './istio-values.ts'

/** Steps of an installation, in the order in which they are done. */
export const INSTALL_STEPS = ['namespaces', 'controlPlane', 'nodeAgents'] as const
export type InstallStep = (typeof INSTALL_STEPS)[number]

export interface PlannedObject {
  step: InstallStep
  kind: KindId
  object: KubeResource
}

/** Kinds in which something of a mesh may be left that is no longer wanted, the last made first. */
export const PRUNED_KINDS: readonly KindId[] = ['ZTunnel', 'IstioCNI', 'Istio']

const SAIL = 'sailoperator.io/v1'
const NETWORK_LABEL = 'topology.istio.io/network'
const CNI_NAMESPACE = 'istio-cni'
const ZTUNNEL_NAMESPACE = 'ztunnel'

/**
 * The objects that a mesh wants in one of its clusters, for the Sail Operator. Pure: the same mesh gives the same
 * objects. Names follow the operator's rules (`IstioCNI` and `ZTunnel` must be called `default`).
 * Source: https://github.com/istio-ecosystem/sail-operator/blob/main/docs/README.adoc
 */
export function renderMember(mesh: Mesh, member: MeshMember): PlannedObject[] {
  const { controlPlane, dataPlane } = mesh.spec
  const namespace = controlPlane.namespace ?? 'istio-system'
  const version = sailVersion(controlPlane.version)
  const ambient = dataPlane?.mode === 'Ambient'
  const values = istioValues(mesh, member)
  const labels = labelsOf(mesh)
  const named = (kind: string, name: string, spec: unknown): KubeResource => ({
    apiVersion: SAIL,
    kind,
    metadata: { name, labels },
    spec,
  })
  return [
    ...[namespace, ...(ambient ? [CNI_NAMESPACE, ZTUNNEL_NAMESPACE] : [])].map((name): PlannedObject => ({
      step: 'namespaces',
      kind: 'Namespace',
      object: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          labels: {
            ...labels,
            ...(name === namespace && member.network !== undefined ? { [NETWORK_LABEL]: member.network } : {}),
          },
        },
      },
    })),
    {
      step: 'controlPlane',
      kind: 'Istio',
      object: named('Istio', controlPlane.revision ?? 'default', {
        version,
        namespace,
        updateStrategy: { type: controlPlane.updateStrategy ?? 'InPlace' },
        ...(ambient ? { profile: 'ambient' } : {}),
        values,
      }),
    },
    ...(ambient
      ? ([
          {
            step: 'nodeAgents',
            kind: 'IstioCNI',
            object: named('IstioCNI', 'default', { version, namespace: CNI_NAMESPACE, profile: 'ambient' }),
          },
          {
            step: 'nodeAgents',
            kind: 'ZTunnel',
            object: named('ZTunnel', 'default', {
              version,
              namespace: ZTUNNEL_NAMESPACE,
              values: {
                ztunnel: {
                  multiCluster: { clusterName: member.cluster },
                  ...(member.network === undefined ? {} : { network: member.network }),
                },
              },
            }),
          },
        ] satisfies PlannedObject[])
      : []),
  ]
}

/** By these what Meshdeck has made for a mesh is found again. */
export function labelsOf(mesh: Mesh): Record<string, string> {
  return { [MANAGED_BY_LABEL]: 'meshdeck', [MESH_LABEL]: mesh.metadata.name }
}

/** `v1.30.3`, however the mesh writes it. */
function sailVersion(version = ''): string {
  return version.startsWith('v') ? version : `v${version}`
}
