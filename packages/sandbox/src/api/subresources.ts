/** Subresources that are more than a part of their object: scale, log, eviction, token. */
import { listAt, numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import { invalid, invalidError } from '../schema/invalid-error.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { DEFAULT_AUDIENCE } from '../auth/authenticator.ts'
import type { Cluster } from './cluster.ts'
import { deleteObject } from './delete-object.ts'
import { badRequest, notFound } from './errors.ts'
import { timestamp } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import { StatusError } from './status-error.ts'

const DEFAULT_TOKEN_SECONDS = 3_600
const SHORTEST_TOKEN_SECONDS = 600

/** An object's `Scale`. */
export function scaleOf(object: KubeObject): KubeObject {
  const selector = Object.entries(recordAt(object, 'spec', 'selector', 'matchLabels'))
    .map(([key, value]) => `${key}=${String(value)}`)
    .toSorted()
    .join(',')
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    // A zero is left out, as the real server's own format does.
    spec: numberAt(object, 'spec', 'replicas') ? { replicas: numberAt(object, 'spec', 'replicas') } : {},
    status: { replicas: numberAt(object, 'status', 'replicas') ?? 0, selector },
  }
}

/** The object with the replicas of a `Scale`. @throws StatusError 400 when it names none. */
export function withScale(object: KubeObject, scale: unknown): KubeObject {
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0
  if (!Number.isInteger(replicas)) throw badRequest('Scale.spec.replicas must be an integer')
  const asked = textAt(scale, 'metadata', 'resourceVersion')
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion: asked ?? object.metadata.resourceVersion ?? '' },
    spec: { ...recordAt(object, 'spec'), replicas },
  }
}

/** What a container has written. Nothing runs in the sandbox's pods: the lines tell what the sandbox did to it. */
export function podLog(cluster: Cluster, namespace: string, name: string, query: URLSearchParams): string {
  const pod = cluster.get('pods', namespace, name)
  if (pod === undefined) throw notFound({ group: '', plural: 'pods' }, name)
  const names = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].flatMap(
    (container) => textAt(container, 'name') ?? [],
  )
  const container = query.get('container') ?? names[0] ?? ''
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`)
  const statuses = [...listAt(pod, 'status', 'containerStatuses'), ...listAt(pod, 'status', 'initContainerStatuses')]
  const status = statuses.find((candidate) => textAt(candidate, 'name') === container)
  const started = textAt(status, 'state', 'running', 'startedAt')
  if (started === undefined) {
    const reason = textAt(status, 'state', 'waiting', 'reason') ?? 'ContainerCreating'
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${reason}`)
  }
  const lines = [
    `${started} sandbox: container ${container} of ${namespace}/${name} started on ${textAt(pod, 'spec', 'nodeName') ?? ''}`,
    `${started} sandbox: nothing runs here, so there is nothing more to log`,
  ]
  const tail = query.get('tailLines')
  const shown = tail === null ? lines : lines.slice(lines.length - Math.min(lines.length, Math.max(0, Number(tail))))
  return shown.map((line) => `${line}\n`).join('')
}

/**
 * Evicts a pod unless a PodDisruptionBudget forbids it.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
 *
 * @throws StatusError 429 while the budget is used up.
 */
export function evict(cluster: Cluster, type: ResourceType, namespace: string, name: string, dryRun: boolean): unknown {
  const pod = cluster.get(resourceKey(type.group, type.plural), namespace, name)
  if (pod === undefined) throw notFound(type, name)
  const labels = pod.metadata.labels ?? {}
  const budget = cluster
    .list('policy/poddisruptionbudgets', namespace)
    .find((candidate) => matchesLabelSelector(recordAt(candidate, 'spec')['selector'], labels))
  if (budget !== undefined && (numberAt(budget, 'status', 'disruptionsAllowed') ?? 0) < 1) {
    const needed = numberAt(budget, 'status', 'desiredHealthy') ?? 0
    const healthy = numberAt(budget, 'status', 'currentHealthy') ?? 0
    throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy} currently`,
        },
      ],
    })
  }
  deleteObject(cluster, type, namespace, name, { dryRun })
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }
}

/** Answers a `TokenRequest` for a service account. @throws StatusError 404 or 422 */
export function requestToken(
  cluster: Cluster,
  authenticator: Authenticator,
  namespace: string,
  name: string,
  body: KubeObject,
): KubeObject {
  const account = cluster.get('serviceaccounts', namespace, name)
  if (account === undefined) throw notFound({ group: '', plural: 'serviceaccounts' }, name)
  const seconds = numberAt(body, 'spec', 'expirationSeconds') ?? DEFAULT_TOKEN_SECONDS
  if (seconds < SHORTEST_TOKEN_SECONDS) {
    throw invalidError({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'),
    ])
  }
  const asked = listAt(body, 'spec', 'audiences').map(String)
  const audiences = asked.length === 0 ? [DEFAULT_AUDIENCE] : asked
  const { token, expiresAtMs } = authenticator.issue(
    { namespace, name, uid: account.metadata.uid ?? '' },
    audiences,
    seconds,
  )
  return {
    ...body,
    metadata: { name, namespace, creationTimestamp: timestamp(cluster.clock.now()) },
    spec: { ...recordAt(body, 'spec'), audiences, expirationSeconds: seconds },
    status: { token, expirationTimestamp: timestamp(expiresAtMs) },
  }
}
