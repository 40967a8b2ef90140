import { readPath } from '../field-path.ts'
import { column, defineKind, has } from '../kind-definition.ts'

/** Names of gateways, `mesh` where none is named. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService */
const gatewaysOf = (object: unknown): unknown[] => {
  const gateways = readPath(object, 'spec.gateways')
  return Array.isArray(gateways) && gateways.length > 0 ? gateways : ['mesh']
}

export const virtualService = defineKind({
  id: 'VirtualService',
  kind: 'VirtualService',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'virtualservices',
  path: 'virtual-services',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'virtual-service',
  columns: [column.list('hosts', 'spec.hosts'), column.list('gateways', 'spec.gateways')],
  traits: {
    mesh: (object) => gatewaysOf(object).includes('mesh'),
    gateway: (object) => gatewaysOf(object).some((name) => name !== 'mesh'),
    httpRoute: has('spec.http'),
    tcpRoute: has('spec.tcp'),
    tlsRoute: has('spec.tls'),
    rewrite: has('spec.http.*.rewrite'),
    redirect: has('spec.http.*.redirect'),
    retries: has('spec.http.*.retries'),
    timeout: has('spec.http.*.timeout'),
    fault: has('spec.http.*.fault'),
    delegate: has('spec.http.*.delegate'),
    mirror: has('spec.http.*.mirror', 'spec.http.*.mirrors'),
  },
})
