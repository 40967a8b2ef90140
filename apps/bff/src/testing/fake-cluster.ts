import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { apiPath, apiVersionOf, isRecord, KINDS, type KubeResource } from '@meshdeck/kube'

/** Who a request to the fake comes from: a token's user, an impersonated one, or `stored`. */
export interface FakeUser {
  name: string
  groups: string[]
}

/** A request as the fake saw it. */
export interface SeenRequest {
  method: string
  path: string
  query: URLSearchParams
  user: FakeUser
  body: unknown
}

export interface FakeClusterOptions {
  objects?: readonly KubeResource[]
  /** Users by bearer token. */
  tokens?: Readonly<Record<string, FakeUser>>
  /** RBAC: everybody may do everything when absent. Asked for access reviews and enforced on requests. */
  allows?: (user: FakeUser, question: { verb: string; resource: string; namespace?: string }) => boolean
  /** Answers instead of the store; for errors of admission and the like. */
  intercept?: (request: SeenRequest) => { status: number; body: unknown; headers?: Record<string, string> } | undefined
}

/**
 * A Kubernetes API server small enough to be read, on a real socket: the far edge of the BFF's unit tests. It keeps
 * objects whole, counts versions, refuses stale writes and streams changes; it validates nothing.
 */
export async function startFakeCluster(options: FakeClusterOptions = {}) {
  const stored: FakeUser = { name: 'stored', groups: [] }
  const allows = options.allows ?? (() => true)
  const objects = new Map<string, KubeResource>()
  const watchers = new Set<{ list: string; response: ServerResponse }>()
  const seen: SeenRequest[] = []
  let version = 1
  for (const object of options.objects ?? []) put(pathOfObject(object), object)

  function put(path: string, object: KubeResource): KubeResource {
    const type = objects.has(path) ? 'MODIFIED' : 'ADDED'
    const uid = objects.get(path)?.metadata.uid ?? `uid-${path}`
    const kept = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(++version) } }
    objects.set(path, kept)
    tell(type, path, kept)
    return kept
  }

  function remove(path: string): KubeResource | undefined {
    const object = objects.get(path)
    objects.delete(path)
    if (object) tell('DELETED', path, object)
    return object
  }

  function tell(type: string, path: string, object: KubeResource): void {
    for (const { list, response } of watchers) {
      if (inList(path, list)) response.write(`${JSON.stringify({ type, object })}\n`)
    }
  }

  function userOf(request: IncomingMessage): FakeUser | undefined {
    const impersonated = request.headers['impersonate-user']
    if (typeof impersonated === 'string') {
      return { name: impersonated, groups: [request.headersDistinct['impersonate-group'] ?? []].flat() }
    }
    const token = request.headers.authorization?.replace('Bearer ', '')
    return token === undefined || token === 'stored-token' ? stored : options.tokens?.[token]
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const user = userOf(request)
    if (user === undefined) return fail(response, 401, 'Unauthorized', 'Unauthorized')
    const body = await readJson(request)
    const call: SeenRequest = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      user,
      body,
    }
    seen.push(call)
    const instead = options.intercept?.(call)
    if (instead) return send(response, instead.status, instead.body, instead.headers)
    if (url.pathname.endsWith('/tokenreviews')) return send(response, 201, { status: reviewToken(body) })
    if (url.pathname.endsWith('/selfsubjectaccessreviews'))
      return send(response, 201, { status: reviewAccess(user, body) })
    if (url.pathname === '/version') return send(response, 200, { gitVersion: 'v1.36.3' })
    return serveObjects(call, url, response)
  }

  function serveObjects({ method, user, body }: SeenRequest, url: URL, response: ServerResponse): void {
    const target = parsePath(url.pathname)
    if (target === undefined) return send(response, 404, '404 page not found')
    const { kind, namespace, name } = target
    const watching = url.searchParams.get('watch') === 'true'
    const verb = verbOf(method, name !== undefined, watching)
    if (user !== stored && !allows(user, { verb, resource: kind.plural, ...(namespace ? { namespace } : {}) })) {
      const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
      const message = `${kind.plural} is forbidden: User "${user.name}" cannot ${verb} resource "${kind.plural}" in API group "${kind.group}" ${where}`
      return fail(response, 403, 'Forbidden', message, { name, group: kind.group, kind: kind.plural })
    }
    const dryRun = url.searchParams.get('dryRun') === 'All'
    if (verb === 'watch') return watch(url, response)
    if (verb === 'list') {
      const items = [...objects].filter(([path]) => inList(path, url.pathname)).map(([, object]) => object)
      return send(response, 200, {
        apiVersion: apiVersionOf(kind),
        kind: `${kind.kind}List`,
        metadata: { resourceVersion: String(version) },
        items,
      })
    }
    if (verb === 'create') {
      if (!isObject(body)) return fail(response, 400, 'BadRequest', 'no object')
      const path = pathOfObject(body)
      if (objects.has(path))
        return fail(response, 409, 'AlreadyExists', `${body.metadata.name} already exists`, {
          name: body.metadata.name,
        })
      return send(response, 201, dryRun ? body : put(path, body))
    }
    const current = objects.get(url.pathname)
    if (current === undefined)
      return fail(response, 404, 'NotFound', `${kind.plural} "${name}" not found`, { name, kind: kind.plural })
    if (verb === 'get') return send(response, 200, current)
    if (verb === 'delete') {
      if (!dryRun) remove(url.pathname)
      return send(response, 200, current)
    }
    const next = verb === 'patch' ? merge(current, body) : body
    if (!isObject(next)) return fail(response, 400, 'BadRequest', 'no object')
    if (verb === 'update' && next.metadata.resourceVersion !== current.metadata.resourceVersion) {
      return fail(
        response,
        409,
        'Conflict',
        'the object has been modified; please apply your changes to the latest version',
        { name, kind: kind.plural },
      )
    }
    return send(response, 200, dryRun ? next : put(url.pathname, next))
  }

  function watch(url: URL, response: ServerResponse): void {
    const watcher = { list: url.pathname, response }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    watchers.add(watcher)
    response.on('close', () => watchers.delete(watcher))
  }

  function reviewToken(body: unknown) {
    const spec = isRecord(body) && isRecord(body['spec']) ? body['spec'] : {}
    const user = options.tokens?.[String(spec['token'])]
    return user
      ? { authenticated: true, user: { username: user.name, groups: user.groups } }
      : { authenticated: false, error: 'unknown token' }
  }

  function reviewAccess(user: FakeUser, body: unknown) {
    const spec = isRecord(body) && isRecord(body['spec']) ? body['spec'] : {}
    const attributes = isRecord(spec['resourceAttributes']) ? spec['resourceAttributes'] : {}
    const namespace = attributes['namespace']
    const question = {
      verb: String(attributes['verb']),
      resource: String(attributes['resource']),
      ...(typeof namespace === 'string' ? { namespace } : {}),
    }
    return { allowed: user === stored || allows(user, question) }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => fail(response, 500, 'InternalError', String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    /** Writes as somebody with `kubectl` would, past the BFF. */
    put: (object: KubeResource) => put(pathOfObject(object), object),
    remove: (object: KubeResource) => remove(pathOfObject(object)),
    find: (object: KubeResource) => objects.get(pathOfObject(object)),
    /** Breaks every connection; new ones are accepted. */
    cut: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
export type FakeCluster = Awaited<ReturnType<typeof startFakeCluster>>

function pathOfObject(object: KubeResource): string {
  const kind = KINDS.find(
    (candidate) => candidate.kind === object.kind && apiVersionOf(candidate) === object.apiVersion,
  )
  if (!kind) throw new Error(`the fake does not know ${object.apiVersion} ${object.kind}`)
  return apiPath(kind, object.metadata.namespace, object.metadata.name)
}

function parsePath(path: string) {
  for (const kind of KINDS) {
    const root = apiPath(kind).slice(0, -kind.plural.length)
    if (!path.startsWith(root)) continue
    const rest = path.slice(root.length).split('/')
    const namespace = kind.namespaced && rest[0] === 'namespaces' ? rest.splice(0, 2)[1] : undefined
    const [plural, name] = rest
    if (plural === kind.plural && rest.length <= 2) return { kind, namespace, name }
  }
  return undefined
}

/** Whether an object lies in the list of a path. */
function inList(objectPath: string, listPath: string): boolean {
  const list = parsePath(listPath)
  const object = parsePath(objectPath)
  return (
    list !== undefined &&
    list.kind === object?.kind &&
    (list.namespace === undefined || list.namespace === object.namespace)
  )
}

function verbOf(method: string, named: boolean, watching: boolean): string {
  if (method === 'GET') return watching ? 'watch' : named ? 'get' : 'list'
  return { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[method] ?? 'get'
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merge(result[key], value)
  }
  return result
}

function isObject(value: unknown): value is KubeResource {
  return isRecord(value) && isRecord(value['metadata'])
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? undefined : JSON.parse(text)
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  response
    .writeHead(status, { 'content-type': type, ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body))
}

function fail(response: ServerResponse, code: number, reason: string, message: string, details: object = {}): void {
  send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details })
}
