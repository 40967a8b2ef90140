import { createHash } from 'node:crypto'
import { timestamp } from '../api/metadata.ts'
import { listAt, numberAt, recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { controlledBy, controllerOf, reconcileEach } from './controller-context.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const DESIRED = 'deployment.kubernetes.io/desired-replicas'
const MAX = 'deployment.kubernetes.io/max-replicas'
const HASH = 'pod-template-hash'
const SETS = 'apps/replicasets'

/** Rolls a Deployment's template out over ReplicaSets. Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ */
export function startDeployments(context: ControllerContext): () => void {
  const { again, stop } = reconcileEach(context, 'deployment', 'apps/deployments', (deployment) =>
    reconcile(context, deployment),
  )
  const stopSets = context.api.watch(SETS, ({ object }) => {
    const owner = controllerOf(object, 'Deployment')
    if (owner !== undefined) again(object.metadata.namespace, owner.name)
  })
  return () => {
    stop()
    stopSets()
  }
}

function reconcile(context: ControllerContext, deployment: KubeObject): void {
  if (deployment.metadata.deletionTimestamp !== undefined) return
  const current = currentSet(context, deployment)
  const old = setsOf(context, deployment).filter((set) => set.metadata.uid !== current.metadata.uid)
  if (recordAt(deployment, 'spec')['paused'] !== true) {
    if (textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate') recreate(context, deployment, current, old)
    else roll(context, deployment, current, old)
    forget(context, deployment, old)
  }
  writeStatus(context, deployment, current.metadata.name)
}

/** The ReplicaSet of the present template, made when there is none, with the highest revision. */
function currentSet(context: ControllerContext, deployment: KubeObject): KubeObject {
  const { api } = context
  const sets = setsOf(context, deployment)
  const template = recordAt(deployment, 'spec', 'template')
  const found = sets.find((set) => sameJson(templateOf(set), template))
  const highest = Math.max(0, ...sets.filter((set) => set !== found).map(revisionOf))
  const revision = found === undefined || revisionOf(found) <= highest ? highest + 1 : revisionOf(found)
  const own = api.get('apps/deployments', deployment.metadata.namespace, deployment.metadata.name)
  if (own !== undefined && own.metadata.annotations?.[REVISION] !== String(revision)) {
    api.update('apps/deployments', annotated(own, { [REVISION]: String(revision) }))
  }
  if (found !== undefined) {
    return revisionOf(found) === revision ? found : api.update(SETS, annotated(found, { [REVISION]: String(revision) }))
  }
  const hash = createHash('sha1').update(JSON.stringify(template)).digest('hex').slice(0, 10)
  const replicas = numberAt(deployment, 'spec', 'replicas') ?? 1
  const labels = { ...texts(recordAt(template, 'metadata')['labels']), [HASH]: hash }
  return api.create(SETS, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      labels,
      annotations: {
        [DESIRED]: String(replicas),
        [MAX]: String(replicas + surgeOf(deployment, replicas)),
        [REVISION]: String(revision),
      },
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas: sets.length === 0 ? replicas : 0,
      selector: { matchLabels: { ...texts(recordAt(deployment, 'spec', 'selector')['matchLabels']), [HASH]: hash } },
      template: { ...template, metadata: { ...recordAt(template, 'metadata'), labels } },
    },
  })
}

function roll(
  context: ControllerContext,
  deployment: KubeObject,
  current: KubeObject,
  old: readonly KubeObject[],
): void {
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1
  const surge = surgeOf(deployment, wanted)
  const unavailable = unavailableOf(deployment, wanted, surge)
  const total = [current, ...old].reduce((sum, set) => sum + replicasOf(set), 0)
  const room = wanted + surge - total
  const own = replicasOf(current)
  if (own > wanted) scale(context, current, wanted)
  else if (own < wanted && (room > 0 || old.length === 0))
    scale(context, current, Math.min(wanted, own + Math.max(room, 0)))

  const ready = [current, ...old].reduce((sum, set) => sum + (numberAt(set, 'status', 'readyReplicas') ?? 0), 0)
  let spare = ready - (wanted - unavailable)
  for (const set of old) {
    const has = replicasOf(set)
    if (has === 0) continue
    const up = numberAt(set, 'status', 'readyReplicas') ?? 0
    // Pods that do not work are not missed.
    const broken = Math.max(0, has - up)
    const take = Math.min(has, broken + Math.max(0, Math.min(spare, up)))
    if (take === 0) continue
    spare -= take - broken
    scale(context, set, has - take)
  }
}

function recreate(
  context: ControllerContext,
  deployment: KubeObject,
  current: KubeObject,
  old: readonly KubeObject[],
): void {
  for (const set of old) if (replicasOf(set) > 0) scale(context, set, 0)
  const gone = old.every((set) => (numberAt(set, 'status', 'replicas') ?? 0) === 0)
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1
  if (gone && replicasOf(current) !== wanted) scale(context, current, wanted)
}

