import { column, defineKind } from '../kind-definition.ts'

export const event = defineKind({
  id: 'Event',
  kind: 'Event',
  group: '',
  version: 'v1',
  plural: 'events',
  path: 'events',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [column.text('reason', 'reason'), column.text('message', 'message')],
})
