import { defineKind } from '../kind-definition.ts'

export const clusterRole = defineKind({
  id: 'ClusterRole',
  kind: 'ClusterRole',
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterroles',
  path: 'cluster-roles',
  namespaced: false,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [],
})
