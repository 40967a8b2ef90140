import { column, defineKind } from '../kind-definition.ts'

export const ztunnel = defineKind({
  id: 'ZTunnel',
  kind: 'ZTunnel',
  group: 'sailoperator.io',
  version: 'v1',
  plural: 'ztunnels',
  path: 'ztunnels',
  namespaced: false,
  category: 'sail',
  access: 'full',
  home: 'cluster',
  watched: true,
  columns: [column.text('version', 'spec.version'), column.text('state', 'status.state')],
})
