import type { KubeResource } from '@meshdeck/kube'
import { hostCovers } from '../analysis/hosts.ts'
import { entries, fields, isEmpty, labelsIn, number, text, texts } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace, selects, type Party } from './caller.ts'
import { byAge } from './explanation.ts'

/** What a proxy is told of: everything, unless a Sidecar narrows it. */
export interface EgressScope {
  object: KubeResource | undefined
  hosts: readonly string[]
  /** Whether something of a namespace that is called `host` is told to the proxy. */
  takes(owner: string, host: string): boolean
  /** What the Sidecar says of hosts that nobody knows. */
  outbound: string
}

/**
 * The Sidecar in force for a proxy: one that selects it, else its namespace's, else the root namespace's; the oldest of
 * several. Source: https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export function sidecarOf(world: World, party: Party): KubeResource | undefined {
  const all = world.all('Sidecar').toSorted(byAge)
  const selector = (object: KubeResource): Record<string, string> =>
    labelsIn(fields(fields(object.spec)['workloadSelector'])['labels'])
  const own = all.filter((object) => ownNamespace(object) === party.namespace)
  return (
    own.find((object) => !isEmpty(selector(object)) && selects(selector(object), party.labels)) ??
    own.find((object) => isEmpty(selector(object))) ??
    all.find((object) => ownNamespace(object) === world.facts.rootNamespace && isEmpty(selector(object)))
  )
}

/** What a proxy sees when it calls a port. A listener of that very port takes the place of those for any port. */
export function scopeOf(world: World, party: Party, port: number): EgressScope {
  const object = sidecarOf(world, party)
  const spec = fields(object?.spec)
  const listeners = entries(spec['egress']).map(({ value }) => ({
    port: number(fields(value['port'])['number']),
    hosts: texts(value['hosts']),
  }))
  const exact = listeners.filter((each) => each.port === port)
  const chosen = exact.length > 0 ? exact : listeners.filter((each) => each.port === undefined)
  const hosts = listeners.length === 0 ? ['*/*'] : chosen.flatMap((each) => each.hosts)
  return {
    object,
    hosts,
    takes: (owner, host) => hosts.some((each) => isTaken(each, owner, host, party.namespace)),
    outbound: text(fields(spec['outboundTrafficPolicy'])['mode']),
  }
}

function isTaken(entry: string, owner: string, host: string, namespace: string): boolean {
  const [scope = '', name = ''] = entry.includes('/') ? entry.split('/') : ['*', entry]
  if (scope === '~') return false
  const isOwner = scope === '*' || scope === owner || (scope === '.' && owner === namespace)
  return isOwner && (name === '*' || hostCovers(name, host) || hostCovers(host, name))
}
