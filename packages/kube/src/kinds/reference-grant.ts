import { column, defineKind } from '../kind-definition.ts'

export const referenceGrant = defineKind({
  id: 'ReferenceGrant',
  kind: 'ReferenceGrant',
  group: 'gateway.networking.k8s.io',
  version: 'v1beta1',
  plural: 'referencegrants',
  path: 'reference-grants',
  namespaced: true,
  category: 'gateway-api',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.list('from', 'spec.from.*.kind'), column.list('to', 'spec.to.*.kind')],
})
