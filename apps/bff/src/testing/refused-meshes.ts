import type { Mesh } from '@meshdeck/kube'
import { meshRecord } from './bff.ts'

type Spec = Mesh['spec']

const CONTROL_PLANE = { cluster: 'east-1', version: '1.30.3' }
const made = (spec: object): Mesh =>
  meshRecord('shop', ['east-1'], { mode: 'Dedicated', controlPlane: CONTROL_PLANE, ...spec } as Partial<Spec>)
const withTraffic = (traffic: object): Mesh => made({ traffic })
const locality = (setting: object): Mesh => withTraffic({ locality: setting })
const share = (to: object, from = 'east'): Mesh => locality({ distribute: [{ from, to }] })

const placed = (controlPlane: object): Mesh => made({ controlPlane: { ...CONTROL_PLANE, ...controlPlane } })
const named = (name: string): Mesh => ({ ...made({}), metadata: { name } })
const managed = (members: unknown): Mesh => made({ mode: 'Managed', members })

const REFUSED_BASICS: readonly (readonly [field: string, words: string, mesh: Mesh])[] = [
  ['metadata.name', 'should match', named('shop.one')],
  ['metadata.name', '63', named('a'.repeat(64))],
  ['spec.controlPlane.cluster', 'should match', placed({ cluster: 'East_1' })],
  ['spec.controlPlane.cluster', 'should match', placed({ cluster: '../hub' })],
  ['spec', 'must be exact', placed({ version: 'v1.30-latest' })],
  ['spec', 'must be exact', placed({ version: 'newest' })],
  ['spec.controlPlane.namespace', 'should match', placed({ namespace: 'Istio_System' })],
  ['spec.controlPlane.revision', 'should match', placed({ revision: 'v1.30' })],
  ['spec.controlPlane.platform', 'Unsupported value', placed({ platform: 'Other' })],
  ['spec.controlPlane.hub', 'should match', placed({ hub: 'https://registry.example/istio' })],
  ['spec.controlPlane.charts', 'should match', placed({ charts: '/etc' })],
  ['spec.controlPlane.charts', 'should match', placed({ charts: 'http://charts.example' })],
  ['spec.controlPlane.size', 'Unsupported value', placed({ size: 'S1P1' })],
  ['spec.controlPlane.access.address', 'should match', placed({ access: { address: 'http://a:15012' } })],
  ['spec.controlPlane.resources.requests.cpu', 'should match', placed({ resources: { requests: { cpu: 'lots' } } })],
  ['spec.controlPlane.resources.limits.memory', 'should match', placed({ resources: { limits: { memory: '-1Gi' } } })],
  ['spec.dataPlane.logLevel', 'Unsupported value', made({ dataPlane: { logLevel: 'loud' } })],
  ['spec.tracing.service', 'should match', made({ tracing: { enabled: true, service: 'http://c:4317' } })],
  ['spec.tracing.sampling', '100', made({ tracing: { enabled: true, sampling: 101 } })],
  ['spec.tracing.port', '65535', made({ tracing: { enabled: true, port: 70_000 } })],
  ['spec.values', 'object', made({ values: ['global'] })],
  ['spec.values', 'object', made({ values: 'global: {}' })],
  ['spec.members[0].cluster', 'should match', managed([{ cluster: 'West_1' }])],
  ['spec.members[0].network', 'should match', managed([{ cluster: 'west-1', network: 'green field' }])],
  ['spec.members[0].apiServer', 'should match', managed([{ cluster: 'west-1', apiServer: 'http://10.0.0.1' }])],
  ['spec.members[0].values', 'object', managed([{ cluster: 'west-1', values: 1 }])],
  ['spec.members[1]', 'Duplicate', managed([{ cluster: 'west-1' }, { cluster: 'west-1' }])],
]

/** Records that the hub's schema refuses: the field that it names, and what it says. */
export const REFUSED_MESHES: readonly (readonly [field: string, words: string, mesh: Mesh])[] = [
  [
    'spec.traffic.locality',
    'either distribute or failover',
    locality({ distribute: [{ from: 'east', to: { east: 100 } }], failover: [{ from: 'east', to: 'west' }] }),
  ],
  ['spec.traffic.locality.distribute[0].to', 'must add up to 100', share({ east: 80, west: 10 })],
  ['spec.traffic.locality.distribute[0].to.west', 'greater than or equal to 1', share({ east: 100, west: 0 })],
  ['spec.traffic.locality.distribute[0].to.east', 'integer', share({ east: 'all' })],
  ['spec.traffic.locality.distribute[0].from', 'should match', share({ east: 100 }, 'east/*/a')],
  [
    'spec.traffic.locality.failover[0]',
    'cannot take over from itself',
    locality({ failover: [{ from: 'a', to: 'a' }] }),
  ],
  ['spec.traffic.locality.failover[0].to', 'should match', locality({ failover: [{ from: 'a', to: 'b/c' }] })],
  ['spec.traffic.locality.enabled', 'boolean', locality({ enabled: 'yes' })],
  ...REFUSED_BASICS,
  ['spec.traffic.outlierDetection.interval', 'should match', withTraffic({ outlierDetection: { interval: 'often' } })],
]

/** Records that it takes. */
export const TAKEN_MESHES: readonly Mesh[] = [
  made({}),
  placed({ version: 'v1.31.0-rc.0', namespace: '', hub: 'registry.example:5000/istio/release' }),
  made({ mode: 'External', controlPlane: { cluster: 'east-1', version: 'unknown' } }),
  locality({ enabled: false, unheardOf: { kept: true } }),
  locality({
    distribute: [
      { from: 'east/*', to: { 'east/*': 80, 'west/a/1': 20 } },
      { from: '*', to: { east: 100 } },
    ],
  }),
  withTraffic({
    locality: { failover: [{ from: 'east', to: 'west' }] },
    outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '1.5m', maxEjectionPercent: 100 },
  }),
]
