import { readPath, type Condition, type KindId, type KubeResource } from '@meshdeck/kube'
import { READER_TOKEN } from '@meshdeck/mesh'
import { secretText } from '../status/secret-text.ts'

export interface Readiness {
  /** `Unknown`: under way. */
  status: Condition['status']
  reason: string
  message: string
}

/** Conditions of the operator that say whether something works, the one to tell first in front. */
const TELLING = ['Reconciled', 'DependenciesHealthy', 'Ready'] as const

/** What an object that was applied says of itself. Source: https://github.com/istio-ecosystem/sail-operator (status of its kinds) */
export function readinessOf(kind: KindId, object: KubeResource): Readiness {
  const what = `${kind} ${object.metadata.name}`
  switch (kind) {
    case 'Istio':
    case 'IstioCNI':
    case 'ZTunnel':
      return byOperator(what, object)
    case 'Deployment':
      return deploymentReadiness(what, object)
    case 'Service':
      return needsAddress(object) ? addressPending(what) : ready(what)
    case 'Secret':
      return secretReadiness(what, object)
    default:
      return ready(what)
  }
}

export const ready = (what: string): Readiness => ({ status: 'True', reason: 'Ready', message: `${what} is there.` })
const waiting = (reason: string, message: string): Readiness => ({ status: 'Unknown', reason, message })

function byOperator(what: string, object: KubeResource): Readiness {
  const conditions = conditionsOf(object)
  const isFresh = readPath(object, 'status.observedGeneration') === object.metadata.generation
  if (conditions.length === 0 || !isFresh) return waiting('Waiting', `The operator has not looked at ${what} yet.`)
  for (const type of TELLING) {
    const condition = conditions.find((each) => each.type === type)
    if (condition?.status !== 'False') continue
    const message = `${what}: ${condition.message || condition.reason}.`
    // What is being started is not ready; what cannot be reconciled needs somebody.
    return type === 'Reconciled'
      ? { status: 'False', reason: condition.reason, message }
      : waiting(condition.reason, message)
  }
  return { status: 'True', reason: 'Ready', message: `${what} is ready.` }
}

export function deploymentReadiness(what: string, object: KubeResource): Readiness {
  const wanted = Number(readPath(object, 'spec.replicas') ?? 1)
  const available = Number(readPath(object, 'status.availableReplicas') ?? 0)
  const updated = Number(readPath(object, 'status.updatedReplicas') ?? 0)
  const isFresh = readPath(object, 'status.observedGeneration') === object.metadata.generation
  return isFresh && available >= wanted && updated >= wanted
    ? { status: 'True', reason: 'Ready', message: `${what} runs, ${available} of ${wanted} available.` }
    : waiting(
        'Starting',
        `${what} has ${available} of ${wanted} pods available; its pods and events say what they wait for.`,
      )
}

/** Whether a Service waits for the address of a load balancer. */
export function needsAddress(service: KubeResource): boolean {
  return readPath(service, 'spec.type') === 'LoadBalancer' && addressOf(service) === undefined
}

export function addressPending(what: string): Readiness {
  const cure = 'give it one, or set spec.controlPlane.access (type and address)'
  return waiting('AddressPending', `${what} waits for the address of a load balancer; ${cure}.`)
}

function secretReadiness(what: string, object: KubeResource): Readiness {
  if (object.metadata.name !== READER_TOKEN || secretText(object, 'token') !== undefined) return ready(what)
  return waiting('TokenPending', `${what} waits for Kubernetes to put the token in.`)
}

/** IP or host name that a load balancer has given to a Service. */
export function addressOf(service: KubeResource): string | undefined {
  const [first] = listAt(service, 'status.loadBalancer.ingress')
  const { ip, hostname } = (first ?? {}) as { ip?: string; hostname?: string }
  return ip ?? hostname
}

function listAt(object: KubeResource, path: string): readonly unknown[] {
  const value = readPath(object, path)
  return Array.isArray(value) ? value : []
}

function conditionsOf(object: KubeResource): Condition[] {
  const conditions = readPath(object, 'status.conditions')
  return Array.isArray(conditions) ? conditions : []
}
