import { column, defineKind } from '../kind-definition.ts'

export const grpcRoute = defineKind({
  id: 'GRPCRoute',
  kind: 'GRPCRoute',
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'grpcroutes',
  path: 'grpc-routes',
  namespaced: true,
  category: 'gateway-api',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.list('hosts', 'spec.hostnames'), column.names('parents', 'spec.parentRefs')],
})
