import { column, defineKind } from '../kind-definition.ts'

export const pod = defineKind({
  id: 'Pod',
  kind: 'Pod',
  group: '',
  version: 'v1',
  plural: 'pods',
  path: 'pods',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: true,
  columns: [column.text('phase', 'status.phase'), column.text('node', 'spec.nodeName')],
})
