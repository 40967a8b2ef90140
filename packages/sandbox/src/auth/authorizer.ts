import { StatusError } from '../api/status-error.ts'
import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'
import { MASTERS } from './user-info.ts'
import type { UserInfo } from './user-info.ts'

const RBAC = 'rbac.authorization.k8s.io'
export const ROLES = `${RBAC}/roles`
export const CLUSTER_ROLES = `${RBAC}/clusterroles`
const ROLE_BINDINGS = `${RBAC}/rolebindings`
const CLUSTER_ROLE_BINDINGS = `${RBAC}/clusterrolebindings`

export interface ResourceAttributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

export interface PathAttributes {
  readonly verb: string
  readonly path: string
}

export type Attributes = ResourceAttributes | PathAttributes

export interface Decision {
  readonly allowed: boolean
  readonly reason: string
}

/** A rule of a role. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames: readonly string[]
  readonly nonResourceURLs: readonly string[]
}

interface Grant {
  readonly rules: readonly Rule[]
  readonly reason: string
}

interface Binding {
  readonly object: KubeObject
  readonly subjects: readonly Record<string, unknown>[]
}

/**
 * RBAC. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 *
 * Grants are read once and forgotten when any role or binding changes.
 */
export class Authorizer {
  readonly #api: Pick<ClusterApi, 'get' | 'list'>
  readonly #grants = new Map<string, readonly Grant[]>()
  #clusterBindings: readonly Binding[] | undefined
  readonly #bindings = new Map<string, readonly Binding[]>()

  constructor(api: Pick<ClusterApi, 'get' | 'list' | 'watch'>) {
    this.#api = api
    for (const resource of [ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS]) {
      api.watch(resource, () => this.#forget())
    }
  }

  authorize(user: UserInfo, attributes: Attributes): Decision {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' }
    const namespace = 'path' in attributes ? undefined : attributes.namespace
    for (const grant of this.#grantsOf(user, namespace)) {
      if (grant.rules.some((rule) => covers(rule, attributes))) return { allowed: true, reason: grant.reason }
    }
    return { allowed: false, reason: '' }
  }

  /** All rules that a user has in a namespace, those of the whole cluster among them. */
  rulesOf(user: UserInfo, namespace: string | undefined): readonly Rule[] {
    if (user.groups.includes(MASTERS)) return [EVERYTHING, EVERY_PATH]
    return this.#grantsOf(user, namespace).flatMap((grant) => grant.rules)
  }

  /** The rules of a role that a binding names; none when it is not there. */
  rulesOfRole(roleRef: Record<string, unknown>, namespace: string | undefined): readonly Rule[] {
    const isCluster = roleRef['kind'] === 'ClusterRole'
    const role = this.#api.get(
      isCluster ? CLUSTER_ROLES : ROLES,
      isCluster ? undefined : namespace,
      String(roleRef['name']),
    )
    return rulesIn(role)
  }

  #grantsOf(user: UserInfo, namespace: string | undefined): readonly Grant[] {
    const key = JSON.stringify([user.username, user.groups, namespace ?? ''])
    let grants = this.#grants.get(key)
    if (grants === undefined) {
      grants = [
        ...this.#matching((this.#clusterBindings ??= this.#read(CLUSTER_ROLE_BINDINGS, undefined)), user, undefined),
        ...(namespace === undefined ? [] : this.#matching(this.#inNamespace(namespace), user, namespace)),
      ]
      // Identities come and go in a long test; what is forgotten is read again.
      if (this.#grants.size > 10_000) this.#grants.clear()
      this.#grants.set(key, grants)
    }
    return grants
  }

  #inNamespace(namespace: string): readonly Binding[] {
    let bindings = this.#bindings.get(namespace)
    if (bindings === undefined) this.#bindings.set(namespace, (bindings = this.#read(ROLE_BINDINGS, namespace)))
    return bindings
  }

