import { column, defineKind } from '../kind-definition.ts'

export const statefulSet = defineKind({
  id: 'StatefulSet',
  kind: 'StatefulSet',
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  path: 'stateful-sets',
  namespaced: true,
  category: 'core',
  access: 'full',
  home: 'cluster',
  watched: true,
  workload: true,
  columns: [column.text('replicas', 'spec.replicas'), column.text('ready', 'status.readyReplicas')],
})
