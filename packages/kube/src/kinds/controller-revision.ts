import { column, defineKind } from '../kind-definition.ts'

export const controllerRevision = defineKind({
  id: 'ControllerRevision',
  kind: 'ControllerRevision',
  group: 'apps',
  version: 'v1',
  plural: 'controllerrevisions',
  path: 'controller-revisions',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [column.text('revision', 'revision')],
})
