import { column, defineKind } from '../kind-definition.ts'

export const httpRoute = defineKind({
  id: 'HTTPRoute',
  kind: 'HTTPRoute',
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'httproutes',
  path: 'http-routes',
  namespaced: true,
  category: 'gateway-api',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'http-route',
  columns: [column.list('hosts', 'spec.hostnames'), column.names('parents', 'spec.parentRefs')],
})
