import { KUBERNETES_VERSION } from '../discovery/discovery.ts'
import { sailOperatorObjects } from '../sail/operator-objects.ts'
import { gatewayApiCrds } from '../schema/builtin-data.ts'
import type { Fleet } from './fleet.ts'
import { nodeObjects } from './nodes.ts'
import { PEOPLE, rightsOfPeople } from './people.ts'

const CLUSTERS = [
  ['hub', 'east'],
  ['east-1', 'east'],
  ['west-1', 'west'],
] as const

/** Clusters with nodes and nothing else, to begin from. */
export function emptyFleet(): Fleet {
  return {
    name: 'empty',
    hub: 'hub',
    people: PEOPLE,
    clusters: CLUSTERS.map(([name, region]) => ({
      name,
      version: KUBERNETES_VERSION,
      objects: [
        ...nodeObjects(name, region, 3, KUBERNETES_VERSION),
        ...rightsOfPeople([]),
        // Meshes are created where the operator is; the hub keeps the records alone.
        ...(name === 'hub' ? [] : [...gatewayApiCrds(), ...sailOperatorObjects()]),
      ],
    })),
  }
}
