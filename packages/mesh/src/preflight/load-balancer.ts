import { readPath, type KubeResource } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { objectName } from './object-name.ts'
import { readList } from './read-list.ts'

export interface LoadBalancerFacts {
  /** Whether the mesh has a Service here that waits for an address from outside. */
  needed: boolean
  services: Fact<readonly KubeResource[]>
  nodes: Fact<readonly KubeResource[]>
}

/** Clouds whose nodes say so, and whose clusters have load balancers as a rule. Source: `spec.providerID` of each cloud's controller. */
const CLOUDS = [
  'aws',
  'azure',
  'gce',
  'alicloud',
  'qcloud',
  'huaweicloud',
  'openstack',
  'digitalocean',
  'ibm',
  'oci',
  'vsphere',
]
const SHOWN = 5

/** Whether a Service of type LoadBalancer gets an address in a cluster: told by those that are there. */
export function loadBalancerCheck({ needed, services, nodes }: LoadBalancerFacts): Check {
  if (!needed) return { id: 'loadBalancer', level: 'ok', reason: 'notNeeded' }
  if (!isRead(services)) return unreadCheck('loadBalancer', services.unread)
  const balanced = services.value.filter((service) => readPath(service, 'spec.type') === 'LoadBalancer')
  const served = balanced.find((service) => addressOf(service) !== undefined)
  if (served !== undefined)
    return {
      id: 'loadBalancer',
      level: 'ok',
      reason: 'served',
      params: { service: objectName(served), address: addressOf(served) ?? '' },
    }
  if (balanced.length > 0)
    return {
      id: 'loadBalancer',
      level: 'warning',
      reason: 'pending',
      params: { count: balanced.length },
      items: balanced.slice(0, SHOWN).map(objectName),
    }
  const cloud = isRead(nodes) ? cloudOf(nodes.value) : undefined
  return cloud === undefined
    ? { id: 'loadBalancer', level: 'warning', reason: 'unproven' }
    : { id: 'loadBalancer', level: 'unknown', reason: 'cloud', params: { cloud } }
}

/** The address that a Service of type LoadBalancer was given. */
export function addressOf(service: KubeResource): string | undefined {
  const [first] = readList(service, 'status.loadBalancer.ingress')
  const address = readPath(first, 'hostname') ?? readPath(first, 'ip')
  return typeof address === 'string' && address !== '' ? address : undefined
}

function cloudOf(nodes: readonly KubeResource[]): string | undefined {
  const schemes = nodes.map((node) => String(readPath(node, 'spec.providerID') ?? '').split(':')[0] ?? '')
  return CLOUDS.find((cloud) => schemes.includes(cloud))
}
