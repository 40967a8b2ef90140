import { column, defineKind } from '../kind-definition.ts'

export const customResourceDefinition = defineKind({
  id: 'CustomResourceDefinition',
  kind: 'CustomResourceDefinition',
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  path: 'custom-resource-definitions',
  namespaced: false,
  shortNames: ['crd'],
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [column.text('group', 'spec.group'), column.text('scope', 'spec.scope')],
})
