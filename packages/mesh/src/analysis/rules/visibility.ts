import type { KindId } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import { fields, texts } from '../read.ts'

const EXPORTING: readonly KindId[] = ['VirtualService', 'DestinationRule', 'ServiceEntry']
const CONFIGURATION: readonly KindId[] = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'Telemetry',
  'EnvoyFilter',
]

const exports: Rule = {
  name: 'namespaces that something is exported to exist',
  reads: ['VirtualService', 'DestinationRule', 'ServiceEntry', 'Namespace'],
  *run(world) {
    if (!world.sees('Namespace')) return
    const known = new Set(world.everywhere('Namespace').map(({ object }) => object.metadata.name))
    for (const kind of EXPORTING) {
      for (const object of world.all(kind)) {
        for (const [at, namespace] of texts(fields(object.spec)['exportTo']).entries()) {
          if (!['*', '.', '~'].includes(namespace) && !known.has(namespace))
            yield { object, kind, code: 'MD0001', path: `spec.exportTo[${at}]`, values: { namespace } }
        }
      }
    }
  },
}

const unread: Rule = {
  name: 'configuration stands where istiod reads it',
  reads: CONFIGURATION,
  *run(world) {
    for (const { cluster, objects, ownControlPlane } of world.input.members) {
      if (ownControlPlane === true) continue
      for (const kind of CONFIGURATION) {
        for (const object of objects.get(kind) ?? [])
          yield { object, kind, code: 'MD0002', values: { member: cluster, cluster: world.cluster } }
      }
    }
  },
}

export const visibilityRules: readonly Rule[] = [exports, unread]
