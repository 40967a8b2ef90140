import { isRecord, MANAGED_BY_LABEL, readPath, type KubeResource } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { objectName } from './object-name.ts'
import { readList } from './read-list.ts'

const SYSTEM = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'istio-system',
  'istio-cni',
  'ztunnel',
  'sail-operator',
])
const SHOWN = 20

export interface ServiceSight {
  cluster: string
  services: Fact<readonly KubeResource[]>
}

/**
 * Services of one name in one namespace are one service to the mesh, in whatever cluster. Told are those that would not
 * be the same: other ports, another selection of pods, another owner.
 * Source: https://istio.io/latest/docs/ops/deployment/deployment-models/#namespace-tenancy (namespace sameness)
 */
export function servicesCheck(member: ServiceSight, others: readonly ServiceSight[], systemNamespace: string): Check {
  if (!isRead(member.services)) return unreadCheck('services', member.services.unread)
  const mine = new Map(member.services.value.filter(isUsers(systemNamespace)).map((each) => [objectName(each), each]))
  const items: string[] = []
  let same = 0
  for (const { cluster, services } of others) {
    if (!isRead(services)) return unreadCheck('services', services.unread)
    for (const theirs of services.value) {
      const ours = mine.get(objectName(theirs))
      if (ours === undefined) continue
      const apart = differences(ours, theirs)
      if (apart.length === 0) same += 1
      else items.push(`${objectName(theirs)} (${cluster}: ${apart.join(', ')})`)
    }
  }
  if (items.length > 0)
    return {
      id: 'services',
      level: 'warning',
      reason: 'clash',
      params: { count: items.length },
      items: items.toSorted().slice(0, SHOWN),
    }
  return { id: 'services', level: 'ok', reason: same === 0 ? 'none' : 'same', params: { count: same } }
}

const isUsers =
  (systemNamespace: string) =>
  ({ metadata }: KubeResource): boolean =>
    metadata.namespace !== systemNamespace &&
    !SYSTEM.has(metadata.namespace ?? '') &&
    !(metadata.namespace === 'default' && metadata.name === 'kubernetes')

function differences(a: KubeResource, b: KubeResource): string[] {
  const parts: readonly (readonly [string, (service: KubeResource) => string])[] = [
    ['ports', portsOf],
    ['selector', selectorOf],
    ['owner', ownerOf],
  ]
  return parts.flatMap(([name, read]) => (read(a) === read(b) ? [] : [name]))
}

/** Number, protocol and what is spoken on it; ports of containers may differ. */
function portsOf(service: KubeResource): string {
  return readList(service, 'spec.ports')
    .map((port) =>
      ['port', 'protocol', 'name', 'appProtocol'].map((key) => String(readPath(port, key) ?? '')).join(' '),
    )
    .toSorted()
    .join(';')
}

function selectorOf(service: KubeResource): string {
  const selector = readPath(service, 'spec.selector')
  return JSON.stringify(isRecord(selector) ? Object.entries(selector).toSorted(([x], [y]) => (x < y ? -1 : 1)) : [])
}

function ownerOf({ metadata }: KubeResource): string {
  const { labels = {}, annotations = {} } = metadata
  return (
    annotations['meta.helm.sh/release-name'] ?? labels['argocd.argoproj.io/instance'] ?? labels[MANAGED_BY_LABEL] ?? ''
  )
}
