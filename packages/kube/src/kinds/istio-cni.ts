import { column, defineKind } from '../kind-definition.ts'

export const istioCni = defineKind({
  id: 'IstioCNI',
  kind: 'IstioCNI',
  group: 'sailoperator.io',
  version: 'v1',
  plural: 'istiocnis',
  path: 'istio-cnis',
  namespaced: false,
  category: 'sail',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('version', 'spec.version'), column.text('state', 'status.state')],
})
