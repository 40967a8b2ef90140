import { column, defineKind } from '../kind-definition.ts'

export const gatewayClass = defineKind({
  id: 'GatewayClass',
  kind: 'GatewayClass',
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'gatewayclasses',
  path: 'gateway-classes',
  namespaced: false,
  category: 'gateway-api',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('controller', 'spec.controllerName')],
})
