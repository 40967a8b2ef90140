import type { KindId, KubeResource } from '@meshdeck/kube'
import { createWorld, type AnalysisInput, type World } from '../analysis/world.ts'
import { credentialReferences } from '../tls/credential-references.ts'
import { k8sGatewayTargets, routeTargets } from './gateway-api-references.ts'
import { createFinder, type Finder } from './named-objects.ts'
import { POLICY_KINDS, policyTargets } from './policy-references.ts'
import { asReferred, referenceKey, type Reference, type ReferredObject, type Target } from './reference.ts'
import {
  destinationRuleTargets,
  gatewayTargets,
  serviceEntryTargets,
  serviceTargets,
  sidecarTargets,
  virtualServiceTargets,
  workloadEntryTargets,
} from './traffic-references.ts'

/** Kinds that must be read to know who refers to what. */
export const REFERENCE_KINDS: readonly KindId[] = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'WorkloadEntry',
  'WorkloadGroup',
  'Sidecar',
  ...POLICY_KINDS,
  'HTTPRoute',
  'GRPCRoute',
  'K8sGateway',
  'GatewayClass',
  'ReferenceGrant',
  'Service',
  'ServiceAccount',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
]

/** All references within the configuration of one istiod, to be asked in both directions. */
export interface References {
  /** What an object names or selects. */
  uses(object: ReferredObject): readonly Reference[]
  /** Who names or selects it. */
  usedBy(object: ReferredObject): readonly Reference[]
}

/**
 * Finds who refers to whom: what a deletion would break, what an object rests on, and what is in force on a service. Only
 * references to what is there count; those to nothing are findings.
 */
export function findReferences(input: AnalysisInput): References {
  const world = createWorld(input)
  const find = createFinder(world)
  const all = [
    ...TARGETS.flatMap(([kind, targetsOf]) =>
      world.all(kind).flatMap((object) => {
        const from = asReferred(world.cluster, kind, object)
        return targetsOf(world, find, object).map((target): Reference => ({ from, ...target }))
      }),
    ),
    // Services of every cluster are the mesh's, though only one cluster configures it.
    ...world.everywhere('Service').flatMap(({ cluster, object }) => {
      const from = asReferred(cluster, 'Service', object)
      return serviceTargets(world, object)
        .filter(({ to }) => to.cluster === cluster || to.kind === 'WorkloadEntry' || to.kind === 'WorkloadGroup')
        .map((target): Reference => ({ from, ...target }))
    }),
    ...credentialReferences(input).flatMap(({ clusters, namespace, name, by }) => {
      const { path, ...from } = by
      return clusters.map((cluster): Reference => {
        return { from, to: { cluster, kind: 'Secret', namespace, name }, path, part: 'object' }
      })
    }),
  ].filter(({ from, to }) => referenceKey(from) !== referenceKey(to))
  const byFrom = Map.groupBy(all, ({ from }) => referenceKey(from))
  const byTo = Map.groupBy(all, ({ to }) => referenceKey(to))
  return {
    uses: (object) => byFrom.get(referenceKey(object)) ?? [],
    usedBy: (object) => byTo.get(referenceKey(object)) ?? [],
  }
}

const TARGETS: readonly (readonly [KindId, (world: World, find: Finder, object: KubeResource) => Target[]])[] = [
  ['VirtualService', (_world, find, object) => virtualServiceTargets(find, object)],
  ['DestinationRule', destinationRuleTargets],
  ['Gateway', (world, _find, object) => gatewayTargets(world, object)],
  ['ServiceEntry', (world, _find, object) => serviceEntryTargets(world, object)],
  ['WorkloadEntry', (_world, find, object) => workloadEntryTargets(find, object)],
  ['Sidecar', sidecarTargets],
  ...POLICY_KINDS.map(
    (kind) =>
      [kind, (world: World, find: Finder, object: KubeResource) => policyTargets(world, find, kind, object)] as const,
  ),
  ...(['HTTPRoute', 'GRPCRoute'] as const).map(
    (kind) =>
      [kind, (world: World, find: Finder, object: KubeResource) => routeTargets(world, find, kind, object)] as const,
  ),
  ['K8sGateway', k8sGatewayTargets],
]
