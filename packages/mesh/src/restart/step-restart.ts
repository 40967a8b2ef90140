import {
  isRecord,
  readPath,
  RESTART_ALLOWED_ANNOTATION,
  RESTARTED_BY_ANNOTATION,
  RestartPhase,
  RestartTargetPhase,
  type KubeResource,
  type Restart,
  type RestartStatus,
  type RestartTarget,
  type RestartTargetStatus,
} from '@meshdeck/kube'
import { nextBatch, takesAway, type Budget, type Restartable } from './next-batch.ts'
import { rolloutOf } from './rollout.ts'

/** A workload of a Restart as it is now; `unknown` says why its cluster does not tell. */
export type SeenWorkload = { object: KubeResource } | { gone: true } | { unknown: string }

/** What a Restart is judged by. */
export interface RestartView {
  workload: (target: RestartTarget) => SeenWorkload
  budgets: readonly Budget[]
  /** Whether there are budgets that may not be read: then one workload goes after the other. */
  hidden: boolean
  now: Date
}

export interface RestartStep {
  /** To be restarted now. */
  start: RestartTarget[]
  /** As it is before that. */
  status: RestartStatus
}

/** Whoever asks for a restart marks the workloads after the Restart is there; nobody waits for that longer. */
const ALLOWED_WITHIN_MS = 600_000
const BATCH_SIZE = 5

/**
 * The next step of a Restart: how far each workload has come, and which go now, at most as many at once as it says and
 * never more than the disruption budgets allow. All that was done is read from the workloads themselves, so a step that
 * was broken off is simply made again. Pure.
 */
export function stepRestart(restart: Restart, view: RestartView): RestartStep {
  const { spec, metadata, status: before } = restart
  const uid = metadata.uid ?? ''
  const known = new Map(before?.targets.map((each) => [restartTargetKey(each), each]))
  const waitsUntil = Date.parse(metadata.creationTimestamp ?? '') + ALLOWED_WITHIN_MS
  const candidates = new Map<string, Restartable>()
  const running: Restartable[] = []

  const targets = spec.targets.map((target): RestartTargetStatus => {
    const key = restartTargetKey(target)
    const last = known.get(key) ?? { ...bare(target), phase: RestartTargetPhase.Waiting }
    if (isOver(last.phase)) return last
    const seen = view.workload(target)
    if ('unknown' in seen) return { ...last, message: seen.unknown }
    if ('gone' in seen) return ended(last, RestartTargetPhase.Skipped, 'It is gone.', view.now)
    const { object } = seen
    const workload = { key, ...bare(target), podLabels: podLabelsOf(object), takes: takesAway(object) }
    if (annotation(object, RESTARTED_BY_ANNOTATION) === uid) {
      const progress = progressOf(last, object, view.now)
      if (progress.phase === RestartTargetPhase.Running) running.push(workload)
      return progress
    }
    if (last.phase !== RestartTargetPhase.Waiting)
      return ended(last, RestartTargetPhase.Done, 'It was restarted once more by somebody else.', view.now)
    const allowed = annotation(object, RESTART_ALLOWED_ANNOTATION)
    if (allowed !== undefined && allowed !== uid)
      return ended(last, RestartTargetPhase.Skipped, 'Another restart was asked for after this one.', view.now)
    if (allowed === undefined && view.now.getTime() >= waitsUntil)
      return ended(
        last,
        RestartTargetPhase.Failed,
        `Nobody who may restart it has said so. ${cure(target, uid)}`,
        view.now,
      )
    if (spec.stopped) return ended(last, RestartTargetPhase.Skipped, 'It was stopped before its turn.', view.now)
    if (allowed === undefined)
      return { ...waiting(last), message: `It waits for the word of somebody who may restart it. ${cure(target, uid)}` }
    candidates.set(key, workload)
    return waiting(last)
  })

  const isStuck = targets.some(({ phase }) => phase === RestartTargetPhase.Stuck) && spec.onStuck !== 'GoOn'
  const rests = spec.paused === true || spec.stopped === true || isStuck
  const size = view.hidden ? 1 : (spec.batchSize ?? BATCH_SIZE)
  const batch = rests
    ? { start: [], held: new Map<string, string>() }
    : nextBatch([...candidates.values()], running, view.budgets, size)
  const told = targets.map((each) => {
    const heldBy = batch.held.get(restartTargetKey(each))
    return heldBy === undefined ? each : { ...each, heldBy }
  })
  const start = new Set(batch.start)
  return {
    start: spec.targets.filter((target) => start.has(restartTargetKey(target))).map(bare),
    status: summarizeRestart(restart, told, isStuck, view),
  }
}

