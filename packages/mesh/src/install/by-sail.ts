import type { KubeResource, Mesh } from '@meshdeck/kube'
import { istioValues, type ValuesContext } from './istio-values.ts'
import { CNI_NAMESPACE, labelsOf, systemNamespaceOf, versionOf, ZTUNNEL_NAMESPACE } from './names.ts'
import type { Place } from './place.ts'
import type { PlannedObject } from './plan.ts'

/**
 * Istio by the Sail Operator's resources. Names follow its rules (`IstioCNI` and `ZTunnel` must be called `default`).
 * Source: https://github.com/istio-ecosystem/sail-operator/blob/main/docs/README.adoc
 */
export function controlPlaneBySail(mesh: Mesh, place: Place, context: ValuesContext): PlannedObject[] {
  const { controlPlane, dataPlane } = mesh.spec
  const namespace = systemNamespaceOf(mesh)
  const version = `v${versionOf(mesh)}`
  const ambient = dataPlane?.mode === 'Ambient'
  const isOpenShift = place.platform === 'OpenShift'
  const platform = isOpenShift ? (ambient ? 'openshift-ambient' : 'openshift') : ambient ? 'ambient' : undefined
  // A resource has one profile; on OpenShift the operator lays its own under each.
  const profile = place.role === 'remote' ? 'remote' : platform
  const make = (kind: 'Istio' | 'IstioCNI' | 'ZTunnel', name: string, spec: unknown): PlannedObject => {
    const object: KubeResource = {
      apiVersion: 'sailoperator.io/v1',
      kind,
      metadata: { name, labels: labelsOf(mesh) },
      spec,
    }
    return { step: kind === 'Istio' ? 'controlPlane' : 'nodeAgents', kind, object }
  }
  return [
    make('Istio', controlPlane.revision ?? 'default', {
      version,
      namespace,
      updateStrategy: { type: controlPlane.updateStrategy ?? 'InPlace' },
      ...(profile === undefined ? {} : { profile }),
      values: istioValues(mesh, place, context),
    }),
    // Without it sidecars on OpenShift would need rights that its pods do not have.
    ...(platform === undefined
      ? []
      : [make('IstioCNI', 'default', { version, namespace: CNI_NAMESPACE, profile: platform })]),
    ...(ambient
      ? [
          make('ZTunnel', 'default', {
            version,
            namespace: ZTUNNEL_NAMESPACE,
            values: {
              ztunnel: {
                multiCluster: { clusterName: place.cluster },
                ...(place.network === undefined ? {} : { network: place.network }),
              },
            },
          }),
        ]
      : []),
  ]
}
