import { isRecord, type IstioChart, type Mesh } from '@meshdeck/kube'
import { istioValues, type ValuesContext } from './istio-values.ts'
import { CNI_NAMESPACE, revisionSuffix, systemNamespaceOf, versionOf, ZTUNNEL_NAMESPACE } from './names.ts'
import type { Place } from './place.ts'
import type { PlannedRelease } from './plan.ts'

/**
 * Istio by releases of its own charts, in the order in which Istio's guide installs them.
 * Source: https://istio.io/latest/docs/setup/install/helm/
 */
export function controlPlaneByHelm(mesh: Mesh, place: Place, context: ValuesContext): PlannedRelease[] {
  const system = systemNamespaceOf(mesh)
  const version = versionOf(mesh)
  const { revision } = mesh.spec.controlPlane
  const { hub } = mesh.spec.controlPlane
  const values = istioValues(mesh, place, context)
  const remote = place.role === 'remote' ? { profile: 'remote' } : {}
  const images = { ...(hub === undefined ? {} : { hub }), tag: version }
  const isOpenShift = place.platform === 'OpenShift'
  const ambient = mesh.spec.dataPlane?.mode === 'Ambient'
  const platform = isOpenShift ? { platform: 'openshift' } : {}
  const own = revision === undefined || revision === 'default' ? {} : { revision }
  const make = (
    chart: IstioChart,
    name: string,
    namespace: string,
    given: Record<string, unknown>,
  ): PlannedRelease => ({
    step: chart === 'cni' || chart === 'ztunnel' ? 'nodeAgents' : 'controlPlane',
    release: { name, namespace, chart, version, values: given },
  })
  const global = isRecord(values['global']) ? values['global'] : {}
  return [
    make('base', 'istio-base', system, {
      ...remote,
      // The validator for objects of no revision belongs where the configuration is.
      defaultRevision: place.role === 'remote' ? '' : (revision ?? 'default'),
      global: { istioNamespace: system, ...platform },
    }),
    // A tag in the mesh's own values wins.
    make('istiod', `istiod${revisionSuffix(mesh)}`, system, {
      ...own,
      ...values,
      ...remote,
      global: { ...images, ...global },
    }),
    // Without it sidecars on OpenShift would need rights that its pods do not have.
    ...(ambient || isOpenShift
      ? [
          make('cni', 'istio-cni', CNI_NAMESPACE, {
            ...(ambient ? { profile: 'ambient' } : {}),
            global: { ...images, ...platform },
          }),
        ]
      : []),
    ...(ambient
      ? [
          make('ztunnel', 'ztunnel', ZTUNNEL_NAMESPACE, {
            ...images,
            ...platform,
            istioNamespace: system,
            multiCluster: { clusterName: place.cluster },
            ...(place.network === undefined ? {} : { network: place.network }),
          }),
        ]
      : []),
  ]
}
