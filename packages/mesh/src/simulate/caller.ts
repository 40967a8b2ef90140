import type { KubeResource, Pod } from '@meshdeck/kube'
import { podsOf, workloadsOf, templateLabels, type Placed } from '../analysis/pods.ts'
import { fields, text } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import { isAmbient, isCurrent, isInjected } from '../injection/pods.ts'
import { workloadOf } from '../injection/workload-of.ts'

/** A place in the mesh with labels and an identity: who calls, or who is called. */
export interface Party {
  cluster: string
  namespace: string
  labels: Readonly<Record<string, string>>
  account: string
  /** Whether Istio's proxy runs beside it. */
  proxy: boolean
  /** Whether ztunnel carries its traffic. */
  ambient: boolean
  ip: string | undefined
}

export function partyOf({ cluster, object }: Placed<Pod>): Party {
  return {
    cluster,
    namespace: object.metadata.namespace ?? '',
    labels: object.metadata.labels ?? {},
    account: text(fields(object.spec)['serviceAccountName']) || 'default',
    proxy: isInjected(object),
    ambient: isAmbient(object),
    ip: text(fields(object.status)['podIP']) || undefined,
  }
}

/** The first running pod of a workload, or the pod of that name; a workload without pods has its template's labels. */
export function findCaller(world: World, namespace: string, name: string): Party | undefined {
  const pods = podsOf(world)
    .in(namespace)
    .filter(({ object }) => isCurrent(object))
  const own = pods.filter(({ object }) => object.metadata.name === name || workloadOf(object)?.name === name)
  const [found] = own.toSorted((a, b) => Number(isInjected(b.object)) - Number(isInjected(a.object)))
  if (found !== undefined) return partyOf(found)
  const workload = workloadsOf(world)
    .in(namespace)
    .find(({ object }) => object.metadata.name === name)
  if (workload === undefined) return undefined
  const spec = fields(workload.object.spec.template)['spec']
  return {
    cluster: workload.cluster,
    namespace,
    labels: templateLabels(workload.object),
    account: text(fields(spec)['serviceAccountName']) || 'default',
    proxy: false,
    ambient: false,
    ip: undefined,
  }
}

/** Whether labels have all that a selector asks for. */
export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

export const ownNamespace = (object: KubeResource): string => object.metadata.namespace ?? ''
