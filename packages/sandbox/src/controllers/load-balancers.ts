import { listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'

const TAKES_MS = 2_000
/** A Service with this annotation waits for ever, as where nobody gives addresses. */
const PENDING = 'sandbox.meshdeck.io/load-balancer'

/** Gives Services of type LoadBalancer an address of 203.0.113.0/24 (RFC 5737: documentation). */
export function startLoadBalancers(context: ControllerContext): () => void {
  const { api } = context
  const asked = new Set<string>()
  let next = 10
  const { again, stop } = reconcileEach(context, 'load balancer', 'services', (service) => {
    const isBalanced = textAt(service, 'spec', 'type') === 'LoadBalancer'
    const has = listAt(service, 'status', 'loadBalancer', 'ingress').length > 0
    const uid = service.metadata.uid ?? ''
    if (!isBalanced) {
      if (has) api.updateStatus('services', { ...service, status: { loadBalancer: {} } })
      return
    }
    if (has || service.metadata.annotations?.[PENDING] === 'pending') return
    if (!asked.has(uid) && !context.pace.instant) {
      asked.add(uid)
      again(service.metadata.namespace, service.metadata.name, TAKES_MS)
      return
    }
    asked.delete(uid)
    const ip = `203.0.113.${next++ % 250}`
    api.updateStatus('services', withAddress(service, ip))
  })
  return stop
}

function withAddress(service: KubeObject, ip: string): KubeObject {
  return {
    ...service,
    status: { ...recordAt(service, 'status'), loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } },
  }
}
