import { apiVersionOf, type KindDefinition, type KubeResource } from '@meshdeck/kube'
import { ProblemError } from './problem.ts'

/** The object that the address of a request names. */
export interface Address {
  namespace?: string
  name?: string
}

/**
 * Checks that a body is the object that the address names. The cluster would take a body at its word, and somebody who
 * reviewed one object would have written another. Throws `ProblemError` naming the field.
 */
export function assertSameObject(kind: KindDefinition, body: KubeResource, address: Address): void {
  const apiVersion = apiVersionOf(kind)
  if (body.kind !== kind.kind) refuse('kind', `must be ${kind.kind}, as in the address; it is ${body.kind}`)
  if (body.apiVersion !== apiVersion) refuse('apiVersion', `must be ${apiVersion}; it is ${body.apiVersion}`)
  const { name, namespace } = body.metadata
  if (address.name !== undefined && name !== address.name) {
    refuse('metadata.name', `must be ${address.name}, as in the address; it is ${name ?? 'missing'}`)
  }
  if (address.namespace !== undefined && namespace !== address.namespace) {
    refuse('metadata.namespace', `must be ${address.namespace}, as in the address; it is ${namespace ?? 'missing'}`)
  }
}

/** For new objects: they must say where they go. */
export function assertPlaced(kind: KindDefinition, body: KubeResource): void {
  const { name, namespace, ...rest } = body.metadata
  if ((name ?? '') === '' && (rest['generateName'] ?? '') === '') refuse('metadata.name', 'is required')
  if (kind.namespaced && (namespace ?? '') === '') refuse('metadata.namespace', 'is required')
}

/** For replacements: without the version that was opened, somebody else's change would be overwritten unseen. */
export function assertVersioned(body: KubeResource): void {
  if ((body.metadata.resourceVersion ?? '') === '')
    refuse('metadata.resourceVersion', 'is required: the version that was opened')
}

function refuse(field: string, message: string): never {
  throw new ProblemError('invalid-input', `body: ${field} ${message}`, { fields: [{ field, message }] })
}
