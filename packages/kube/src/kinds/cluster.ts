import { column, defineKind } from '../kind-definition.ts'

export const cluster = defineKind({
  id: 'Cluster',
  kind: 'Cluster',
  group: 'meshdeck.io',
  version: 'v1alpha1',
  plural: 'clusters',
  path: 'clusters',
  namespaced: false,
  category: 'meshdeck',
  access: 'full',
  home: 'hub',
  watched: true,
  columns: [column.text('version', 'status.version')],
})
