import type { SidecarView } from '@meshdeck/contract'
import type { DetectedIstio } from '@meshdeck/kube'
import { isCurrent, outdatedProxies, parseQuantity, sidecarOf } from '@meshdeck/mesh'
import type { Usage } from '../prometheus/sidecar-usage.ts'
import type { IndexedSnapshot, Workload } from './snapshot.ts'
import { injectionOf } from './workloads.ts'

/** The sidecars of a workload, pod by pod, in the order of the pods' names; usage is added by `withUsage`. */
export function toSidecarViews(
  snapshot: IndexedSnapshot,
  workload: Workload,
  controlPlanes: readonly DetectedIstio[],
): SidecarView[] {
  const { revision } = injectionOf(snapshot, workload)
  const pods = snapshot.podsOf(workload).filter(isCurrent)
  return pods
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((pod) => {
      const { resources, ...sidecar } = sidecarOf(pod)
      const { name, creationTimestamp } = pod.metadata
      return {
        pod: name,
        ...(pod.spec?.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
        ...(creationTimestamp === undefined ? {} : { created: creationTimestamp }),
        ...sidecar,
        outdated: outdatedProxies({ pods: [pod], revision, controlPlanes }) !== undefined,
        requests: resources.requests ?? {},
        limits: resources.limits ?? {},
        usage: {},
      }
    })
}

/** With what it uses, and how much of its limits that is. */
export function withUsage(view: SidecarView, { cpu, memory }: Usage): SidecarView {
  const cpuShare = shareOf(cpu, view.limits.cpu)
  const memoryShare = shareOf(memory, view.limits.memory)
  return {
    ...view,
    usage: {
      ...(cpu === undefined ? {} : { cpu }),
      ...(cpuShare === undefined ? {} : { cpuShare }),
      ...(memory === undefined ? {} : { memory }),
      ...(memoryShare === undefined ? {} : { memoryShare }),
    },
  }
}

/** Of a limit of zero, which means none, nothing can be told. */
function shareOf(used: number | undefined, limit: string | undefined): number | undefined {
  const most = limit === undefined ? undefined : parseQuantity(limit)
  return used === undefined || most === undefined || most <= 0 ? undefined : used / most
}
