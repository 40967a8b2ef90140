import { column, defineKind } from '../kind-definition.ts'

export const k8sGateway = defineKind({
  id: 'K8sGateway',
  kind: 'Gateway',
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'gateways',
  path: 'k8s-gateways',
  namespaced: true,
  category: 'gateway-api',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'k8s-gateway',
  columns: [column.text('class', 'spec.gatewayClassName'), column.list('addresses', 'status.addresses.*.value')],
})
