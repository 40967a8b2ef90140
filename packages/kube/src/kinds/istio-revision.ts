import { column, defineKind } from '../kind-definition.ts'

export const istioRevision = defineKind({
  id: 'IstioRevision',
  kind: 'IstioRevision',
  group: 'sailoperator.io',
  version: 'v1',
  plural: 'istiorevisions',
  path: 'istio-revisions',
  namespaced: false,
  category: 'sail',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('version', 'spec.version'), column.text('state', 'status.state')],
})
