import { column, defineKind } from '../kind-definition.ts'

export const deployment = defineKind({
  id: 'Deployment',
  kind: 'Deployment',
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  path: 'deployments',
  namespaced: true,
  category: 'core',
  access: 'full',
  home: 'cluster',
  watched: true,
  workload: true,
  columns: [column.text('replicas', 'spec.replicas'), column.text('ready', 'status.readyReplicas')],
})
