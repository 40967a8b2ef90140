import type { MeshOverview, MeshView } from '@meshdeck/contract'
import { meshFootprint, MeshMode, MeshPhase, type Cluster, type Mesh } from '@meshdeck/kube'
import {
  isCurrent,
  isGatewayWorkload,
  isInjected,
  isMachinery,
  proxyVersion,
  systemNamespaceOf,
  upgradeFor,
} from '@meshdeck/mesh'
import { pick, toConditionView, type Reachability } from './clusters.ts'
import { toServiceViews } from './services.ts'
import type { IndexedSnapshot, Workload } from './snapshot.ts'

type Counters = MeshView['counters']

/** What a mesh's counters are made of. A part that the caller may not see in some cluster is absent. */
export interface MeshParts {
  /** The clusters that could be read. */
  snapshots: readonly IndexedSnapshot[]
  services: boolean
  pods: boolean
  workloads: boolean
}

/** A mesh as the fleet page shows it. */
export function toMeshView(
  mesh: Mesh,
  reachability: (cluster: string) => Reachability,
  parts: MeshParts,
  cluster: Cluster | undefined,
): MeshView {
  const { metadata, spec, status } = mesh
  const clusters = meshFootprint(mesh).map((name) => ({
    name,
    state: reachability(name).state,
    ...pick({ phase: status?.members?.find((member) => member.cluster === name)?.phase }),
  }))
  const { revision } = spec.controlPlane
  const detected = cluster?.status?.istio?.find((found) => revision === undefined || found.revision === revision)
  return {
    name: metadata.name,
    mode: spec.mode,
    phase: metadata.deletionTimestamp === undefined ? (status?.phase ?? MeshPhase.Pending) : MeshPhase.Deleting,
    namespace: systemNamespaceOf(mesh),
    controlPlaneCluster: spec.controlPlane.cluster,
    ...pick({
      displayName: spec.displayName,
      version: status?.version ?? spec.controlPlane.version,
      upgrade:
        spec.mode === MeshMode.External
          ? undefined
          : upgradeFor(status?.version ?? spec.controlPlane.version, cluster?.status?.version),
      revision: revision ?? detected?.revision,
      created: metadata.creationTimestamp,
      resourceVersion: metadata.resourceVersion,
    }),
    clusters,
    conditions: (status?.conditions ?? []).map(toConditionView),
    protected: spec.protected ?? false,
    counters: {
      clusters: { healthy: clusters.filter(({ state }) => state === 'reachable').length, total: clusters.length },
      ...countersOf(parts),
    },
  }
}

/** Istio's own workloads: control plane, CNI, ztunnel and gateways. */
export function toComponents(
  snapshots: readonly IndexedSnapshot[],
  systemNamespace: string,
): MeshOverview['components'] {
  return snapshots.flatMap((snapshot) =>
    componentsOf(snapshot, systemNamespace).map((workload) => toComponent(snapshot, workload)),
  )
}

/** Those of a cluster's workloads that are Istio's own. */
export function componentsOf(snapshot: IndexedSnapshot, systemNamespace: string): Workload[] {
  return snapshot.workloads.filter((workload) => isComponent(workload, systemNamespace))
}

export function toComponent(snapshot: IndexedSnapshot, workload: Workload): MeshOverview['components'][number] {
  const pods = snapshot.podsOf(workload).filter(isCurrent)
  const image = workload.spec?.template?.spec?.containers?.[0]?.image
  return {
    cluster: snapshot.cluster,
    kind: workload.kind,
    namespace: workload.metadata.namespace ?? '',
    name: workload.metadata.name,
    ...pick({ version: pods.map(proxyVersion).find((version) => version !== undefined) ?? tagOf(image) }),
    ready: pods.filter(({ status }) =>
      status?.conditions?.some(({ type, status: held }) => type === 'Ready' && held === 'True'),
    ).length,
    replicas: Math.max(pods.length, replicasOf(workload)),
  }
}

function countersOf({ snapshots, services, pods, workloads }: MeshParts): Omit<Counters, 'clusters'> {
  // What never gets a sidecar would be missing one in every mesh.
  const current = snapshots.flatMap((snapshot) => snapshot.pods.filter((pod) => isCurrent(pod) && !isMachinery(pod)))
  const views = services && pods ? toServiceViews(snapshots) : undefined
  return pick({
    services: views && { healthy: views.filter(({ status }) => status === 'running').length, total: views.length },
    pods: pods
      ? {
          running: current.filter(({ status }) => status?.phase === 'Running').length,
          injected: current.filter(isInjected).length,
          total: current.length,
        }
      : undefined,
    proxyVersions: pods
      ? [...Map.groupBy(current, (pod) => proxyVersion(pod) ?? '')]
          .filter(([version]) => version !== '')
          .map(([version, own]) => ({ version, pods: own.length }))
          .toSorted((a, b) => b.pods - a.pods)
      : undefined,
    gateways: workloads ? gatewaysOf(snapshots.flatMap((snapshot) => snapshot.workloads)) : undefined,
  })
}

function gatewaysOf(workloads: readonly Workload[]): { ingress: number; egress: number } {
  const gateways = workloads.filter((workload) => {
    const template = workload.spec?.template?.metadata
    return isGatewayWorkload(template?.labels, template?.annotations)
  })
  const egress = gateways.filter(({ metadata, spec }) =>
    /egress/.test(`${metadata.name} ${spec?.template?.metadata?.labels?.['istio'] ?? ''}`),
  )
  return { ingress: gateways.length - egress.length, egress: egress.length }
}

function isComponent({ metadata, spec }: Workload, systemNamespace: string): boolean {
  const template = spec?.template?.metadata
  if (isGatewayWorkload(template?.labels, template?.annotations)) return true
  const app = metadata.labels?.['app'] ?? template?.labels?.['app'] ?? ''
  const agent = template?.labels?.['k8s-app'] ?? ''
  // The node agents have namespaces of their own.
  if (/^(istio-cni-node|ztunnel)$/.test(agent) || app === 'ztunnel') return true
  return (
    metadata.namespace === systemNamespace &&
    (/^(istiod|ztunnel|istio-cni)/.test(app) || /^(istiod|ztunnel|istio-cni)/.test(metadata.name))
  )
}

function replicasOf({ spec }: Workload): number {
  return spec !== undefined && 'replicas' in spec ? (spec.replicas ?? 1) : 0
}

function tagOf(image: string | undefined): string | undefined {
  return /:([^:/@]+)(?:@|$)/.exec(image ?? '')?.[1]
}
