import { column, defineKind } from '../kind-definition.ts'

export const serviceLevel = defineKind({
  id: 'ServiceLevel',
  kind: 'ServiceLevel',
  group: 'meshdeck.io',
  version: 'v1alpha1',
  plural: 'servicelevels',
  path: 'service-levels',
  namespaced: false,
  category: 'meshdeck',
  access: 'full',
  home: 'hub',
  watched: true,
  form: 'service-level',
  columns: [column.text('mesh', 'spec.mesh'), column.text('name', 'spec.service.name')],
})
