import {
  MANAGED_BY_LABEL,
  MESHDECK_NAMESPACE,
  type AccountChoice,
  type KindId,
  type KubeResource,
} from '@meshdeck/kube'
import { accountRules } from './account-rules.ts'

/** Name of the account that Meshdeck has in a cluster, of its role and of its binding. */
export const ACCOUNT_NAME = 'meshdeck'
/** On a token: the hub that it was made for, by the uid of its kube-system. */
export const HUB_LABEL = 'meshdeck.io/hub'

export interface AccountObject {
  kind: KindId
  object: KubeResource
}

/** What an account in a cluster is made of, in the order in which it is made. The last one is the Secret with its token. */
export function accountObjects(choice: AccountChoice, token: { name: string; hub: string }): AccountObject[] {
  const labels = { [MANAGED_BY_LABEL]: 'meshdeck' }
  const name = ACCOUNT_NAME
  const namespace = MESHDECK_NAMESPACE
  const rbac = 'rbac.authorization.k8s.io'
  return [
    make('Namespace', 'v1', { name: namespace }),
    make('ServiceAccount', 'v1', { name, namespace, labels }),
    make('ClusterRole', `${rbac}/v1`, { name, labels }, { rules: accountRules(choice) }),
    make(
      'ClusterRoleBinding',
      `${rbac}/v1`,
      { name, labels },
      {
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
    ),
    make(
      'Secret',
      'v1',
      {
        name: token.name,
        namespace,
        labels: { ...labels, [HUB_LABEL]: token.hub },
        annotations: { 'kubernetes.io/service-account.name': name },
      },
      { type: 'kubernetes.io/service-account-token' },
    ),
  ]
}

const make = (
  kind: KindId,
  apiVersion: string,
  metadata: KubeResource['metadata'],
  rest: Record<string, unknown> = {},
): AccountObject => ({ kind, object: { apiVersion, kind, metadata, ...rest } })

/** The same by kubectl: what is shown beside the objects. `file` holds them. */
export function accountCommands(token: string, file = 'meshdeck-account.yaml'): string {
  return [
    `kubectl apply --server-side --field-manager meshdeck -f ${file}`,
    `kubectl -n ${MESHDECK_NAMESPACE} get secret ${token} -o jsonpath='{.data.token}' | base64 -d`,
  ].join('\n')
}
