import type { KubeObject } from '../kube-object.ts'
import type { Person } from './fleet.ts'

const GROUP = 'rbac.authorization.k8s.io'
const READ = ['get', 'list', 'watch']
const MESH_GROUPS = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
]

/** From all rights to those of looking. */
export const PEOPLE: readonly Person[] = [
  { id: 'admin', username: 'admin@example.com', groups: ['sandbox:admins'] },
  { id: 'workspace-admin', username: 'workspace-admin@example.com', groups: ['sandbox:workspace-admins'] },
  { id: 'editor', username: 'editor@example.com', groups: ['sandbox:editors'] },
  { id: 'viewer', username: 'viewer@example.com', groups: ['sandbox:viewers'] },
]

/** What they may do in a cluster. The workspace admin has all rights in these namespaces, and sees the others. */
export function rightsOfPeople(namespaces: readonly string[]): readonly KubeObject[] {
  return [
    role('sandbox:look', [
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
        ],
        verbs: READ,
      },
      { apiGroups: ['apps', 'batch', 'discovery.k8s.io', 'autoscaling', 'policy'], resources: ['*'], verbs: READ },
      { apiGroups: [...MESH_GROUPS, 'meshdeck.io', 'sailoperator.io'], resources: ['*'], verbs: READ },
      { apiGroups: ['apiextensions.k8s.io', 'admissionregistration.k8s.io'], resources: ['*'], verbs: READ },
    ]),
    role('sandbox:edit', [
      { apiGroups: MESH_GROUPS, resources: ['*'], verbs: ['*'] },
      { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: ['*'] },
      { apiGroups: [''], resources: ['services'], verbs: ['*'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['update', 'patch'] },
    ]),
    binding('cluster-admin', 'sandbox:admins'),
    ...['sandbox:workspace-admins', 'sandbox:editors', 'sandbox:viewers'].map((group) =>
      binding('sandbox:look', group),
    ),
    binding('sandbox:edit', 'sandbox:editors'),
    ...namespaces.flatMap((namespace) => [
      binding('admin', 'sandbox:workspace-admins', namespace),
      binding('sandbox:edit', 'sandbox:workspace-admins', namespace),
    ]),
  ]
}

function role(name: string, rules: readonly unknown[]): KubeObject {
  return { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: { name }, rules }
}

function binding(to: string, group: string, namespace?: string): KubeObject {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `${group}-${to}`, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: to },
    subjects: [{ apiGroup: GROUP, kind: 'Group', name: group }],
  }
}
