import { column, defineKind } from '../kind-definition.ts'

export const namespace = defineKind({
  id: 'Namespace',
  kind: 'Namespace',
  group: '',
  version: 'v1',
  plural: 'namespaces',
  path: 'namespaces',
  namespaced: false,
  category: 'core',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('phase', 'status.phase')],
})
