import { isRecord, readPath, type KubeResource } from '@meshdeck/kube'

/** Why a workload does not run, as its cluster says it. */
export interface Trouble {
  kind: string
  name: string
  reason: string
  /** The cluster's own words. */
  message: string
  /** How often it was seen; of events. */
  count?: number
  /** When it was last seen, RFC 3339. */
  at?: string
}

/** What a container waits for in the best of cases. */
const PATIENT = ['ContainerCreating', 'PodInitializing']
/** Conditions of a workload that tell trouble by this status. */
const TELLING: readonly (readonly [type: string, status: string])[] = [
  ['ReplicaFailure', 'True'],
  ['Progressing', 'False'],
  ['Available', 'False'],
]
const MOST = 12

/**
 * What keeps a workload from running: its conditions, what its pods wait for, and warnings about it, its ReplicaSets and its
 * pods; what tells most comes first. `events` may be of others, too.
 */
export function troublesOf(
  workload: KubeResource,
  pods: readonly KubeResource[],
  events: readonly KubeResource[],
): Trouble[] {
  const found = [...pods.flatMap(podTroubles), ...eventTroubles(workload, pods, events), ...conditionTroubles(workload)]
  const seen = new Set<string>()
  return found
    .filter(({ kind, reason, message }) => {
      // Pods of one workload mostly want for the same.
      const key = `${kind} ${reason} ${message}`
      return seen.has(key) ? false : seen.add(key)
    })
    .slice(0, MOST)
}

function conditionTroubles({ kind, metadata: { name }, ...workload }: KubeResource): Trouble[] {
  return conditionsOf(workload).flatMap((condition) =>
    TELLING.some(([type, status]) => condition['type'] === type && condition['status'] === status)
      ? [troubleOf(kind, name, condition)]
      : [],
  )
}

function podTroubles(pod: KubeResource): Trouble[] {
  const { name } = pod.metadata
  const unscheduled = conditionsOf(pod).filter(({ type, status }) => type === 'PodScheduled' && status === 'False')
  const containers = ['status.initContainerStatuses', 'status.containerStatuses'].flatMap((path) =>
    recordsAt(pod, path).flatMap((container) => {
      const waiting = readPath(container, 'state.waiting')
      const terminated = readPath(container, 'state.terminated')
      const state = isRecord(waiting) ? waiting : isRecord(terminated) ? terminated : undefined
      const reason = textOf(state?.['reason'])
      return state === undefined || reason === 'Completed' || PATIENT.includes(reason) ? [] : [state]
    }),
  )
  return [...unscheduled, ...containers].map((state) => troubleOf('Pod', name, state))
}

function eventTroubles(
  workload: KubeResource,
  pods: readonly KubeResource[],
  events: readonly KubeResource[],
): Trouble[] {
  const own = new Set([
    `${workload.kind} ${workload.metadata.name}`,
    ...pods.map(({ metadata }) => `Pod ${metadata.name}`),
  ])
  const prefix = `${workload.metadata.name}-`
  const isReplicaSet = (kind: string, name: string): boolean =>
    kind === 'ReplicaSet' && name.startsWith(prefix) && !name.slice(prefix.length).includes('-')
  return events
    .flatMap((event): Trouble[] => {
      const kind = textOf(readPath(event, 'involvedObject.kind'))
      const name = textOf(readPath(event, 'involvedObject.name'))
      const isOwn =
        readPath(event, 'involvedObject.namespace') === workload.metadata.namespace &&
        (own.has(`${kind} ${name}`) || isReplicaSet(kind, name))
      if (event['type'] !== 'Warning' || !isOwn) return []
      const at = textOf(event['lastTimestamp']) || textOf(event['eventTime']) || event.metadata.creationTimestamp
      const count = Number(event['count'] ?? readPath(event, 'series.count') ?? 1)
      return [{ ...troubleOf(kind, name, event), count, ...(at === undefined ? {} : { at }) }]
    })
    .toSorted((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
}

function troubleOf(kind: string, name: string, state: Readonly<Record<string, unknown>>): Trouble {
  return { kind, name, reason: textOf(state['reason']), message: textOf(state['message']) }
}

const conditionsOf = (object: unknown): Record<string, unknown>[] => recordsAt(object, 'status.conditions')

function recordsAt(object: unknown, path: string): Record<string, unknown>[] {
  const list = readPath(object, path)
  return Array.isArray(list) ? list.filter(isRecord) : []
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
