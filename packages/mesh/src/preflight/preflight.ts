import { HUB, type DetectedIstio, type KubeResource, type Mesh } from '@meshdeck/kube'
import { systemNamespaceOf, versionOf } from '../install/names.ts'
import type { Place } from '../install/place.ts'
import { addressesCheck } from './addresses.ts'
import { admissionCheck } from './admission.ts'
import { apiServerCheck, type AddressKind } from './api-server.ts'
import { capacityCheck, istiodDemand } from './capacity.ts'
import { isRead, type Check, type Fact } from './check.ts'
import { clockCheck } from './clock.ts'
import { definitionsCheck } from './definitions.ts'
import { engineCheck, type EngineReport } from './engine.ts'
import { gatewayCheck } from './gateway-address.ts'
import { istioThereCheck } from './istio-there.ts'
import { kubernetesCheck } from './kubernetes-version.ts'
import { loadBalancerCheck } from './load-balancer.ts'
import { proxiesCheck } from './proxies.ts'
import { ownRightsCheck, rightsCheck, type Right } from './rights.ts'
import { servicesCheck } from './services.ts'
import { chartsCheck, imagesCheck, type ChartAnswer } from './sources.ts'
import { storageCheck } from './storage.ts'
import { trustCheck } from './trust-root.ts'

type Objects = Fact<readonly KubeResource[]>

/** What is asked of every cluster of the mesh. */
export interface MemberFacts {
  cluster: string
  /** Why it does not answer, in words; absent when it does. */
  lost?: string
  nodes: Objects
  services: Objects
  /** ConfigMaps with the root that sidecars trust. */
  roots: Objects
}

/** What is asked besides of a cluster that something is to be installed in. */
export interface HostFacts extends MemberFacts {
  /** Of Kubernetes, `v1.36.3`. */
  version: Fact<string>
  clock: Fact<{ aheadMs: number; at: number }>
  /** Those of `neededRights` that the stored credential lacks. */
  missingRights: Fact<readonly Right[]>
  apiServer: Fact<AddressKind>
  /** What the controller says of Helm for this cluster. */
  helm?: EngineReport
  /** Other meshes that the cluster belongs to. */
  meshes: readonly string[]
  istiods: Fact<readonly DetectedIstio[]>
  namespaces: Objects
  pods: Objects
  deployments: Objects
  leases: Objects
  definitions: Objects
  mutating: Objects
  validating: Objects
  endpointSlices: Objects
}

export interface PreflightFacts {
  mesh: Mesh
  /** All clusters that the mesh is to have, the control plane's first. */
  places: readonly Place[]
  /** Clusters that are new to the mesh: all of a new mesh. */
  hosts: readonly HostFacts[]
  /** Clusters that are of the mesh already. */
  members: readonly MemberFacts[]
  /** What the caller lacks to write the record on the hub. */
  ownMissing: Fact<readonly Right[]>
  charts: ChartAnswer
}

export interface ClusterChecks {
  /** `HUB` for what concerns the record and the controller. */
  cluster: string
  role: 'hub' | Place['role']
  checks: Check[]
}

/** All checks before a mesh is made, or before clusters join one. Pure. A cluster that does not answer has only that to say. */
export function preflight(facts: PreflightFacts): ClusterChecks[] {
  const { mesh, hosts, places } = facts
  const { engine = 'Sail', controlPlane } = mesh.spec
  const hub: ClusterChecks = {
    cluster: HUB,
    role: 'hub',
    checks: [ownRightsCheck(facts.ownMissing), chartsCheck(engine, controlPlane.charts, facts.charts, hosts[0]?.helm)],
  }
  const inClusters = places.flatMap((place): ClusterChecks[] => {
    const host = hosts.find(({ cluster }) => cluster === place.cluster)
    if (host === undefined) return []
    const reach: Check =
      host.lost === undefined
        ? { id: 'reach', level: 'ok', reason: 'answers' }
        : { id: 'reach', level: 'error', reason: 'lost', params: { message: host.lost } }
    if (host.lost !== undefined) return [{ cluster: host.cluster, role: place.role, checks: [reach] }]
    const checks = [
      reach,
      ...hostChecks(facts, host, place),
      ...(place.role === 'remote' ? joinChecks(facts, host, place) : []),
    ]
    return [{ cluster: host.cluster, role: place.role, checks }]
  })
  return [hub, ...inClusters]
}

