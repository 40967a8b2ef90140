import { column, defineKind } from '../kind-definition.ts'

export const workloadGroup = defineKind({
  id: 'WorkloadGroup',
  kind: 'WorkloadGroup',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'workloadgroups',
  path: 'workload-groups',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('serviceAccount', 'spec.template.serviceAccount')],
})
