import { column, defineKind } from '../kind-definition.ts'

export const serviceEntry = defineKind({
  id: 'ServiceEntry',
  kind: 'ServiceEntry',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'serviceentries',
  path: 'service-entries',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'service-entry',
  columns: [
    column.list('hosts', 'spec.hosts'),
    column.text('location', 'spec.location'),
    column.text('resolution', 'spec.resolution'),
  ],
})
