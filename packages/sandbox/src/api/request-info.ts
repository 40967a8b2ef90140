import { StatusError } from './status-error.ts'

/** What a request asks for, read from its method and path alone; RBAC decides on this. */
export type RequestInfo = ResourceRequest | PathRequest

export interface ResourceRequest {
  readonly kind: 'resource'
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
  readonly path: string
}

export interface PathRequest {
  readonly kind: 'path'
  /** The method in lower case. */
  readonly verb: string
  readonly path: string
}

/** Subresources of a namespace; any other third part under `namespaces/NAME` is a resource in it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])

/**
 * Reads a request as the API server does.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 *
 * @throws StatusError 400 for a path that is not valid UTF-8.
 */
export function readRequest(method: string, url: URL): RequestInfo {
  const path = url.pathname
  const parts = path.split('/').slice(1).map(decode)
  if (parts.at(-1) === '') parts.pop()
  const prefix = parts[0]
  const pathRequest: PathRequest = { kind: 'path', verb: method.toLowerCase(), path }
  let rest: string[]
  let group = ''
  if (prefix === 'api') rest = parts.slice(1)
  else if (prefix === 'apis') {
    group = parts[1] ?? ''
    rest = parts.slice(2)
  } else return pathRequest
  const [version, ...resource] = rest
  if (version === undefined || resource[0] === undefined) return pathRequest

  let namespace: string | undefined
  if (resource[0] === 'namespaces' && resource[1] !== undefined) {
    const third = resource[2]
    if (third !== undefined && !NAMESPACE_SUBRESOURCES.has(third)) {
      namespace = resource[1]
      resource.splice(0, 2)
    }
  }
  const [plural = '', name, subresource, ...tooMuch] = resource
  // Only a proxy takes more; there is nothing behind it here.
  if (tooMuch.length > 0 && subresource !== 'proxy') return pathRequest
  return {
    kind: 'resource',
    verb: verbOf(method, name, url.searchParams),
    group,
    version,
    plural,
    // A namespace is authorised as an object inside itself.
    ...(plural === 'namespaces' && group === '' && name !== undefined
      ? { namespace: name }
      : namespace === undefined
        ? {}
        : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    path,
  }
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  switch (method) {
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    case 'GET':
    case 'HEAD': {
      if (isTrue(query.get('watch'))) return 'watch'
      return name === undefined ? 'list' : 'get'
    }
    default:
      return method.toLowerCase()
  }
}

/** A boolean of a query string as the API server reads it: `?watch`, `?watch=1` and `?watch=true` all say yes. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false'
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new StatusError(400, 'BadRequest', `invalid URL escape in "${part}"`)
  }
}
