import { column, defineKind } from '../kind-definition.ts'

export const endpointSlice = defineKind({
  id: 'EndpointSlice',
  kind: 'EndpointSlice',
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  path: 'endpoint-slices',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: true,
  columns: [column.text('addressType', 'addressType')],
})
