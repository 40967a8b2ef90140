import { readPath, type KubeResource } from '@meshdeck/kube'
import { EAST_WEST_GATEWAY } from '../install/names.ts'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { addressOf } from './load-balancer.ts'

export interface GatewayFacts {
  /** Address that the mesh itself names. */
  address?: string
  namespace: string
  /** Of the control plane's cluster. */
  services: Fact<readonly KubeResource[]>
}

/** Whether a member can be told where istiod is: by the address of the gateway in the control plane's cluster. */
export function gatewayCheck({ address, namespace, services }: GatewayFacts): Check {
  if (address !== undefined) return { id: 'gateway', level: 'ok', reason: 'given', params: { address } }
  if (!isRead(services)) return unreadCheck('gateway', services.unread)
  const gateway = services.value.find(
    ({ metadata }) => metadata.name === EAST_WEST_GATEWAY && metadata.namespace === namespace,
  )
  if (gateway === undefined) return { id: 'gateway', level: 'unknown', reason: 'notYet' }
  const found = addressOf(gateway) ?? ownAddress(gateway)
  return found === undefined
    ? { id: 'gateway', level: 'error', reason: 'noAddress', params: { service: `${namespace}/${EAST_WEST_GATEWAY}` } }
    : { id: 'gateway', level: 'ok', reason: 'has', params: { address: found } }
}

/** A Service of type ClusterIP is for members that have a route to it. */
function ownAddress(gateway: KubeResource): string | undefined {
  const address = readPath(gateway, 'spec.clusterIP')
  return readPath(gateway, 'spec.type') === 'ClusterIP' && typeof address === 'string' ? address : undefined
}
