import { forbidden } from '../api/errors.ts'
import { recordAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { Authorizer, Rule } from './authorizer.ts'
import { CLUSTER_ROLES, ROLES, rulesIn } from './authorizer.ts'
import type { UserInfo } from './user-info.ts'
import { MASTERS } from './user-info.ts'

const RBAC = 'rbac.authorization.k8s.io'

/**
 * Nobody hands out rights that they do not have, by a role or by binding one.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 *
 * @throws StatusError 403 that lists what is lacking.
 */
export function checkEscalation(
  authorizer: Authorizer,
  user: UserInfo,
  resource: ResourceKey,
  object: KubeObject,
): void {
  if (!resource.startsWith(`${RBAC}/`) || user.groups.includes(MASTERS)) return
  const { name, namespace } = object.metadata
  const plural = resource.slice(RBAC.length + 1)
  const isRole = resource === ROLES || resource === CLUSTER_ROLES
  const roleRef = recordAt(object, 'roleRef')
  const verb = isRole ? 'escalate' : 'bind'
  const target = isRole ? plural : roleRef['kind'] === 'ClusterRole' ? 'clusterroles' : 'roles'
  const may = authorizer.authorize(user, {
    verb,
    group: RBAC,
    resource: target,
    name: isRole ? name : String(roleRef['name']),
    ...(namespace === undefined ? {} : { namespace }),
  })
  if (may.allowed) return
  const rules = isRole ? rulesIn(object) : authorizer.rulesOfRole(roleRef, namespace)
  const own = authorizer.rulesOf(user, namespace)
  const lacking = rules.flatMap(single).filter((rule) => !own.some((held) => includes(held, rule)))
  if (lacking.length === 0) return
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ')
  throw forbidden(
    { group: RBAC, plural },
    name,
    `user "${user.username}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${lacking.map(shown).join('\n')}`,
  )
}

/** A rule as rules of one group, resource and path each. */
function single(rule: Rule): Rule[] {
  const resources = rule.apiGroups.flatMap((group) =>
    rule.resources.map((resource) => ({ ...rule, apiGroups: [group], resources: [resource], nonResourceURLs: [] })),
  )
  const paths = rule.nonResourceURLs.map((path) => ({ ...rule, apiGroups: [], resources: [], nonResourceURLs: [path] }))
  return [...resources, ...paths]
}

function includes(held: Rule, wanted: Rule): boolean {
  const within = (all: readonly string[], some: readonly string[]): boolean =>
    all.includes('*') || some.every((item) => all.includes(item))
  if (!within(held.verbs, wanted.verbs)) return false
  const [path] = wanted.nonResourceURLs
  if (path !== undefined) {
    return held.nonResourceURLs.some((own) => own === path || (own.endsWith('*') && path.startsWith(own.slice(0, -1))))
  }
  const names = held.resourceNames
  const namesHeld =
    names.length === 0 ||
    (wanted.resourceNames.length > 0 && wanted.resourceNames.every((name) => names.includes(name)))
  return within(held.apiGroups, wanted.apiGroups) && within(held.resources, wanted.resources) && namesHeld
}

function shown(rule: Rule): string {
  const list = (items: readonly string[]): string => `[${items.map((item) => JSON.stringify(item)).join(' ')}]`
  const parts = [
    ...(rule.apiGroups.length > 0 ? [`APIGroups:${list(rule.apiGroups)}`] : []),
    ...(rule.resources.length > 0 ? [`Resources:${list(rule.resources)}`] : []),
    ...(rule.resourceNames.length > 0 ? [`ResourceNames:${list(rule.resourceNames)}`] : []),
    ...(rule.nonResourceURLs.length > 0 ? [`NonResourceURLs:${list(rule.nonResourceURLs)}`] : []),
    `Verbs:${list(rule.verbs)}`,
  ]
  return `{${parts.join(', ')}}`
}
