import { ACCOUNT_LEVELS, KINDS, type AccountChoice, type AccountLevel, type KindDefinition } from '@meshdeck/kube'

/** Source: rbac.authorization.k8s.io/v1, PolicyRule. */
export interface PolicyRule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

const READ = ['get', 'list', 'watch']
const CHANGE = ['update', 'patch']
const MAKE = ['create', 'update', 'patch', 'delete']

/** Kinds that nobody needs to see in order to look at a mesh. */
const HIDDEN: readonly string[] = ['Secret', 'ClusterRole', 'ClusterRoleBinding']

/** What Istio's charts hold beyond what the Sail Operator is asked for. Source: the templates of Istio 1.30's charts. */
const byHelm = (): PolicyRule[] => [
  rule('apiextensions.k8s.io', ['customresourcedefinitions'], [...READ, ...MAKE]),
  rule(
    'admissionregistration.k8s.io',
    [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
    ],
    [...READ, ...MAKE],
  ),
  rule('', ['configmaps', 'resourcequotas'], [...READ, ...MAKE]),
  rule('apps', ['daemonsets'], [...READ, ...MAKE]),
  rule('autoscaling', ['horizontalpodautoscalers'], [...READ, ...MAKE]),
  rule('policy', ['poddisruptionbudgets'], [...READ, ...MAKE]),
  rule('networking.k8s.io', ['networkpolicies'], [...READ, ...MAKE]),
  rule('k8s.cni.cncf.io', ['network-attachment-definitions'], [...READ, ...MAKE]),
  // Istio's own roles say more than this account has; Kubernetes lets nobody hand that out without being told.
  rule('rbac.authorization.k8s.io', ['clusterroles', 'roles'], [...READ, ...MAKE, 'escalate', 'bind']),
  rule('rbac.authorization.k8s.io', ['clusterrolebindings', 'rolebindings'], [...READ, ...MAKE]),
]

/** The rights of an account, from the registry of kinds: what the console shows, what it writes, what the controller installs. */
export function accountRules({ level, actForUsers }: AccountChoice): PolicyRule[] {
  const kinds = KINDS.filter(({ home, id }) => home === 'cluster' && !HIDDEN.includes(id))
  const configuration = kinds.filter(({ category }) => category !== 'core' && category !== 'sail')
  const sail = kinds.filter(({ category }) => category === 'sail')
  // Labels for injection, names of ports, and pod templates are changed; the objects themselves are the users'.
  const changed = kinds.filter(({ category, access }) => category === 'core' && access === 'full')
  const rank = ACCOUNT_LEVELS.indexOf(level)
  const from = (other: AccountLevel): boolean => rank >= ACCOUNT_LEVELS.indexOf(other)
  return [
    ...ofKinds(kinds, READ),
    ...(from('configure') ? [...ofKinds(configuration, MAKE), ...ofKinds(changed, CHANGE)] : []),
    ...(from('install')
      ? [
          ...ofKinds(sail, MAKE),
          rule('', ['namespaces', 'services', 'serviceaccounts'], MAKE),
          rule('apps', ['deployments'], MAKE),
          // The authority of a mesh, the credentials by which istiod reads its members, and what Helm keeps.
          rule('', ['secrets'], [...READ, ...MAKE]),
        ]
      : []),
    ...(from('install-helm') ? byHelm() : []),
    ...(actForUsers ? [rule('', ['users', 'groups'], ['impersonate'])] : []),
  ]
}

/** Whether rules allow something. `*` is not used in them. */
export function rulesAllow(
  rules: readonly PolicyRule[],
  { verb, group, resource }: { verb: string; group: string; resource: string },
): boolean {
  return rules.some(
    ({ apiGroups, resources, verbs }) =>
      apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb),
  )
}

/** One rule for each API group. */
function ofKinds(kinds: readonly KindDefinition[], verbs: readonly string[]): PolicyRule[] {
  const groups = new Map<string, string[]>()
  for (const { group, plural } of kinds) groups.set(group, [...(groups.get(group) ?? []), plural])
  return [...groups].map(([group, resources]) => rule(group, resources, verbs))
}

function rule(group: string, resources: readonly string[], verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: [...resources], verbs: [...verbs] }
}
