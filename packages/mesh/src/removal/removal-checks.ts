import { isRecord, MESH_LABEL, MeshMode, readPath, REVISION_LABEL, type KubeResource, type Mesh } from '@meshdeck/kube'
import { isCurrent, isInjected, isMachinery, proxyRevision, type PodLike } from '../injection/pods.ts'
import { isGatewayWorkload } from '../istio/gateways.ts'

export const REMOVAL_CHECKS = ['sidecars', 'gateways', 'members', 'protection'] as const
export type RemovalCheckType = (typeof REMOVAL_CHECKS)[number]

/** Something that depends on the mesh. */
export interface Dependent {
  cluster: string
  /** `Pod`: `count` of them in the namespace; else the object of that name. */
  kind: 'Pod' | 'Deployment' | 'K8sGateway' | 'Cluster'
  namespace?: string
  name?: string
  count: number
}

export interface RemovalCheck {
  type: RemovalCheckType
  /** `warning`: it is affected and goes on without the mesh; `blocking`: deletion is refused; `unknown`: not all could be read. */
  state: 'passed' | 'warning' | 'blocking' | 'unknown'
  count: number
  dependents: Dependent[]
  /** Clusters that could not be asked, or whose pods or workloads the caller may not see. */
  unread: string[]
}

/** What is read of one cluster. */
export interface RemovalSight {
  cluster: string
  /** Absent: not readable. */
  pods?: readonly PodLike[]
  /** Deployments; absent: not readable. */
  deployments?: readonly KubeResource[]
  /** Gateways of the Gateway API. */
  gateways?: readonly KubeResource[]
  /** Revisions of other control planes of the cluster, whose proxies are not this mesh's. */
  otherRevisions?: readonly string[]
  /** `namespace/name` of gateways that the mesh itself has made, and that go with it. */
  own?: ReadonlySet<string>
}

const GATEWAY_API_LABEL = 'gateway.networking.k8s.io/gateway-name'

/**
 * What stands in the way of a mesh's removal, and what it would leave without a control plane. Pure. An external mesh is
 * only forgotten, so nothing but its protection and its clusters is looked at.
 */
export function removalChecks(mesh: Mesh, sights: readonly RemovalSight[], members: readonly string[]): RemovalCheck[] {
  const protection: RemovalCheck = {
    type: 'protection',
    state: mesh.spec.protected === true ? 'blocking' : 'passed',
    count: mesh.spec.protected === true ? 1 : 0,
    dependents: [],
    unread: [],
  }
  const clusters = members.map((cluster): Dependent => ({ cluster, kind: 'Cluster', name: cluster, count: 1 }))
  const membership = check('members', clusters, [])
  if (mesh.spec.mode === MeshMode.External) return [membership, protection]
  return [
    check(
      'sidecars',
      sights.flatMap(sidecarsOf),
      unread(sights, ({ pods }) => pods),
    ),
    check(
      'gateways',
      sights.flatMap(gatewaysOf),
      unread(sights, ({ deployments }) => deployments),
    ),
    membership,
    protection,
  ]

  function gatewaysOf({ cluster, deployments = [], gateways = [], otherRevisions = [], own }: RemovalSight) {
    const asked = gateways.filter(
      (gateway) => isOfIstio(gateway) && isServed(gateway.metadata.labels?.[REVISION_LABEL], otherRevisions),
    )
    const run = deployments.filter((deployment) => {
      const template = templateOf(deployment)
      const { namespace = '', name, labels } = deployment.metadata
      return (
        isGatewayWorkload(template.labels, template.annotations) &&
        // Those of a Gateway go with it, and are counted as one.
        template.labels?.[GATEWAY_API_LABEL] === undefined &&
        labels?.[MESH_LABEL] !== mesh.metadata.name &&
        own?.has(`${namespace}/${name}`) !== true &&
        isServed(template.labels?.[REVISION_LABEL], otherRevisions)
      )
    })
    const dependent = (kind: 'Deployment' | 'K8sGateway', { metadata }: KubeResource): Dependent => ({
      cluster,
      kind,
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      count: 1,
    })
    return [
      ...run.map((object) => dependent('Deployment', object)),
      ...asked.map((object) => dependent('K8sGateway', object)),
    ]
  }
}

function check(type: RemovalCheckType, dependents: Dependent[], missing: string[]): RemovalCheck {
  const count = dependents.reduce((sum, each) => sum + each.count, 0)
  const state = count > 0 ? 'warning' : missing.length > 0 ? 'unknown' : 'passed'
  return { type, state, count, dependents, unread: missing }
}

function unread(sights: readonly RemovalSight[], part: (sight: RemovalSight) => unknown): string[] {
  return sights.flatMap((sight) => (part(sight) === undefined ? [sight.cluster] : []))
}

function sidecarsOf({ cluster, pods = [], otherRevisions = [] }: RemovalSight): Dependent[] {
  const own = pods.filter(
    (pod) =>
      isCurrent(pod) &&
      isInjected(pod) &&
      !isMachinery(pod) &&
      !isGatewayWorkload(pod.metadata.labels, pod.metadata.annotations) &&
      isServed(proxyRevision(pod), otherRevisions),
  )
  return [...Map.groupBy(own, ({ metadata }) => metadata.namespace ?? '')]
    .map(([namespace, found]): Dependent => ({ cluster, kind: 'Pod', namespace, count: found.length }))
    .toSorted((a, b) => b.count - a.count || (a.namespace ?? '').localeCompare(b.namespace ?? ''))
}

const isServed = (revision: string | undefined, others: readonly string[]): boolean =>
  revision === undefined || !others.includes(revision)

/** Istio's own classes: `istio`, `istio-waypoint`, `istio-east-west`, … */
const isOfIstio = (gateway: KubeResource): boolean =>
  /^istio(-|$)/.test(String(readPath(gateway, 'spec.gatewayClassName') ?? ''))

function templateOf(deployment: KubeResource): {
  labels?: Record<string, string>
  annotations?: Record<string, string>
} {
  const metadata = readPath(deployment, 'spec.template.metadata')
  return isRecord(metadata) ? { labels: texts(metadata['labels']), annotations: texts(metadata['annotations']) } : {}
}

function texts(value: unknown): Record<string, string> {
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
      )
    : {}
}
