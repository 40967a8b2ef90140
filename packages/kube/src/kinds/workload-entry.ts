import { column, defineKind } from '../kind-definition.ts'

export const workloadEntry = defineKind({
  id: 'WorkloadEntry',
  kind: 'WorkloadEntry',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'workloadentries',
  path: 'workload-entries',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('address', 'spec.address'), column.text('serviceAccount', 'spec.serviceAccount')],
})
