import { column, defineKind } from '../kind-definition.ts'

export const node = defineKind({
  id: 'Node',
  kind: 'Node',
  group: '',
  version: 'v1',
  plural: 'nodes',
  path: 'nodes',
  namespaced: false,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: true,
  columns: [column.text('version', 'status.nodeInfo.kubeletVersion')],
})
