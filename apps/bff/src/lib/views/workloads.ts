import type { PodView, WorkloadView } from '@meshdeck/contract'
import type { DetectedIstio, Pod } from '@meshdeck/kube'
import { CANONICAL_REVISION_LABEL, readPath } from '@meshdeck/kube'
import {
  injectionPolicyOf,
  isCurrent,
  isInjected,
  outdatedProxies,
  proxyVersion,
  readSidecarSettings,
  workloadInjection,
  type WorkloadInjection,
  type WorkloadKey,
} from '@meshdeck/mesh'
import { selects } from './selector.ts'
import type { IndexedSnapshot, Workload } from './snapshot.ts'

/** Control planes that serve a cluster; without them no proxy is told to be outdated. */
type ControlPlanes = readonly DetectedIstio[]

/** All workloads of a cluster. */
export function toWorkloadViews(snapshot: IndexedSnapshot, controlPlanes: ControlPlanes = []): WorkloadView[] {
  return snapshot.workloads.map((workload) => toWorkloadView(snapshot, workload, controlPlanes))
}

/** One workload with its pods' sidecars and the services that select it. */
export function toWorkloadView(
  snapshot: IndexedSnapshot,
  workload: Workload,
  controlPlanes: ControlPlanes = [],
): WorkloadView {
  const { name, namespace = '', labels, creationTimestamp } = workload.metadata
  const podLabels = workload.spec?.template?.metadata?.labels ?? {}
  const pods = snapshot.podsOf(workload).filter(isCurrent)
  const annotations = workload.spec?.template?.metadata?.annotations
  const { state, injectedPods, expected, reason, revision } = injectionOf(snapshot, workload)
  const version = versionOf(podLabels)
  const outdated = outdatedProxies({ pods, revision, annotations, controlPlanes })
  return {
    cluster: snapshot.cluster,
    namespace,
    kind: workload.kind,
    name,
    labels: labels ?? {},
    podLabels,
    ...(version === undefined ? {} : { version }),
    ...replicasOf(workload),
    pods: pods.length,
    injectedPods,
    injection: state,
    injectsNewPods: expected,
    policy: injectionPolicyOf(podLabels),
    settings: readSidecarSettings(annotations),
    reason,
    proxyVersions: distinct(pods.map(proxyVersion)),
    ...(outdated === undefined ? {} : { outdated }),
    services: snapshot
      .servicesIn(namespace)
      .filter((service) => selects(service.spec?.selector, podLabels))
      .map((service) => service.metadata.name),
    ...(creationTimestamp === undefined ? {} : { created: creationTimestamp }),
  }
}

/** What new pods of a workload get, what the running ones have, and the revision that injects. */
export function injectionOf(snapshot: IndexedSnapshot, workload: Workload): WorkloadInjection {
  return workloadInjection({
    namespace: snapshot.namespace(workload.metadata.namespace ?? ''),
    workload,
    pods: snapshot.podsOf(workload),
    ...(snapshot.webhooks === undefined ? {} : { webhooks: snapshot.webhooks }),
  })
}

/** One pod as a service's page shows it. */
export function toPodView(cluster: string, pod: Pod, workload: WorkloadKey | undefined): PodView {
  const { name, namespace = '', creationTimestamp } = pod.metadata
  const { status, spec } = pod
  const version = proxyVersion(pod)
  const problem = podProblem(pod)
  return {
    cluster,
    namespace,
    name,
    ...(status?.podIP === undefined ? {} : { ip: status.podIP }),
    ...(spec?.nodeName === undefined ? {} : { node: spec.nodeName }),
    phase: pod.metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Unknown') : 'Terminating',
    ready: isReady(pod),
    injected: isInjected(pod),
    ...(version === undefined ? {} : { proxyVersion: version }),
    ...(workload === undefined ? {} : { workload: `${workload.kind}/${workload.name}` }),
    restarts: (status?.containerStatuses ?? []).reduce((sum, container) => sum + (container.restartCount ?? 0), 0),
    ...(problem === undefined ? {} : { problem }),
    ...(creationTimestamp === undefined ? {} : { created: creationTimestamp }),
  }
}

/** Whether the pod serves, by its own condition. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** A workload's version as Istio's canonical labels tell it. */
export function versionOf(podLabels: Readonly<Record<string, string>> | undefined): string | undefined {
  return podLabels?.[CANONICAL_REVISION_LABEL] ?? podLabels?.['app.kubernetes.io/version'] ?? podLabels?.['version']
}

/** Each value once, sorted, without holes. */
export function distinct(values: Iterable<string | undefined>): string[] {
  return [...new Set(values)].filter((value) => value !== undefined).toSorted()
}

function podProblem(pod: Pod): string | undefined {
  if (isReady(pod)) return undefined
  const waiting = pod.status?.containerStatuses?.map(({ state }) => state?.waiting).find((state) => state !== undefined)
  if (waiting) return [waiting.reason, waiting.message].filter(Boolean).join(': ')
  const condition = pod.status?.conditions?.find(({ status, message }) => status === 'False' && message)
  return condition ? [condition.reason, condition.message].filter(Boolean).join(': ') : pod.status?.message
}

function replicasOf({ kind, spec, status }: Workload): { replicas: number; ready: number } {
  const figure = (source: object | undefined, field: string): number | undefined => {
    const value = source === undefined ? undefined : readPath(source, field)
    return typeof value === 'number' ? value : undefined
  }
  return kind === 'DaemonSet'
    ? { replicas: figure(status, 'desiredNumberScheduled') ?? 0, ready: figure(status, 'numberReady') ?? 0 }
    : { replicas: figure(spec, 'replicas') ?? 1, ready: figure(status, 'readyReplicas') ?? 0 }
}
