import { MANAGED_BY_LABEL, MESH_LABEL, type Mesh } from '@meshdeck/kube'

export const NETWORK_LABEL = 'topology.istio.io/network'
export const CONTROL_PLANE_CLUSTERS_ANNOTATION = 'topology.istio.io/controlPlaneClusters'
export const CNI_NAMESPACE = 'istio-cni'
export const ZTUNNEL_NAMESPACE = 'ztunnel'
/** Deployment and Service of the gateway between networks, and to istiod. */
export const EAST_WEST_GATEWAY = 'istio-eastwestgateway'
/** Label `istio` of the gateway's pods. */
export const EAST_WEST_SELECTOR = 'eastwestgateway'
/** Made by Istio's charts in each cluster; by its token istiod reads a member. */
export const READER_ACCOUNT = 'istio-reader-service-account'
export const READER_TOKEN = `${READER_ACCOUNT}-istio-remote-secret-token`
/** Where istiod finds the authority that it signs with. Source: https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/ */
export const AUTHORITY_SECRET = 'cacerts'

/** By these what Meshdeck has made for a mesh is found again. */
export function labelsOf(mesh: Mesh): Record<string, string> {
  return { [MANAGED_BY_LABEL]: 'meshdeck', [MESH_LABEL]: mesh.metadata.name }
}

/** Where istiod of a mesh runs, and where what goes for all of it is written. */
export const systemNamespaceOf = (mesh: Mesh): string => mesh.spec.controlPlane.namespace || 'istio-system'

/** `1.30.3`, however the mesh writes it. */
export const versionOf = (mesh: Mesh): string => (mesh.spec.controlPlane.version ?? '').replace(/^v/, '')

/** `-REVISION` in the names of what each revision has its own of; nothing for the default one. */
export function revisionSuffix(mesh: Mesh): string {
  const { revision } = mesh.spec.controlPlane
  return revision === undefined || revision === 'default' ? '' : `-${revision}`
}
