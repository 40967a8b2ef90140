import { column, defineKind } from '../kind-definition.ts'

export const mesh = defineKind({
  id: 'Mesh',
  kind: 'Mesh',
  group: 'meshdeck.io',
  version: 'v1alpha1',
  plural: 'meshes',
  path: 'meshes',
  namespaced: false,
  category: 'meshdeck',
  access: 'full',
  home: 'hub',
  watched: true,
  columns: [column.text('mode', 'spec.mode'), column.text('phase', 'status.phase')],
})
