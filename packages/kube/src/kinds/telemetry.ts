import { column, defineKind } from '../kind-definition.ts'

export const telemetry = defineKind({
  id: 'Telemetry',
  kind: 'Telemetry',
  group: 'telemetry.istio.io',
  version: 'v1',
  plural: 'telemetries',
  path: 'telemetries',
  namespaced: true,
  category: 'extensions',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'telemetry',
  columns: [column.map('selector', 'spec.selector.matchLabels')],
})
