import { column, defineKind } from '../kind-definition.ts'

export const peerAuthentication = defineKind({
  id: 'PeerAuthentication',
  kind: 'PeerAuthentication',
  group: 'security.istio.io',
  version: 'v1',
  plural: 'peerauthentications',
  path: 'peer-authentications',
  namespaced: true,
  category: 'security',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'peer-authentication',
  columns: [column.text('mode', 'spec.mtls.mode'), column.map('selector', 'spec.selector.matchLabels')],
})
