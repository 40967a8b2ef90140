import { column, defineKind } from '../kind-definition.ts'

export const requestAuthentication = defineKind({
  id: 'RequestAuthentication',
  kind: 'RequestAuthentication',
  group: 'security.istio.io',
  version: 'v1',
  plural: 'requestauthentications',
  path: 'request-authentications',
  namespaced: true,
  category: 'security',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'request-authentication',
  columns: [column.list('issuers', 'spec.jwtRules.*.issuer'), column.map('selector', 'spec.selector.matchLabels')],
})
