import { column, defineKind } from '../kind-definition.ts'

export const istio = defineKind({
  id: 'Istio',
  kind: 'Istio',
  group: 'sailoperator.io',
  version: 'v1',
  plural: 'istios',
  path: 'istios',
  namespaced: false,
  category: 'sail',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('version', 'spec.version'), column.text('state', 'status.state')],
})
