import type { KubeObject } from './objects.ts'
import { PEOPLE } from './people.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const READ = ['get', 'list', 'watch']
const WRITE = ['create', 'update', 'patch', 'delete']

const MESH_GROUPS = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
]

/** All that the console shows, and no secrets. */
const VIEWER: readonly Rule[] = [
  { apiGroups: [...MESH_GROUPS, 'meshdeck.io'], resources: ['*'], verbs: READ },
  {
    apiGroups: [''],
    resources: [
      'namespaces',
      'nodes',
      'services',
      'endpoints',
      'pods',
      'pods/log',
      'serviceaccounts',
      'configmaps',
      'events',
      'replicationcontrollers',
    ],
    verbs: READ,
  },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], verbs: READ },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: READ },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: READ },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: READ },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: READ,
  },
]

/** What somebody needs who runs the traffic of a mesh but not its clusters. */
const EDITOR: readonly Rule[] = [
  ...VIEWER,
  { apiGroups: MESH_GROUPS, resources: ['*'], verbs: WRITE },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: WRITE },
  { apiGroups: [''], resources: ['namespaces'], verbs: ['update', 'patch'] },
  { apiGroups: [''], resources: ['services'], verbs: WRITE },
  { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
]

/** Roles and bindings of the kinds of user. All go by group, so that a client which loses groups loses rights. */
export function rbacObjects(): KubeObject[] {
  return [
    clusterRole('meshdeck-lab-editor', EDITOR),
    clusterRole('meshdeck-lab-viewer', VIEWER),
    bindGroup('cluster-admin', PEOPLE.admin.groups[0]),
    bindGroup('meshdeck-lab-editor', PEOPLE.editor.groups[0]),
    bindGroup('meshdeck-lab-viewer', PEOPLE.viewer.groups[0]),
  ]
}

function clusterRole(name: string, rules: readonly Rule[]): KubeObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules }
}

function bindGroup(role: string, group: string): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: `lab-${group.replace(':', '-')}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
  }
}
