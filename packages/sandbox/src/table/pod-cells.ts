import { isRecord, listAt, numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { ageOf } from './age.ts'

export interface PodCells {
  /** `1/2`: containers that are ready, sidecars among them. */
  readonly ready: string
  readonly status: string
  readonly restarts: (now: number) => string
}

/** What `kubectl get pods` says of a pod. */
export function podCells(pod: KubeObject): PodCells {
  const sidecars = new Set(
    listAt(pod, 'spec', 'initContainers')
      .filter((container) => textAt(container, 'restartPolicy') === 'Always')
      .map((container) => textAt(container, 'name')),
  )
  const initStatuses = listAt(pod, 'status', 'initContainerStatuses').filter(isRecord)
  const statuses = [
    ...initStatuses.filter((status) => sidecars.has(textAt(status, 'name'))),
    ...listAt(pod, 'status', 'containerStatuses').filter(isRecord),
  ]
  const total = listAt(pod, 'spec', 'containers').length + sidecars.size
  const ready = statuses.filter((status) => status['ready'] === true).length
  const restarts = statuses.reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0)
  const last = statuses
    .map((status) => textAt(status, 'lastState', 'terminated', 'finishedAt'))
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1)
  return {
    ready: `${ready}/${total}`,
    status: statusOf(
      pod,
      initStatuses.filter((status) => !sidecars.has(textAt(status, 'name'))),
      statuses,
    ),
    restarts: (now) =>
      restarts > 0 && last !== undefined ? `${restarts} (${ageOf(last, now)} ago)` : String(restarts),
  }
}

function statusOf(pod: KubeObject, init: readonly unknown[], statuses: readonly unknown[]): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating'
  for (const [index, status] of init.entries()) {
    if (isRecord(recordAt(status, 'state')['terminated']) && numberAt(status, 'state', 'terminated', 'exitCode') === 0)
      continue
    const reason = textAt(status, 'state', 'waiting', 'reason')
    if (reason !== undefined && reason !== 'PodInitializing') return `Init:${reason}`
    return `Init:${index}/${init.length}`
  }
  for (const status of statuses.toReversed()) {
    const reason = textAt(status, 'state', 'waiting', 'reason') ?? textAt(status, 'state', 'terminated', 'reason')
    if (reason !== undefined) return reason
  }
  return textAt(pod, 'status', 'reason') ?? textAt(pod, 'status', 'phase') ?? 'Unknown'
}
