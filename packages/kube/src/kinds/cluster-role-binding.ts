import { defineKind } from '../kind-definition.ts'

export const clusterRoleBinding = defineKind({
  id: 'ClusterRoleBinding',
  kind: 'ClusterRoleBinding',
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterrolebindings',
  path: 'cluster-role-bindings',
  namespaced: false,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [],
})
