import type { Pod } from '@meshdeck/kube'
import { podsOf, type Placed } from '../analysis/pods.ts'
import { entries, fields, items, number, text } from '../analysis/read.ts'
import type { RegistryHost } from '../analysis/registry.ts'
import type { World } from '../analysis/world.ts'
import { isCurrent } from '../injection/pods.ts'
import { partyOf, selects, type Party } from './caller.ts'

/** Pods of one kind behind a destination: alike in labels and in having a proxy. */
export interface EndpointGroup {
  party: Party
  /** The port that it listens on; undefined when a name of a port hides it. */
  port: number | undefined
  pods: readonly string[]
}

export interface Endpoints {
  groups: readonly EndpointGroup[]
  ready: number
  unready: number
  clusters: readonly string[]
  /** Addresses that stand in a service entry or are found by DNS; undefined when pods are meant. */
  external: readonly string[] | undefined
}

/** What is behind a host, or behind a subset of it. */
export function endpointsOf(
  world: World,
  known: readonly RegistryHost[],
  labels: Readonly<Record<string, string>>,
  port: number,
): Endpoints {
  const withPods = known.filter(({ selector }) => selector !== undefined)
  const placed = withPods.flatMap((host) => podsBehind(world, host, labels).map((pod) => ({ pod, host })))
  const current = placed.filter(({ pod }) => isCurrent(pod.object))
  const ready = current.filter(({ pod }) => isReady(pod.object))
  const groups = new Map<string, EndpointGroup>()
  for (const { pod, host } of ready) {
    const party = partyOf(pod)
    const target = targetPort(host, port, pod.object)
    const { 'pod-template-hash': _hash, ...own } = party.labels
    const key = JSON.stringify([own, party.proxy, party.account, target])
    const found = groups.get(key)
    groups.set(key, { party, port: target, pods: [...(found?.pods ?? []), pod.object.metadata.name] })
  }
  return {
    groups: [...groups.values()],
    ready: ready.length,
    unready: current.length - ready.length,
    clusters: [...new Set(ready.map(({ pod }) => pod.cluster))].toSorted(),
    external: withPods.length > 0 || known.length === 0 ? undefined : addressesOf(known, labels),
  }
}

/** A service selects pods of its own cluster; all services of one name are one host of the mesh. */
function podsBehind(
  world: World,
  host: RegistryHost,
  labels: Readonly<Record<string, string>>,
): readonly Placed<Pod>[] {
  return podsOf(world)
    .select(host.namespace, { ...host.selector })
    .filter(({ cluster, object }) => cluster === host.cluster && selects(labels, object.metadata.labels ?? {}))
}

/** A pod whose readiness nobody has written down counts when it runs. */
function isReady(pod: Pod): boolean {
  const ready = entries(fields(pod.status)['conditions']).find(({ value }) => value['type'] === 'Ready')
  return ready === undefined ? pod.status?.phase === 'Running' : ready.value['status'] === 'True'
}

function targetPort(host: RegistryHost, port: number, pod: Pod): number | undefined {
  const found = host.ports.find((each) => each.number === port)
  const target = found?.targetPort ?? port
  if (typeof target === 'number') return target
  const named = items(fields(pod.spec)['containers'])
    .flatMap((each) => entries(fields(each)['ports']).map(({ value }) => value))
    .find((each) => text(each['name']) === target)
  return named && number(named['containerPort'])
}

function addressesOf(known: readonly RegistryHost[], labels: Readonly<Record<string, string>>): string[] {
  return known.flatMap(({ object, host }) => {
    const spec = fields(object.spec)
    const own = entries(spec['endpoints']).filter(({ value }) => {
      const has = fields(value['labels'])
      return Object.entries(labels).every(([key, wanted]) => has[key] === wanted)
    })
    const addresses = own.map(({ value }) => text(value['address']))
    // Names that DNS resolves are their own address, and so is whatever the caller connects to.
    const isStatic = text(spec['resolution']) === 'STATIC'
    return addresses.length > 0 || isStatic ? addresses : [host]
  })
}
