import { column, defineKind } from '../kind-definition.ts'

export const istioRevisionTag = defineKind({
  id: 'IstioRevisionTag',
  kind: 'IstioRevisionTag',
  group: 'sailoperator.io',
  version: 'v1',
  plural: 'istiorevisiontags',
  path: 'istio-revision-tags',
  namespaced: false,
  category: 'sail',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('target', 'spec.targetRef.name'), column.text('state', 'status.state')],
})
