import { column, defineKind } from '../kind-definition.ts'

export const envoyFilter = defineKind({
  id: 'EnvoyFilter',
  kind: 'EnvoyFilter',
  group: 'networking.istio.io',
  version: 'v1alpha3',
  plural: 'envoyfilters',
  path: 'envoy-filters',
  namespaced: true,
  category: 'extensions',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.map('selector', 'spec.workloadSelector.labels')],
})
