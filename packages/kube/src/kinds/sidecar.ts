import { column, defineKind } from '../kind-definition.ts'

export const sidecar = defineKind({
  id: 'Sidecar',
  kind: 'Sidecar',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'sidecars',
  path: 'sidecars',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'sidecar',
  columns: [column.map('selector', 'spec.workloadSelector.labels')],
})
