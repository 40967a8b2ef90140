import { readPath, type KubeResource } from '@meshdeck/kube'
import { matchesSelector, parseLabelSelector } from '../injection/label-selector.ts'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { readList } from './read-list.ts'

export interface AdmissionFacts {
  /** Namespace that Istio goes to, and its labels if it is there already. */
  namespace: { name: string; labels: Readonly<Record<string, string>> }
  mutating: Fact<readonly KubeResource[]>
  validating: Fact<readonly KubeResource[]>
  endpointSlices: Fact<readonly KubeResource[]>
}

/** Of what an installation makes: groups, and kinds. */
const GROUPS = ['', 'apps', 'networking.istio.io', '*']
const MADE = [
  'namespaces',
  'pods',
  'deployments',
  'services',
  'secrets',
  'configmaps',
  'serviceaccounts',
  'gateways',
  'virtualservices',
  '*',
  '*/*',
]
const SERVICE_LABEL = 'kubernetes.io/service-name'

/**
 * Webhooks that fail closed: while theirs do not answer, the API server refuses what is to be made. One whose Service has
 * no ready endpoint does not answer; one behind an address of its own cannot be seen from here.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
 */
export function admissionCheck({ namespace, mutating, validating, endpointSlices }: AdmissionFacts): Check {
  if (!isRead(mutating)) return unreadCheck('admission', mutating.unread)
  if (!isRead(validating)) return unreadCheck('admission', validating.unread)
  if (!isRead(endpointSlices)) return unreadCheck('admission', endpointSlices.unread)
  const labels = { ...namespace.labels, 'kubernetes.io/metadata.name': namespace.name }
  const closed = [...mutating.value, ...validating.value].flatMap((configuration) =>
    readList(configuration, 'webhooks').filter((webhook) => failsClosed(webhook) && concerns(webhook, labels)),
  )
  const ready = new Set(
    endpointSlices.value
      .filter(hasReady)
      .map((slice) => keyOf(slice.metadata.namespace, slice.metadata.labels?.[SERVICE_LABEL])),
  )
  const unserved = closed.filter((webhook) => {
    const service = serviceOf(webhook)
    return service !== undefined && !ready.has(service)
  })
  const params = { count: closed.length }
  if (unserved.length > 0)
    return {
      id: 'admission',
      level: 'error',
      reason: 'unserved',
      params: { count: unserved.length },
      items: unserved.map((webhook) => `${String(readPath(webhook, 'name'))} (${serviceOf(webhook) ?? ''})`),
    }
  const unseen = closed.filter((webhook) => serviceOf(webhook) === undefined)
  if (unseen.length > 0)
    return {
      id: 'admission',
      level: 'unknown',
      reason: 'outside',
      params: { count: unseen.length },
      items: unseen.map((webhook) => String(readPath(webhook, 'name'))),
    }
  return { id: 'admission', level: 'ok', reason: closed.length === 0 ? 'none' : 'served', params }
}

const failsClosed = (webhook: unknown): boolean => (readPath(webhook, 'failurePolicy') ?? 'Fail') === 'Fail'

function concerns(webhook: unknown, labels: Readonly<Record<string, string>>): boolean {
  const names = (rule: unknown, list: string, wanted: readonly string[]): boolean =>
    readList(rule, list).some((each) => wanted.includes(String(each)))
  return (
    readList(webhook, 'rules').some((rule) => names(rule, 'apiGroups', GROUPS) && names(rule, 'resources', MADE)) &&
    matchesSelector(parseLabelSelector(readPath(webhook, 'namespaceSelector')), labels)
  )
}

function serviceOf(webhook: unknown): string | undefined {
  const name = readPath(webhook, 'clientConfig.service.name')
  return typeof name === 'string' ? keyOf(String(readPath(webhook, 'clientConfig.service.namespace')), name) : undefined
}

function hasReady(slice: KubeResource): boolean {
  // An endpoint that says nothing of itself counts as ready. Source: discovery.k8s.io/v1, EndpointConditions.
  return readList(slice, 'endpoints').some((each) => readPath(each, 'conditions.ready') !== false)
}

const keyOf = (namespace: string | undefined, name: string | undefined): string => `${namespace ?? ''}/${name ?? ''}`