  #read(resource: string, namespace: string | undefined): readonly Binding[] {
    return this.#api.list(resource, namespace).map((object) => ({
      object,
      subjects: listAt(object, 'subjects').filter(isRecord),
    }))
  }

  #matching(bindings: readonly Binding[], user: UserInfo, namespace: string | undefined): Grant[] {
    return bindings.flatMap(({ object, subjects }) => {
      const subject = subjects.find((candidate) => isSubject(candidate, user, namespace))
      if (subject === undefined) return []
      const roleRef = recordAt(object, 'roleRef')
      const name =
        object.metadata.namespace === undefined
          ? object.metadata.name
          : `${object.metadata.name}/${object.metadata.namespace}`
      const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding'
      return [
        {
          rules: this.rulesOfRole(roleRef, namespace),
          reason: `RBAC: allowed by ${kind} "${name}" of ${String(roleRef['kind'])} "${String(roleRef['name'])}" to ${String(subject['kind'])} "${subjectName(subject)}"`,
        },
      ]
    })
  }

  #forget(): void {
    this.#grants.clear()
    this.#bindings.clear()
    this.#clusterBindings = undefined
  }
}

export function rulesIn(role: KubeObject | undefined): readonly Rule[] {
  return listAt(role, 'rules').map((rule) => ({
    verbs: texts(rule, 'verbs'),
    apiGroups: texts(rule, 'apiGroups'),
    resources: texts(rule, 'resources'),
    resourceNames: texts(rule, 'resourceNames'),
    nonResourceURLs: texts(rule, 'nonResourceURLs'),
  }))
}

/** Whether a rule lets a request through. */
export function covers(rule: Rule, attributes: Attributes): boolean {
  if (!rule.verbs.includes('*') && !rule.verbs.includes(attributes.verb)) return false
  if ('path' in attributes) {
    return rule.nonResourceURLs.some((path) =>
      path.endsWith('*') ? attributes.path.startsWith(path.slice(0, -1)) : path === attributes.path,
    )
  }
  if (!rule.apiGroups.includes('*') && !rule.apiGroups.includes(attributes.group)) return false
  const { resource, subresource } = attributes
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`
  const named =
    rule.resources.includes('*') ||
    rule.resources.includes(whole) ||
    (subresource !== undefined && rule.resources.includes(`*/${subresource}`))
  if (!named) return false
  return (
    rule.resourceNames.length === 0 || (attributes.name !== undefined && rule.resourceNames.includes(attributes.name))
  )
}

/** 403, worded as k8s.io/apiserver does. */
export function forbiddenError(user: UserInfo, attributes: Attributes): StatusError {
  const who = `User "${user.username}" cannot`
  if ('path' in attributes) {
    return new StatusError(403, 'Forbidden', `forbidden: ${who} ${attributes.verb} path "${attributes.path}"`, {})
  }
  const { verb, group, resource, subresource, namespace, name } = attributes
  const full = subresource === undefined ? resource : `${resource}/${subresource}`
  const qualified = group === '' ? resource : `${resource}.${group}`
  const subject = name === undefined ? qualified : `${qualified} "${name}"`
  const scope =
    namespace === undefined || (resource === 'namespaces' && group === '')
      ? namespace !== undefined && resource === 'namespaces'
        ? `in the namespace "${namespace}"`
        : 'at the cluster scope'
      : `in the namespace "${namespace}"`
  return new StatusError(
    403,
    'Forbidden',
    `${subject} is forbidden: ${who} ${verb} resource "${full}" in API group "${group}" ${scope}`,
    { ...(name === undefined ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  )
}

const EVERYTHING: Rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] }
const EVERY_PATH: Rule = { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] }

function isSubject(subject: Record<string, unknown>, user: UserInfo, namespace: string | undefined): boolean {
  switch (subject['kind']) {
    case 'User':
      return subject['name'] === user.username
    case 'Group':
      return user.groups.includes(String(subject['name']))
    case 'ServiceAccount':
      return (
        user.username ===
        `system:serviceaccount:${textAt(subject, 'namespace') ?? namespace ?? ''}:${String(subject['name'])}`
      )
    default:
      return false
  }
}

function subjectName(subject: Record<string, unknown>): string {
  const name = String(subject['name'])
  return subject['kind'] === 'ServiceAccount' ? `${name}/${String(subject['namespace'])}` : name
}

function texts(value: unknown, field: string): readonly string[] {
  return listAt(value, field).map(String)
}
