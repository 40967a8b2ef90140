/** Errors of the API server, worded as k8s.io/apimachinery/pkg/api/errors words them. */
import type { ResourceType } from './resource-type.ts'
import { StatusError } from './status-error.ts'

/** `deployments.apps`, as messages name a resource. */
export function qualified(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`
}

export function notFound(type: Pick<ResourceType, 'group' | 'plural'>, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualified(type)} "${name}" not found`, detailsOf(type, name))
}

/** For a path that no kind is served at. */
export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function alreadyExists(type: ResourceType, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualified(type)} "${name}" already exists`, detailsOf(type, name))
}

export function conflict(type: Pick<ResourceType, 'group' | 'plural'>, name: string, why: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`,
    detailsOf(type, name),
  )
}

export function forbidden(
  type: Pick<ResourceType, 'group' | 'plural'>,
  name: string,
  why: string,
  cause?: { reason: string; message: string; field?: string },
): StatusError {
  return new StatusError(403, 'Forbidden', `${qualified(type)} "${name}" is forbidden: ${why}`, {
    ...detailsOf(type, name),
    ...(cause === undefined ? {} : { causes: [cause] }),
  })
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

/** A list token or a watch that asks for what is no longer remembered. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}

export function methodNotAllowed(): StatusError {
  return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

function detailsOf(
  type: Pick<ResourceType, 'group' | 'plural'>,
  name: string,
): { name: string; kind: string; group?: string } {
  return { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural }
}
