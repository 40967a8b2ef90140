import { column, defineKind } from '../kind-definition.ts'

export const replicaSet = defineKind({
  id: 'ReplicaSet',
  kind: 'ReplicaSet',
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  path: 'replica-sets',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: true,
  columns: [column.text('replicas', 'spec.replicas')],
})
