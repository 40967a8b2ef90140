import { column, defineKind, has } from '../kind-definition.ts'

export const gateway = defineKind({
  id: 'Gateway',
  kind: 'Gateway',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'gateways',
  path: 'gateways',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'gateway',
  columns: [column.map('selector', 'spec.selector'), column.list('hosts', 'spec.servers.*.hosts')],
  traits: {
    tls: has('spec.servers.*.tls.mode'),
    httpsRedirect: has('spec.servers.*.tls.httpsRedirect'),
  },
})
