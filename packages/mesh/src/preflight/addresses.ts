import { readPath, type KubeResource } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { overlaps, parseRange, type Range } from './cidr.ts'
import { readList } from './read-list.ts'

/** A cluster with its network, as far as addresses go. */
export interface AddressedCluster {
  cluster: string
  network: string
  nodes: Fact<readonly KubeResource[]>
  services: Fact<readonly KubeResource[]>
}

const SHOWN = 5

/**
 * Whether a member's pods can be told from those of the mesh's other clusters in the same network, where pods call each
 * other by address. Between networks gateways stand, and the same addresses do no harm.
 * Source: https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models
 */
export function addressesCheck(member: AddressedCluster, others: readonly AddressedCluster[]): Check {
  const near = others.filter(({ network }) => network === member.network)
  const params = { network: member.network }
  if (near.length === 0) return { id: 'addresses', level: 'ok', reason: 'apart', params }
  if (!isRead(member.nodes)) return unreadCheck('addresses', member.nodes.unread)
  const mine = podRanges(member.nodes.value)
  let unknown = false
  const podItems: string[] = []
  const serviceItems: string[] = []
  for (const other of near) {
    if (!isRead(other.nodes)) return unreadCheck('addresses', other.nodes.unread)
    const theirs = podRanges(other.nodes.value)
    if (mine.length === 0 || theirs.length === 0) unknown = true
    podItems.push(...clashes(mine, theirs).map((range) => `${range} (${other.cluster})`))
    // An address of a Service here is taken for that Service, whoever has it elsewhere.
    for (const [ranges, services, where] of [
      [theirs, member.services, member.cluster],
      [mine, other.services, other.cluster],
    ] as const) {
      if (isRead(services))
        serviceItems.push(...clashes(ranges, serviceAddresses(services.value)).map((range) => `${range} (${where})`))
    }
  }
  if (podItems.length > 0)
    return { id: 'addresses', level: 'error', reason: 'podsOverlap', params, items: podItems.slice(0, SHOWN) }
  if (serviceItems.length > 0)
    return { id: 'addresses', level: 'warning', reason: 'servicesOverlap', params, items: serviceItems.slice(0, SHOWN) }
  // Some networks of containers give nodes no range of their own.
  if (unknown) return { id: 'addresses', level: 'unknown', reason: 'noRanges', params }
  return { id: 'addresses', level: 'ok', reason: 'distinct', params }
}

interface NamedRange {
  text: string
  range: Range
}

function podRanges(nodes: readonly KubeResource[]): NamedRange[] {
  return nodes.flatMap((node) => {
    const several = readList(node, 'spec.podCIDRs')
    return named(several.length > 0 ? several : [readPath(node, 'spec.podCIDR')])
  })
}

const serviceAddresses = (services: readonly KubeResource[]): NamedRange[] =>
  services.flatMap((service) => named([readPath(service, 'spec.clusterIP')]))

function named(texts: readonly unknown[]): NamedRange[] {
  return texts.flatMap((text) => {
    const range = typeof text === 'string' ? parseRange(text) : undefined
    return range === undefined ? [] : [{ text: String(text), range }]
  })
}

function clashes(ours: readonly NamedRange[], theirs: readonly NamedRange[]): string[] {
  return ours.flatMap(({ text, range }) => (theirs.some((each) => overlaps(range, each.range)) ? [text] : []))
}
