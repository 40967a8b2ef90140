import type { ServiceDetail, ServiceView } from '@meshdeck/contract'
import { isRecord, type KindId, type KubeResource, type Pod, type Service } from '@meshdeck/kube'
import { isCurrent, isInfrastructure, isInjected, serviceHealth, workloadOf } from '@meshdeck/mesh'
import { selects } from './selector.ts'
import type { IndexedSnapshot } from './snapshot.ts'
import { distinct, isReady, toPodView, toWorkloadView, versionOf } from './workloads.ts'

/** A service as one cluster has it. */
export interface Member {
  snapshot: IndexedSnapshot
  service: Service
  pods: readonly Pod[]
}

const APP_PROTOCOLS = /^(http|http2|https|grpc-web|grpc|tcp|tls|mongo|mysql|redis|udp)(-|$)/
/** Kinds whose `hosts` (or `host`) bind a rule to a service. */
const HOST_PATHS: Readonly<Partial<Record<KindId, (spec: Record<string, unknown>) => unknown[]>>> = {
  VirtualService: (spec) => listOf(spec['hosts']),
  DestinationRule: (spec) => [spec['host']],
  ServiceEntry: (spec) => listOf(spec['hosts']),
}

/** What one cluster has of each service, and its row where no other cluster has it too; kept for as long as nothing changes there. */
const membersOf = new WeakMap<IndexedSnapshot, ReadonlyMap<string, Member>>()
const ownViews = new WeakMap<Member, ServiceView>()

/** One row for each namespace and name over all clusters of a mesh. */
export function toServiceViews(snapshots: readonly IndexedSnapshot[]): ServiceView[] {
  const members = new Map<string, Member[]>()
  for (const snapshot of snapshots) {
    for (const [key, member] of membersIn(snapshot)) {
      const others = members.get(key)
      if (others === undefined) members.set(key, [member])
      else others.push(member)
    }
  }
  return [...members.values()].flatMap((found) => viewOf(found) ?? [])
}

function membersIn(snapshot: IndexedSnapshot): ReadonlyMap<string, Member> {
  let members = membersOf.get(snapshot)
  if (members === undefined) {
    members = new Map(
      snapshot.services.map((service) => [
        `${service.metadata.namespace ?? ''}/${service.metadata.name}`,
        withPods({ snapshot, service }),
      ]),
    )
    membersOf.set(snapshot, members)
  }
  return members
}

function viewOf(members: readonly Member[]): ServiceView | undefined {
  const [first, ...others] = members
  if (first === undefined || others.length > 0) return toServiceView(members)
  let view = ownViews.get(first)
  if (view === undefined) {
    view = toServiceView(members)
    if (view !== undefined) ownViews.set(first, view)
  }
  return view
}

/** One service with all that its page shows; `undefined` when no cluster has it. `rules` are the mesh's, with their clusters. */
export function toServiceDetail(
  snapshots: readonly IndexedSnapshot[],
  namespace: string,
  name: string,
  rules: readonly { cluster: string; kind: KindId; resource: KubeResource }[],
): Omit<ServiceDetail, 'failures'> | undefined {
  const members = membersNamed(snapshots, namespace, name)
  const service = toServiceView(members)
  if (service === undefined) return undefined
  return {
    service,
    addresses: members.map(toAddress),
    workloads: members.flatMap(({ snapshot, service: { spec } }) =>
      snapshot
        .workloadsIn(namespace)
        .filter((workload) => selects(spec?.selector, workload.spec?.template?.metadata?.labels))
        .map((workload) => toWorkloadView(snapshot, workload)),
    ),
    pods: members.flatMap(({ snapshot, pods }) =>
      pods.map((pod) => toPodView(snapshot.cluster, pod, workloadOf(pod, snapshot.replicaSetIndex))),
    ),
    rules: rules
      .filter(({ kind, resource }) => namesHost(kind, resource, namespace, name))
      .map(({ cluster, kind, resource }) => ({
        cluster,
        kind,
        namespace: resource.metadata.namespace ?? '',
        name: resource.metadata.name,
      })),
  }
}

