import { readPath, type KubeResource, type Mesh } from '@meshdeck/kube'
import { ISTIOD_RESOURCES } from '../install/sizes.ts'
import { parseQuantity } from '../istio/quantity.ts'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { readList } from './read-list.ts'

export interface Amount {
  /** Cores. */
  cpu: number
  /** Bytes. */
  memory: number
}

/** What each istiod of a mesh asks for, and how many there are; nothing where Istio's own values decide. */
export function istiodDemand({ spec }: Mesh): { each: Amount; replicas: number } {
  const { size, resources, highAvailability } = spec.controlPlane
  const requests = resources?.requests ?? (size === undefined ? undefined : ISTIOD_RESOURCES[size].requests)
  return {
    each: { cpu: parseQuantity(requests?.cpu ?? '') ?? 0, memory: parseQuantity(requests?.memory ?? '') ?? 0 },
    replicas: highAvailability === true ? 2 : 1,
  }
}

export interface CapacityFacts {
  demand: { each: Amount; replicas: number }
  nodes: Fact<readonly KubeResource[]>
  pods: Fact<readonly KubeResource[]>
}

/** Whether istiod fits on the nodes: what they can give, less what the pods on them have asked for. */
export function capacityCheck({ demand, nodes, pods }: CapacityFacts): Check {
  if (!isRead(nodes)) return unreadCheck('capacity', nodes.unread)
  const { each, replicas } = demand
  const params = { cpu: `${Math.round(each.cpu * 1_000)}m`, memory: `${Math.round(each.memory / 2 ** 20)}Mi`, replicas }
  const usable = nodes.value.filter(isSchedulable)
  if (usable.length === 0) return { id: 'capacity', level: 'warning', reason: 'noNodes', params }
  const whole = usable.map(allocatableOf)
  if (!whole.some((amount) => timesIn(amount, each) > 0))
    return { id: 'capacity', level: 'error', reason: 'nodesTooSmall', params }
  if (!isRead(pods)) return unreadCheck('capacity', pods.unread)
  const taken = requestsByNode(pods.value)
  const free = usable.map((node, index) => minus(whole[index], taken.get(node.metadata.name)))
  const fitting = free.reduce((sum, amount) => sum + timesIn(amount, each), 0)
  return fitting >= replicas
    ? { id: 'capacity', level: 'ok', reason: 'fits', params: { ...params, nodes: usable.length } }
    : { id: 'capacity', level: 'warning', reason: 'noRoom', params }
}

/** Pods without a toleration may come to it. */
function isSchedulable(node: KubeResource): boolean {
  const closed = readList(node, 'spec.taints.*.effect').some(
    (effect) => effect === 'NoSchedule' || effect === 'NoExecute',
  )
  return readPath(node, 'spec.unschedulable') !== true && !closed
}

const amountAt = (value: unknown, path: string): Amount => ({
  cpu: parseQuantity(String(readPath(value, `${path}.cpu`) ?? '')) ?? 0,
  memory: parseQuantity(String(readPath(value, `${path}.memory`) ?? '')) ?? 0,
})

const allocatableOf = (node: KubeResource): Amount => amountAt(node, 'status.allocatable')

function requestsByNode(pods: readonly KubeResource[]): Map<string, Amount> {
  const taken = new Map<string, Amount>()
  for (const pod of pods) {
    const node = readPath(pod, 'spec.nodeName')
    const phase = readPath(pod, 'status.phase')
    if (typeof node !== 'string' || phase === 'Succeeded' || phase === 'Failed') continue
    const sum = taken.get(node) ?? { cpu: 0, memory: 0 }
    for (const container of readList(pod, 'spec.containers')) {
      const { cpu, memory } = amountAt(container, 'resources.requests')
      sum.cpu += cpu
      sum.memory += memory
    }
    taken.set(node, sum)
  }
  return taken
}

const minus = (whole: Amount = { cpu: 0, memory: 0 }, part: Amount = { cpu: 0, memory: 0 }): Amount => ({
  cpu: whole.cpu - part.cpu,
  memory: whole.memory - part.memory,
})

/** How many times an amount fits; without end when it asks for nothing. */
function timesIn(room: Amount, each: Amount): number {
  const times = (['cpu', 'memory'] as const).map((key) => (each[key] === 0 ? Infinity : room[key] / each[key]))
  return Math.max(0, Math.floor(Math.min(...times)))
}
