/** What the API server does to objects of single kinds beyond what all kinds have in common. */
import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { ServiceAddresses } from './service-addresses.ts'

export interface StrategyContext {
  readonly addresses: ServiceAddresses
}

interface Strategy {
  /** Fills in what the server decides when an object is made. */
  readonly create?: (object: KubeObject, context: StrategyContext) => KubeObject
  /** Carries over what a writer may leave out of a change. */
  readonly update?: (object: KubeObject, old: KubeObject, context: StrategyContext) => KubeObject
  readonly remove?: (object: KubeObject, context: StrategyContext) => void
}

const STRATEGIES: Readonly<Record<ResourceKey, Strategy>> = {
  namespaces: {
    create: (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name },
      },
      spec: { ...recordAt(object, 'spec'), finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    }),
    // Only the finalize subresource takes finalizers away; an ordinary update that leaves them out changes nothing.
    update: (object, old) => ({
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name },
      },
      ...(isRecord(old.spec) ? { spec: { ...recordAt(object, 'spec'), finalizers: old.spec['finalizers'] } } : {}),
    }),
  },
  services: {
    create: (object, { addresses }) => ({ ...addresses.assign(object), status: { loadBalancer: {} } }),
    update: (object, old, { addresses }) => addresses.carryOver(object, old),
    remove: (object, { addresses }) => addresses.release(object),
  },
  pods: {
    create: (object) => ({
      ...object,
      status: {
        phase: 'Pending',
        qosClass: textAt(object, 'status', 'qosClass') ?? qosClass(object),
      },
    }),
  },
  persistentvolumeclaims: { create: (object) => ({ ...object, status: { phase: 'Pending' } }) },
}

export function strategyOf(resource: ResourceKey): Strategy {
  return STRATEGIES[resource] ?? {}
}

/**
 * Kinds of the built-in groups whose `metadata.generation` counts changes of what is desired. Custom resources all have
 * it; ConfigMaps, Secrets, Services and their like have none.
 */
const WITH_GENERATION: ReadonlySet<ResourceKey> = new Set([
  'pods',
  'replicationcontrollers',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'apps/daemonsets',
  'apps/controllerrevisions',
  'batch/jobs',
  'batch/cronjobs',
  'policy/poddisruptionbudgets',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
  'networking.k8s.io/ingressclasses',
  'apiextensions.k8s.io/customresourcedefinitions',
  'admissionregistration.k8s.io/mutatingwebhookconfigurations',
  'admissionregistration.k8s.io/validatingwebhookconfigurations',
  'admissionregistration.k8s.io/validatingadmissionpolicies',
  'admissionregistration.k8s.io/validatingadmissionpolicybindings',
  'discovery.k8s.io/endpointslices',
])

export function hasGeneration(resource: ResourceKey, custom: boolean): boolean {
  return custom || WITH_GENERATION.has(resource)
}

/** Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qosClass(pod: KubeObject): string {
  let bounded = true
  let any = false
  for (const container of [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')]) {
    const requests = recordAt(container, 'resources', 'requests')
    const limits = recordAt(container, 'resources', 'limits')
    for (const name of ['cpu', 'memory']) {
      if (requests[name] !== undefined || limits[name] !== undefined) any = true
      if (limits[name] === undefined || (requests[name] !== undefined && requests[name] !== limits[name]))
        bounded = false
    }
  }
  return any ? (bounded ? 'Guaranteed' : 'Burstable') : 'BestEffort'
}
