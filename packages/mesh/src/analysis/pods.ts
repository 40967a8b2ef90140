import type { KubeResource, Pod } from '@meshdeck/kube'
import { isGatewayWorkload } from '../istio/gateways.ts'
import { labelsIn } from './read.ts'
import type { World } from './world.ts'

/** Something with labels in some cluster. */
export interface Placed<T extends KubeResource = KubeResource> {
  cluster: string
  object: T
}

interface Shelf<T extends KubeResource> {
  all: Placed<T>[]
  byLabel: Map<string, Placed<T>[]> | undefined
}

/** Objects of one namespace (of all clusters) found by their labels. */
interface LabelIndex<T extends KubeResource> {
  in(namespace: string): readonly Placed<T>[]
  select(namespace: string, labels: Readonly<Record<string, string>>): readonly Placed<T>[]
}

function indexByLabels<T extends KubeResource>(
  objects: readonly Placed<T>[],
  labelsOf: (object: T) => Readonly<Record<string, string>>,
): LabelIndex<T> {
  const shelves = new Map<string, Shelf<T>>()
  for (const placed of objects) {
    const namespace = placed.object.metadata.namespace ?? ''
    const shelf = shelves.get(namespace)
    if (shelf) shelf.all.push(placed)
    else shelves.set(namespace, { all: [placed], byLabel: undefined })
  }
  const labelled = (shelf: Shelf<T>): Map<string, Placed<T>[]> => {
    if (shelf.byLabel !== undefined) return shelf.byLabel
    const made = new Map<string, Placed<T>[]>()
    for (const placed of shelf.all) {
      for (const [key, value] of Object.entries(labelsOf(placed.object))) {
        const found = made.get(`${key}=${value}`)
        if (found) found.push(placed)
        else made.set(`${key}=${value}`, [placed])
      }
    }
    shelf.byLabel = made
    return made
  }
  return {
    in: (namespace) => shelves.get(namespace)?.all ?? [],
    select: (namespace, labels) => {
      const shelf = shelves.get(namespace)
      if (shelf === undefined) return []
      const wanted = Object.entries(labels)
      if (wanted.length === 0) return shelf.all
      const index = labelled(shelf)
      const lists = wanted.map(([key, value]) => index.get(`${key}=${value}`) ?? [])
      const [shortest = []] = lists.toSorted((a, b) => a.length - b.length)
      return wanted.length === 1
        ? shortest
        : shortest.filter(({ object }) => {
            const own = labelsOf(object)
            return wanted.every(([key, value]) => own[key] === value)
          })
    },
  }
}

const ENDED = ['Succeeded', 'Failed']

/** Pods that run or want to, by namespace and labels. */
export function podsOf(world: World): LabelIndex<Pod> {
  return world.derive('pods', ['Pod'], () =>
    indexByLabels(
      // The boundary: objects of a kind, by the API server's promise.
      (world.everywhere('Pod') as readonly Placed<Pod>[]).filter(
        ({ object }) => !ENDED.includes(object.status?.phase ?? ''),
      ),
      ({ metadata }) => metadata.labels ?? {},
    ),
  )
}

export type Templated = KubeResource & {
  spec: { template: { metadata?: { labels?: unknown; annotations?: unknown } } }
}

export const templateLabels = (object: Templated): Record<string, string> =>
  labelsIn(object.spec.template.metadata?.labels)

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const
export type WorkloadKind = (typeof WORKLOADS)[number]

/** Workloads by namespace and the labels of their pod templates. */
export function workloadsOf(world: World): LabelIndex<Templated & { kind: WorkloadKind }> {
  return world.derive('workloads', WORKLOADS, () =>
    indexByLabels(
      WORKLOADS.flatMap((kind) =>
        // The boundary: a workload without a pod template is refused by every API server.
        (world.everywhere(kind) as readonly Placed<Templated>[]).map(({ cluster, object }) => ({
          cluster,
          object: { ...object, kind },
        })),
      ),
      templateLabels,
    ),
  )
}

/** Pods that a gateway's selector means: in its own namespace and in all others, as istiod does it. */
export function gatewayPods(world: World, selector: Readonly<Record<string, string>>): readonly Placed<Pod>[] {
  const wanted = Object.entries(selector)
  return gatewayLikePods(world).filter(({ object: { metadata } }) =>
    wanted.every(([key, value]) => metadata.labels?.[key] === value),
  )
}

/** Any pod could be selected; those that do not look like a gateway are only looked at when none of those fits. */
function gatewayLikePods(world: World): readonly Placed<Pod>[] {
  return world.derive('gateway-pods', ['Pod'], () =>
    (world.everywhere('Pod') as readonly Placed<Pod>[]).filter(({ object: { metadata } }) =>
      isGatewayWorkload(metadata.labels, metadata.annotations),
    ),
  )
}
