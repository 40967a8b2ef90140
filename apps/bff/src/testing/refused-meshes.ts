import type { Mesh } from '@meshdeck/kube'
import { meshRecord } from './bff.ts'

type Spec = Mesh['spec']

const CONTROL_PLANE = { cluster: 'east-1', version: '1.30.3' }
const made = (spec: object): Mesh =>
  meshRecord('shop', ['east-1'], { mode: 'Dedicated', controlPlane: CONTROL_PLANE, ...spec } as Partial<Spec>)
const withTraffic = (traffic: object): Mesh => made({ traffic })
const locality = (setting: object): Mesh => withTraffic({ locality: setting })
const share = (to: object, from = 'east'): Mesh => locality({ distribute: [{ from, to }] })

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
  ['spec.traffic.outlierDetection.interval', 'should match', withTraffic({ outlierDetection: { interval: 'often' } })],
]

/** Records that it takes. */
export const TAKEN_MESHES: readonly Mesh[] = [
  made({}),
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
