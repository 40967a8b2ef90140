import { column, defineKind, has } from '../kind-definition.ts'

/** A part of the traffic policy: of all of the host, of a port, of a subset, or of a subset's port. */
const policy = (part: string) =>
  has(
    `spec.trafficPolicy.${part}`,
    `spec.trafficPolicy.portLevelSettings.*.${part}`,
    `spec.subsets.*.trafficPolicy.${part}`,
    `spec.subsets.*.trafficPolicy.portLevelSettings.*.${part}`,
  )

export const destinationRule = defineKind({
  id: 'DestinationRule',
  kind: 'DestinationRule',
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'destinationrules',
  path: 'destination-rules',
  namespaced: true,
  category: 'traffic',
  access: 'full',
  home: 'cluster',
  watched: true,
  form: 'destination-rule',
  columns: [column.text('host', 'spec.host'), column.names('subsets', 'spec.subsets')],
  traits: {
    subsets: has('spec.subsets'),
    loadBalancer: policy('loadBalancer'),
    localityLb: policy('loadBalancer.localityLbSetting'),
    httpPool: policy('connectionPool.http'),
    tcpPool: policy('connectionPool.tcp'),
    clientTls: policy('tls'),
    outlierDetection: policy('outlierDetection'),
  },
})
