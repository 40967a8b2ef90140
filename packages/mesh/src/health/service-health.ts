import { NEVER_INJECTED_NAMESPACES } from '@meshdeck/kube'
import { isAmbient, isCurrent, isInjected, type PodLike } from '../injection/pods.ts'

export type ServiceStatus = 'running' | 'warning' | 'error'

export const ServiceReason = {
  portsDiffer: 'ports-differ',
  selectorsDiffer: 'selectors-differ',
  typesDiffer: 'types-differ',
  noPodInjected: 'no-pod-injected',
  somePodsNotInjected: 'some-pods-not-injected',
  noPods: 'no-pods',
} as const
export type ServiceReason = (typeof ServiceReason)[keyof typeof ServiceReason]

export interface ServicePortLike {
  name?: string | undefined
  port: number
  targetPort?: string | number | undefined
  protocol?: string | undefined
  appProtocol?: string | undefined
}

/** A service as one cluster has it, with the pods that its selector finds there. */
export interface ServiceMember {
  cluster: string
  spec?:
    | {
        type?: string | undefined
        clusterIP?: string | undefined
        ports?: readonly ServicePortLike[] | undefined
        selector?: Readonly<Record<string, string>> | undefined
      }
    | undefined
  pods: readonly PodLike[]
}

export interface ServiceHealth {
  status: ServiceStatus
  /** Worst first. `params` fill the sentence: `clusters` that differ or lack sidecars, counts of `pods` and `injected`. */
  reasons: { code: ServiceReason; params: Record<string, unknown> }[]
}

/** A service by its name and labels. */
export interface ServiceIdentity {
  namespace: string
  name: string
  labels: Readonly<Record<string, string>>
}

/**
 * Whether a service is part of what carries a cluster, not of what runs in its mesh: the API server's own, those of
 * Kubernetes' system namespaces, and istiod, which never gets a sidecar. Each cluster has its own of them.
 */
export function isInfrastructure({ namespace, name, labels }: ServiceIdentity): boolean {
  if (namespace === 'default' && name === 'kubernetes') return true
  return NEVER_INJECTED_NAMESPACES.includes(namespace) || labels['app'] === 'istiod'
}

/**
 * A service over all clusters of a mesh (same namespace and name). Error: no pod is in the mesh, or ports, selector or
 * access type differ between clusters. Warning: some pods are not in the mesh, or a selector finds none. Pods that
 * ztunnel carries count as in the mesh. Of infrastructure only pods are expected.
 */
export function serviceHealth(
  members: readonly ServiceMember[],
  { infrastructure = false }: { infrastructure?: boolean } = {},
): ServiceHealth {
  const errors: ServiceHealth['reasons'] = []
  const warnings: ServiceHealth['reasons'] = []
  const clusters = members.map(({ cluster }) => cluster)
  if (!infrastructure && differ(members, printPorts))
    errors.push({ code: ServiceReason.portsDiffer, params: { clusters } })
  if (!infrastructure && differ(members, printSelector))
    errors.push({ code: ServiceReason.selectorsDiffer, params: { clusters } })
  if (!infrastructure && differ(members, printType))
    errors.push({ code: ServiceReason.typesDiffer, params: { clusters } })

  const counts = members.map(({ cluster, pods }) => {
    const current = pods.filter(isCurrent)
    return {
      cluster,
      pods: current.length,
      injected: current.filter((pod) => isInjected(pod) || isAmbient(pod)).length,
    }
  })
  const pods = counts.reduce((sum, count) => sum + count.pods, 0)
  const injected = counts.reduce((sum, count) => sum + count.injected, 0)
  const lacking = counts.filter((count) => count.injected < count.pods).map(({ cluster }) => cluster)
  if (!infrastructure && pods > 0 && injected === 0) {
    errors.push({ code: ServiceReason.noPodInjected, params: { pods, clusters: lacking } })
  } else if (!infrastructure && injected < pods) {
    warnings.push({ code: ServiceReason.somePodsNotInjected, params: { pods, injected, clusters: lacking } })
  } else if (pods === 0 && members.some(({ spec }) => Object.keys(spec?.selector ?? {}).length > 0)) {
    warnings.push({ code: ServiceReason.noPods, params: { clusters } })
  }
  const status = errors.length > 0 ? 'error' : warnings.length > 0 ? 'warning' : 'running'
  return { status, reasons: [...errors, ...warnings] }
}

function differ(members: readonly ServiceMember[], print: (member: ServiceMember) => string): boolean {
  return new Set(members.map(print)).size > 1
}

function printPorts({ spec }: ServiceMember): string {
  const ports = (spec?.ports ?? []).map(({ name, port, targetPort, protocol, appProtocol }) =>
    // nodePort is left out: each cluster hands out its own.
    JSON.stringify([port, name ?? '', String(targetPort ?? port), protocol ?? 'TCP', appProtocol ?? '']),
  )
  return ports.toSorted().join()
}

function printSelector({ spec }: ServiceMember): string {
  const entries = Object.entries(spec?.selector ?? {}).map((entry) => JSON.stringify(entry))
  return entries.toSorted().join()
}

function printType({ spec }: ServiceMember): string {
  return spec?.clusterIP === 'None' ? 'headless' : (spec?.type ?? 'ClusterIP')
}