/** Old ReplicaSets beyond the history limit. */
function forget({ api }: ControllerContext, deployment: KubeObject, old: readonly KubeObject[]): void {
  const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10
  const done = old
    .filter((set) => replicasOf(set) === 0 && (numberAt(set, 'status', 'replicas') ?? 0) === 0)
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))
  for (const { metadata } of done.slice(limit)) api.delete(SETS, metadata.namespace, metadata.name)
}

function writeStatus(context: ControllerContext, deployment: KubeObject, current: string): void {
  const { api, clock } = context
  const sets = setsOf(context, deployment)
  const own = sets.find((set) => set.metadata.name === current)
  const sum = (field: string): number => sets.reduce((total, set) => total + (numberAt(set, 'status', field) ?? 0), 0)
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1
  const replicas = sum('replicas')
  const ready = sum('readyReplicas')
  const updated = numberAt(own, 'status', 'replicas') ?? 0
  const available = ready >= wanted - unavailableOf(deployment, wanted, surgeOf(deployment, wanted))
  const done = updated >= wanted && replicas === updated && ready >= wanted
  const latest = api.get('apps/deployments', deployment.metadata.namespace, deployment.metadata.name)
  if (latest === undefined) return
  const conditions = [
    available
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
    done
      ? condition(
          'Progressing',
          'True',
          'NewReplicaSetAvailable',
          `ReplicaSet "${current}" has successfully progressed.`,
        )
      : condition('Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${current}" is progressing.`),
  ]
  const status = {
    observedGeneration: deployment.metadata.generation,
    ...nonZero({
      replicas,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: ready,
      unavailableReplicas: Math.max(0, wanted - ready),
    }),
    conditions: conditions.map((next) => withTimes(next, latest, timestamp(clock.now()))),
  }
  if (!sameJson(latest.status, status)) api.updateStatus('apps/deployments', { ...latest, status })
}

type ConditionText = Record<'type' | 'status' | 'reason' | 'message', string>

function condition(type: string, status: string, reason: string, message: string): ConditionText {
  return { type, status, reason, message }
}

/** A condition keeps its times until it says something else. */
function withTimes(next: ConditionText, object: KubeObject, now: string): Record<string, unknown> {
  const before = listAt(object, 'status', 'conditions').find((old) => textAt(old, 'type') === next.type)
  const same = before !== undefined && textAt(before, 'status') === next.status
  const told = same && textAt(before, 'reason') === next.reason && textAt(before, 'message') === next.message
  return {
    ...next,
    lastUpdateTime: told ? textAt(before, 'lastUpdateTime') : now,
    lastTransitionTime: same ? textAt(before, 'lastTransitionTime') : now,
  }
}

function setsOf({ api }: ControllerContext, deployment: KubeObject): KubeObject[] {
  return api
    .dependents(deployment.metadata.uid ?? '')
    .filter(({ resource }) => resource === SETS)
    .map(({ object }) => object)
}

/** A ReplicaSet's template as the Deployment wrote it. */
function templateOf(set: KubeObject): Record<string, unknown> {
  const template = recordAt(set, 'spec', 'template')
  const metadata = recordAt(template, 'metadata')
  const { [HASH]: _, ...labels } = recordAt(metadata, 'labels')
  return { ...template, metadata: { ...metadata, labels } }
}

function scale({ api }: ControllerContext, set: KubeObject, replicas: number): void {
  const latest = api.get(SETS, set.metadata.namespace, set.metadata.name)
  if (latest !== undefined) api.update(SETS, { ...latest, spec: { ...recordAt(latest, 'spec'), replicas } })
}

function replicasOf(set: KubeObject): number {
  return numberAt(set, 'spec', 'replicas') ?? 0
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0)
}

function annotated(object: KubeObject, annotations: Record<string, string>): KubeObject {
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
  }
}

function surgeOf(deployment: KubeObject, replicas: number): number {
  return share(recordAt(deployment, 'spec', 'strategy', 'rollingUpdate')['maxSurge'], replicas, Math.ceil)
}

/** At least one pod may be away when none may be more. */
function unavailableOf(deployment: KubeObject, replicas: number, surge: number): number {
  const asked = share(recordAt(deployment, 'spec', 'strategy', 'rollingUpdate')['maxUnavailable'], replicas, Math.floor)
  return asked === 0 && surge === 0 ? 1 : asked
}

/** A number, or a share of the replicas as `25%`. */
function share(value: unknown, replicas: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(String(value ?? '25%'))?.[1]
  return round((replicas * Number(percent ?? 0)) / 100)
}

function nonZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(recordAt({ value }, 'value')).map(([name, text]) => [name, String(text)]))
}
