import { column, defineKind } from '../kind-definition.ts'

export const destinationRule = defineKind({
  id: 'DestinationRule',
  kind: 'DestinationRule',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'destinationrules',
  path: 'destination-rules',
  namespaced: true,
  shortNames: ['dr'],
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'destination-rule',
  columns: [column.text('host', 'spec.host'), column.names('subsets', 'spec.subsets')],
})
