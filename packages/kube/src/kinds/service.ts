import { column, defineKind } from '../kind-definition.ts'

export const service = defineKind({
  id: 'Service',
  kind: 'Service',
  group: '',
  version: 'v1',
  plural: 'services',
  path: 'services',
  namespaced: true,
  category: 'core',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('type', 'spec.type'), column.text('clusterIP', 'spec.clusterIP')],
})
