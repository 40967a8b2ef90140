import { column, defineKind } from '../kind-definition.ts'

export const podDisruptionBudget = defineKind({
  id: 'PodDisruptionBudget',
  kind: 'PodDisruptionBudget',
  group: 'policy',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  path: 'pod-disruption-budgets',
  namespaced: true,
  category: 'core',
  access: 'read',
  home: 'cluster',
  watched: false,
  columns: [column.text('allowed', 'status.disruptionsAllowed')],
})
