import { column, defineKind } from '../kind-definition.ts'

export const lease = defineKind({
  id: 'Lease',
  kind: 'Lease',
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  path: 'leases',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [column.text('holder', 'spec.holderIdentity')],
})