/** A target with its restart under way, as it is told right after it was asked for. */
export function restartBegun(target: RestartTargetStatus, now: Date): RestartTargetStatus {
  const { heldBy: _heldBy, message: _message, ...rest } = target
  return { ...rest, phase: RestartTargetPhase.Running, startedAt: printTime(now) }
}

/** A target that the cluster has refused to restart. */
export function restartRefused(target: RestartTargetStatus, message: string, now: Date): RestartTargetStatus {
  return ended(target, RestartTargetPhase.Failed, message, now)
}

/** Tells one target of a Restart from the others. */
export const restartTargetKey = ({ cluster, namespace, kind, name }: RestartTarget): string =>
  `${cluster}/${namespace}/${kind}/${name}`

/** Counts and phase, of what became of the targets. */
export function summarizeRestart(
  { spec, status: before, metadata }: Restart,
  targets: RestartTargetStatus[],
  isStuck: boolean,
  { now, hidden }: Pick<RestartView, 'now' | 'hidden'>,
): RestartStatus {
  const count = (...phases: RestartTargetPhase[]): number =>
    targets.filter(({ phase }) => phases.includes(phase)).length
  const open = count(RestartTargetPhase.Waiting, RestartTargetPhase.Running)
  const isFinished = open === 0 && (!isStuck || spec.stopped === true)
  const wasStopped = spec.stopped === true && count(RestartTargetPhase.Skipped) > 0
  const finishedAt = isFinished ? (before?.finishedAt ?? printTime(now)) : undefined
  return {
    phase: isFinished
      ? wasStopped
        ? RestartPhase.Stopped
        : RestartPhase.Done
      : spec.stopped
        ? RestartPhase.Stopped
        : spec.paused
          ? RestartPhase.Paused
          : isStuck
            ? RestartPhase.Stuck
            : RestartPhase.Running,
    startedAt: before?.startedAt ?? printTime(now),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    total: targets.length,
    done: count(RestartTargetPhase.Done),
    failed: count(RestartTargetPhase.Failed, RestartTargetPhase.Stuck),
    ...(hidden && !isFinished
      ? { message: 'Some disruption budgets may not be read; one workload goes after the other.' }
      : {}),
    targets,
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
  }
}

function progressOf(last: RestartTargetStatus, object: KubeResource, now: Date): RestartTargetStatus {
  const { state, updated, wanted, message } = rolloutOf(object, undefined)
  const {
    message: _message,
    heldBy: _heldBy,
    ...rest
  } = { ...last, updated, wanted, startedAt: last.startedAt ?? printTime(now) }
  switch (state) {
    case 'done':
      return { ...rest, phase: RestartTargetPhase.Done, finishedAt: printTime(now) }
    case 'manual':
      return ended(rest, RestartTargetPhase.Done, 'Its pods stay until somebody deletes them (OnDelete).', now)
    case 'stuck':
      return { ...rest, phase: RestartTargetPhase.Stuck, ...(message === undefined ? {} : { message }) }
    default:
      return { ...rest, phase: RestartTargetPhase.Running }
  }
}

function ended(
  target: RestartTargetStatus,
  phase: RestartTargetPhase,
  message: string,
  now: Date,
): RestartTargetStatus {
  const { heldBy: _heldBy, ...rest } = target
  return { ...rest, phase, message, finishedAt: printTime(now) }
}

function waiting({ heldBy: _heldBy, message: _message, ...rest }: RestartTargetStatus): RestartTargetStatus {
  return rest
}

const isOver = (phase: RestartTargetPhase): boolean =>
  phase === RestartTargetPhase.Done || phase === RestartTargetPhase.Failed || phase === RestartTargetPhase.Skipped

const cure = ({ cluster, namespace, kind, name }: RestartTarget, uid: string): string =>
  `kubectl --context ${cluster} -n ${namespace} annotate ${kind.toLowerCase()} ${name} ${RESTART_ALLOWED_ANNOTATION}=${uid}`

const bare = ({ cluster, namespace, kind, name }: RestartTarget): RestartTarget => ({ cluster, namespace, kind, name })

const annotation = (object: KubeResource, name: string): string | undefined => object.metadata.annotations?.[name]

function podLabelsOf(object: KubeResource): Record<string, string> {
  const labels = readPath(object, 'spec.template.metadata.labels')
  const texts = Object.entries(isRecord(labels) ? labels : {})
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]))
}

/** To the second, as Kubernetes writes it. */
const printTime = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`
