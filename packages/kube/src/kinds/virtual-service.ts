import { column, defineKind } from '../kind-definition.ts'

export const virtualService = defineKind({
  id: 'VirtualService',
  kind: 'VirtualService',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'virtualservices',
  path: 'virtual-services',
  namespaced: true,
  shortNames: ['vs'],
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'virtual-service',
  columns: [column.list('hosts', 'spec.hosts'), column.list('gateways', 'spec.gateways')],
})
