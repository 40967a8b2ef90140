import { column, defineKind } from '../kind-definition.ts'

export const proxyConfig = defineKind({
  id: 'ProxyConfig',
  kind: 'ProxyConfig',
  group: 'networking.istio.io',
  version: 'v1beta1',
  plural: 'proxyconfigs',
  path: 'proxy-configs',
  namespaced: true,
  category: 'extensions',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.map('selector', 'spec.selector.matchLabels')],
})
