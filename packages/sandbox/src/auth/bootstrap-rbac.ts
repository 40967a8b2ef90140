/** Roles that every cluster has. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings */
import type { KubeObject } from '../kube-object.ts'

const API = 'rbac.authorization.k8s.io/v1'
const GROUP = 'rbac.authorization.k8s.io'
const BOOTSTRAPPING = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
const READ = ['get', 'list', 'watch']
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update']

type Rule = Record<string, readonly string[]>

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): Rule => ({
  apiGroups,
  resources,
  verbs,
})
const paths = (nonResourceURLs: readonly string[]): Rule => ({ nonResourceURLs, verbs: ['get'] })

/** What `view` reads: all that lives in a namespace but secrets and roles. */
const VIEWED: readonly Rule[] = [
  rule(
    [''],
    [
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'namespaces',
      'namespaces/status',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'pods',
      'pods/log',
      'pods/status',
      'resourcequotas',
      'resourcequotas/status',
      'serviceaccounts',
      'services',
      'services/status',
    ],
    READ,
  ),
  rule(
    ['apps'],
    [
      'controllerrevisions',
      'daemonsets',
      'daemonsets/status',
      'deployments',
      'deployments/scale',
      'deployments/status',
      'replicasets',
      'replicasets/scale',
      'replicasets/status',
      'statefulsets',
      'statefulsets/scale',
      'statefulsets/status',
    ],
    READ,
  ),
  rule(['autoscaling'], ['horizontalpodautoscalers', 'horizontalpodautoscalers/status'], READ),
  rule(['batch'], ['cronjobs', 'cronjobs/status', 'jobs', 'jobs/status'], READ),
  rule(['discovery.k8s.io'], ['endpointslices'], READ),
  rule(['networking.k8s.io'], ['ingresses', 'ingresses/status', 'networkpolicies'], READ),
  rule(['policy'], ['poddisruptionbudgets', 'poddisruptionbudgets/status'], READ),
]

const EDITED: readonly Rule[] = [
  rule([''], ['secrets', 'pods/portforward'], READ),
  rule(
    [''],
    ['configmaps', 'events', 'persistentvolumeclaims', 'pods', 'secrets', 'serviceaccounts', 'services', 'endpoints'],
    WRITE,
  ),
  rule([''], ['pods/portforward'], WRITE),
  rule([''], ['pods/eviction', 'serviceaccounts/token'], ['create']),
  rule([''], ['serviceaccounts'], ['impersonate']),
  rule(
    ['apps'],
    [
      'daemonsets',
      'deployments',
      'deployments/rollback',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
    WRITE,
  ),
  rule(['autoscaling'], ['horizontalpodautoscalers'], WRITE),
  rule(['batch'], ['cronjobs', 'jobs'], WRITE),
  rule(['networking.k8s.io'], ['ingresses', 'networkpolicies'], WRITE),
  rule(['policy'], ['poddisruptionbudgets'], WRITE),
  rule(['coordination.k8s.io'], ['leases'], [...READ, ...WRITE]),
]

const ADMINISTERED: readonly Rule[] = [
  rule(['authorization.k8s.io'], ['localsubjectaccessreviews'], ['create']),
  rule([GROUP], ['rolebindings', 'roles'], [...READ, ...WRITE]),
]

/** The default roles and bindings, as objects to be created. */
export function bootstrapRbac(): readonly KubeObject[] {
  return [
    role('cluster-admin', [rule(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }]),
    aggregated('admin'),
    aggregated('edit', 'admin'),
    aggregated('view', 'edit'),
    role('system:aggregate-to-admin', ADMINISTERED, label('admin')),
    role('system:aggregate-to-edit', EDITED, label('edit')),
    role('system:aggregate-to-view', VIEWED, label('view')),
    role('system:discovery', [
      paths([
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ]),
    ]),
    role('system:public-info-viewer', [paths(['/healthz', '/livez', '/readyz', '/version', '/version/'])]),
    role('system:basic-user', [
      rule(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
      rule(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
    ]),
    role('system:auth-delegator', [
      rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
      rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
    ]),
    binding('cluster-admin', ['system:masters']),
    binding('system:discovery', ['system:authenticated']),
    binding('system:basic-user', ['system:authenticated']),
    binding('system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']),
  ]
}

function label(target: string): Record<string, string> {
  return { [`${GROUP}/aggregate-to-${target}`]: 'true' }
}

function role(name: string, rules: readonly Rule[], labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: API, kind: 'ClusterRole', metadata: { name, labels: { ...BOOTSTRAPPING, ...labels } }, rules }
}

/** A role that is the sum of those labelled for it, and may itself be part of a larger one. */
function aggregated(name: string, partOf?: string): KubeObject {
  return {
    ...role(name, [], partOf === undefined ? {} : label(partOf)),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: label(name) }] },
  }
}

function binding(name: string, groups: readonly string[]): KubeObject {
  return {
    apiVersion: API,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: BOOTSTRAPPING },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: GROUP, kind: 'Group', name: group })),
  }
}
