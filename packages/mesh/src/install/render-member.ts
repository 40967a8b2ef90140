import type { KubeResource, Mesh } from '@meshdeck/kube'
import { adoptedControlPlane, adoptedNamespaces } from './adopted.ts'
import { controlPlaneByHelm } from './by-helm.ts'
import { controlPlaneBySail } from './by-sail.ts'
import { eastWestGateway, exposeIstiod, exposeServices } from './east-west-gateway.ts'
import {
  AUTHORITY_SECRET,
  CNI_NAMESPACE,
  CONTROL_PLANE_CLUSTERS_ANNOTATION,
  labelsOf,
  NETWORK_LABEL,
  systemNamespaceOf,
  ZTUNNEL_NAMESPACE,
} from './names.ts'
import type { Place } from './place.ts'
import type { Planned, PlannedObject } from './plan.ts'
import { readerToken, remoteSecret, type MemberAccess } from './remote-secret.ts'
import { toBase64 } from './to-base64.ts'

/** What istiod signs certificates with, as PEM. */
export interface Authority {
  root: string
  certificate: string
  key: string
  chain: string
}

/** What is known beside the mesh itself when a cluster of it is rendered. */
export interface Surroundings {
  /** All clusters of the mesh. */
  places: readonly Place[]
  /** Istio makes its own authority where there is none. */
  authority?: Authority
  /** Where members find istiod; a member cannot be rendered before it is known. */
  pilotAddress?: string
  /** Members whose API servers istiod may read already. */
  access?: readonly MemberAccess[]
}

/**
 * All that a mesh wants in one of its clusters. Pure: the same input gives the same plan. One cluster: its control plane;
 * several: the recipe for a primary with remotes, in one network or in several.
 * Source: https://istio.io/latest/docs/setup/install/multicluster/
 */
export function renderMember(mesh: Mesh, place: Place, around: Surroundings = { places: [place] }): Planned[] {
  const { places, authority, pilotAddress, access = [] } = around
  const [primary = place] = places
  const several = places.length > 1
  const isApart = new Set(places.map(({ network }) => network)).size > 1
  const namespaces = namespacesOf(mesh, place, primary)
  const byEngine = mesh.spec.engine === 'Helm' ? controlPlaneByHelm : controlPlaneBySail
  const bare = mesh.spec.adopted === undefined ? byEngine : adoptedControlPlane
  if (place.role === 'remote') {
    if (pilotAddress === undefined) return namespaces
    return [
      ...namespaces,
      ...bare(mesh, place, { several, pilotAddress }),
      ...(place.network === primary.network ? [] : eastWestGateway(mesh, place)),
      readerToken(mesh),
    ]
  }
  return [
    ...namespaces,
    ...(authority === undefined ? [] : [authoritySecret(mesh, authority)]),
    ...bare(mesh, place, { several }),
    ...(several ? [...eastWestGateway(mesh, place), ...exposeIstiod(mesh)] : []),
    ...(isApart ? exposeServices(mesh) : []),
    ...(mesh.spec.dataPlane?.discovery === 'Local' ? [localDiscovery(mesh)] : []),
    ...(mesh.spec.traffic?.outlierDetection === undefined ? [] : [outlierDetection(mesh)]),
    ...access.map((each) => remoteSecret(mesh, each)),
  ]
}

function namespacesOf(mesh: Mesh, place: Place, primary: Place): PlannedObject[] {
  const system = systemNamespaceOf(mesh)
  const ambient = mesh.spec.dataPlane?.mode === 'Ambient'
  const hasCni = ambient || place.platform === 'OpenShift'
  const { adopted } = mesh.spec
  const made = [...(hasCni ? [CNI_NAMESPACE] : []), ...(ambient ? [ZTUNNEL_NAMESPACE] : [])]
  const agents = adopted === undefined ? made : adoptedNamespaces(mesh)
  return [...new Set([system, ...agents])].map((name) => {
    const isSystem = name === system
    const object: KubeResource = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: {
          ...labelsOf(mesh),
          // What was taken over says its network itself, or has none.
          ...(isSystem && place.network !== undefined && adopted === undefined
            ? { [NETWORK_LABEL]: place.network }
            : {}),
        },
        ...(isSystem && place.role === 'remote'
          ? { annotations: { [CONTROL_PLANE_CLUSTERS_ANNOTATION]: primary.cluster } }
          : {}),
      },
    }
    return { step: 'namespaces', kind: 'Namespace', object }
  })
}

/**
 * The default for all namespaces that have no `Sidecar` of their own: their own services, and those of the root namespace.
 * Source: https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
function localDiscovery(mesh: Mesh): PlannedObject {
  const namespace = systemNamespaceOf(mesh)
  return {
    step: 'defaults',
    kind: 'Sidecar',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'default', namespace, labels: labelsOf(mesh) },
      spec: { egress: [{ hosts: ['./*', `${namespace}/*`] }] },
    },
  }
}

/**
 * The default for all services that have no DestinationRule: MeshConfig has no field for it, and without it Istio moves no
 * traffic to another place. Source: https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/
 */
function outlierDetection(mesh: Mesh): PlannedObject {
  return {
    step: 'defaults',
    kind: 'DestinationRule',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'outlier-detection', namespace: systemNamespaceOf(mesh), labels: labelsOf(mesh) },
      spec: { host: '*.local', trafficPolicy: { outlierDetection: mesh.spec.traffic?.outlierDetection } },
    },
  }
}

function authoritySecret(mesh: Mesh, { root, certificate, key, chain }: Authority): PlannedObject {
  return {
    step: 'trust',
    kind: 'Secret',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: AUTHORITY_SECRET, namespace: systemNamespaceOf(mesh), labels: labelsOf(mesh) },
      type: 'Opaque',
      data: {
        'ca-cert.pem': toBase64(certificate),
        'ca-key.pem': toBase64(key),
        'root-cert.pem': toBase64(root),
        'cert-chain.pem': toBase64(chain),
      },
    },
  }
}
