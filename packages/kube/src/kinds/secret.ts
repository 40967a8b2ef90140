import { column, defineKind } from '../kind-definition.ts'

export const secret = defineKind({
  id: 'Secret',
  kind: 'Secret',
  group: '',
  version: 'v1',
  plural: 'secrets',
  path: 'secrets',
  namespaced: true,
  category: 'core',
  access: 'metadata',
  home: 'cluster',
  watched: false,
  columns: [column.text('type', 'type')],
})
