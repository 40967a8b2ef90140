import { column, defineKind } from '../kind-definition.ts'

export const restart = defineKind({
  id: 'Restart',
  kind: 'Restart',
  group: 'meshdeck.io',
  version: 'v1alpha1',
  plural: 'restarts',
  path: 'restarts',
  namespaced: false,
  shortNames: [],
  category: 'meshdeck',
  access: 'full',
  home: 'hub',
  watched: true,
  columns: [column.text('mesh', 'spec.mesh'), column.text('phase', 'status.phase')],
})
