import { column, defineKind } from '../kind-definition.ts'

export const authorizationPolicy = defineKind({
  id: 'AuthorizationPolicy',
  kind: 'AuthorizationPolicy',
  group: 'security.istio.io',
  version: 'v1',
  plural: 'authorizationpolicies',
  path: 'authorization-policies',
  namespaced: true,
  category: 'security',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'authorization-policy',
  columns: [column.text('action', 'spec.action'), column.map('selector', 'spec.selector.matchLabels')],
})