/** Whether one of the checks stands in the way. */
export const isBlocked = (all: readonly { checks: readonly Pick<Check, 'level'>[] }[]): boolean =>
  all.some(({ checks }) => checks.some(({ level }) => level === 'error'))

function hostChecks({ mesh, places }: PreflightFacts, host: HostFacts, place: Place): Check[] {
  const { engine = 'Sail', controlPlane } = mesh.spec
  const version = versionOf(mesh)
  const namespace = systemNamespaceOf(mesh)
  const isPrimary = place.role === 'primary'
  const [primary = place] = places
  const hasGateway = isPrimary ? places.length > 1 : place.network !== primary.network
  const type = controlPlane.access?.type ?? 'LoadBalancer'
  const present = isRead(host.namespaces)
    ? host.namespaces.value.find(({ metadata }) => metadata.name === namespace)?.metadata.labels
    : undefined
  return [
    kubernetesCheck(host.version, version),
    rightsCheck(host.missingRights),
    engineCheck({
      engine,
      version,
      ...(host.helm === undefined ? {} : { helm: host.helm }),
      definitions: host.definitions,
      deployments: host.deployments,
    }),
    imagesCheck(controlPlane.hub, host.nodes, host.pods),
    definitionsCheck({ engine, release: { namespace, name: 'istio-base' }, definitions: host.definitions }),
    istioThereCheck({
      meshes: host.meshes,
      revision: controlPlane.revision ?? 'default',
      namespace,
      istiods: host.istiods,
    }),
    admissionCheck({
      namespace: { name: namespace, labels: present ?? {} },
      mutating: host.mutating,
      validating: host.validating,
      endpointSlices: host.endpointSlices,
    }),
    ...(isPrimary ? [capacityCheck({ demand: istiodDemand(mesh), nodes: host.nodes, pods: host.pods })] : []),
    clockCheck({ server: host.clock, leases: host.leases, nodes: host.nodes }),
    loadBalancerCheck({
      // An address that somebody set up for istiod is the primary's; a gateway of another network needs its own.
      needed: hasGateway && type === 'LoadBalancer' && !(isPrimary && controlPlane.access?.address !== undefined),
      services: host.services,
      nodes: host.nodes,
    }),
    ...(isPrimary ? [storageCheck()] : []),
  ]
}

function joinChecks({ mesh, places, hosts, members }: PreflightFacts, host: HostFacts, place: Place): Check[] {
  const [primary = place] = places
  const others = [...members, ...hosts].filter(({ cluster }) => cluster !== host.cluster)
  const ofPrimary = others.find(({ cluster }) => cluster === primary.cluster)
  const isNew = hosts.some(({ cluster }) => cluster === primary.cluster)
  const networkOf = (cluster: string): string => places.find((each) => each.cluster === cluster)?.network ?? ''
  const addressed = (each: MemberFacts) => ({
    cluster: each.cluster,
    network: networkOf(each.cluster),
    nodes: each.nodes,
    services: each.services,
  })
  const unseen = { unread: 'failed' as const }
  const { address } = mesh.spec.controlPlane.access ?? {}
  const namespace = systemNamespaceOf(mesh)
  return [
    // The gateway of a mesh that is not yet made has no address that one could look for.
    ...(isNew
      ? []
      : [
          gatewayCheck({
            ...(address === undefined ? {} : { address }),
            namespace,
            services: ofPrimary?.services ?? unseen,
          }),
        ]),
    apiServerCheck(host.apiServer),
    proxiesCheck(versionOf(mesh), host.pods),
    trustCheck({ ofMesh: ofPrimary?.roots ?? unseen, ofMember: host.roots }),
    addressesCheck(addressed(host), others.map(addressed)),
    servicesCheck(host, others, namespace),
  ]
}
