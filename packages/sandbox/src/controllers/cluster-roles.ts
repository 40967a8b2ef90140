import { isRecord, listAt, sameJson } from '../json.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'

const CLUSTER_ROLES = 'rbac.authorization.k8s.io/clusterroles'

/** Keeps the rules of ClusterRoles that are sums of others. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles */
export function startClusterRoles(context: ControllerContext): () => void {
  const { api } = context
  const { again, stop } = reconcileEach(context, 'clusterrole', CLUSTER_ROLES, (role) => {
    const selectors = isRecord(role['aggregationRule'])
      ? listAt(role['aggregationRule'], 'clusterRoleSelectors')
      : undefined
    if (selectors === undefined) {
      for (const other of api.list(CLUSTER_ROLES)) {
        if (isRecord(other['aggregationRule'])) again(undefined, other.metadata.name)
      }
      return
    }
    const rules = api
      .list(CLUSTER_ROLES)
      .filter((other) => other.metadata.name !== role.metadata.name)
      .filter((other) => selectors.some((selector) => matchesLabelSelector(selector, other.metadata.labels ?? {})))
      .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .flatMap((other) => listAt(other, 'rules'))
    const distinct = rules.filter((rule, index) => rules.findIndex((other) => sameJson(rule, other)) === index)
    if (sameJson(distinct, role['rules'])) return
    api.update(CLUSTER_ROLES, { ...role, rules: distinct })
    // Roles may be sums of sums.
    for (const other of api.list(CLUSTER_ROLES)) {
      if (isRecord(other['aggregationRule']) && other.metadata.name !== role.metadata.name)
        again(undefined, other.metadata.name)
    }
  })
  return stop
}