/** A service in each of the clusters that have it, with the pods that it selects there. */
export function membersNamed(snapshots: readonly IndexedSnapshot[], namespace: string, name: string): Member[] {
  return snapshots.flatMap((snapshot) => {
    const service = snapshot.servicesIn(namespace).find((candidate) => candidate.metadata.name === name)
    return service === undefined ? [] : [withPods({ snapshot, service })]
  })
}

function withPods({ snapshot, service }: { snapshot: IndexedSnapshot; service: Service }): Member {
  const pods = snapshot
    .podsIn(service.metadata.namespace ?? '')
    .filter((pod) => isCurrent(pod) && selects(service.spec?.selector, pod.metadata.labels))
  return { snapshot, service, pods }
}

function toServiceView(members: readonly Member[]): ServiceView | undefined {
  const [first] = members
  if (first === undefined) return undefined
  const { metadata, spec } = first.service
  const { namespace = '', labels = {} } = metadata
  const pods = members.flatMap((member) => member.pods)
  const { status, reasons } = serviceHealth(
    members.map(({ snapshot, service, pods: own }) => ({
      cluster: snapshot.cluster,
      ...(service.spec ? { spec: service.spec } : {}),
      pods: own,
    })),
    { infrastructure: isInfrastructure({ namespace, name: metadata.name, labels }) },
  )
  return {
    namespace,
    name: metadata.name,
    clusters: members.map(({ snapshot }) => snapshot.cluster),
    type: typeOf(first.service),
    status,
    reasons,
    pods: pods.length,
    readyPods: pods.filter(isReady).length,
    injectedPods: pods.filter(isInjected).length,
    versions: distinct(pods.map((pod) => versionOf(pod.metadata.labels))),
    ports: (spec?.ports ?? []).map(({ name, port, targetPort, protocol, appProtocol }) => {
      const governed = appProtocol ?? APP_PROTOCOLS.exec(name ?? '')?.[1]
      return {
        ...(name === undefined ? {} : { name }),
        port,
        ...(targetPort === undefined ? {} : { targetPort: String(targetPort) }),
        protocol: protocol ?? 'TCP',
        ...(governed === undefined ? {} : { appProtocol: governed }),
      }
    }),
    labels,
    ...(Object.keys(spec?.selector ?? {}).length === 0 ? {} : { selector: spec?.selector ?? {} }),
    ...(metadata.creationTimestamp === undefined ? {} : { created: metadata.creationTimestamp }),
  }
}

function toAddress({ snapshot, service }: Member): ServiceDetail['addresses'][number] {
  const { metadata, spec, status } = service
  const balancers = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname)
  const ips = [...(spec?.clusterIPs ?? [spec?.clusterIP]), ...(spec?.externalIPs ?? []), ...balancers]
  return {
    cluster: snapshot.cluster,
    host: `${metadata.name}.${metadata.namespace}.svc.cluster.local`,
    type: typeOf(service),
    ips: distinct(ips).filter((ip) => ip !== 'None'),
    selector: spec?.selector ?? {},
  }
}

function typeOf({ spec }: Service): string {
  return spec?.clusterIP === 'None' ? 'Headless' : (spec?.type ?? 'ClusterIP')
}

/** Whether a rule names the service's host: short (in its own namespace), with its namespace, or in full. */
function namesHost(kind: KindId, resource: KubeResource, namespace: string, name: string): boolean {
  const hostsOf = HOST_PATHS[kind]
  if (hostsOf === undefined || !isRecord(resource.spec)) return false
  const full = `${name}.${namespace}.svc.cluster.local`
  return hostsOf(resource.spec).some((host) => {
    if (typeof host !== 'string') return false
    const named = host.includes('.') ? host : `${host}.${resource.metadata.namespace ?? ''}`
    return named === full || named === `${name}.${namespace}` || named === `${name}.${namespace}.svc`
  })
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
