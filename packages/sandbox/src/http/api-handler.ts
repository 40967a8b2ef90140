import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PeerCertificate } from 'node:tls'
import { StatusError } from '../api/status-error.ts'
import type { Cluster } from '../api/cluster.ts'
import type { RequestInfo } from '../api/request-info.ts'
import { readRequest } from '../api/request-info.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Attributes, Authorizer } from '../auth/authorizer.ts'
import { forbiddenError } from '../auth/authorizer.ts'
import { impersonated } from '../auth/impersonation.ts'
import type { UserInfo } from '../auth/user-info.ts'
import {
  AGGREGATED_TYPE,
  aggregatedDiscovery,
  legacyDiscovery,
  versionDocument,
  wantsAggregated,
} from '../discovery/discovery.ts'
import { OpenApi, SWAGGER_TYPE, swagger } from '../discovery/open-api.ts'
import type { Exchange, Upgrade } from './exchange.ts'
import { sendJson, sendText, sendValue } from './exchange.ts'
import type { PodPrograms } from './serve-port-forward.ts'
import { serveResource } from './serve-resource.ts'

export interface ApiHandlerOptions {
  readonly cluster: Cluster
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  /** `gitVersion` of `/version`. */
  readonly version: string
  /** What runs in pods. */
  readonly programs: PodPrograms
  /** Takes what should not have happened. */
  readonly onError: (error: unknown) => void
}

/** Answers a request; never rejects. */
export type ApiHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  certificate?: PeerCertificate,
  upgrade?: Upgrade,
) => Promise<void>

/** An API server over one cluster, without the socket. */
export function createApiHandler(options: ApiHandlerOptions): ApiHandler {
  const openApi = new OpenApi(options.cluster.types)
  return async (request, response, certificate, upgrade) => {
    let url: URL
    try {
      url = new URL(request.url ?? '/', 'http://sandbox')
    } catch {
      url = new URL('http://sandbox/')
    }
    const exchange: Exchange = { request, response, url, warnings: [], ...(upgrade === undefined ? {} : { upgrade }) }
    try {
      const caller = options.authenticator.authenticate({
        headers: request.headers,
        ...(certificate === undefined ? {} : { certificate }),
      })
      const user = impersonated(caller, request.headers, request.headersDistinct, options.authorizer)
      const info = readRequest(request.method ?? 'GET', url)
      authorize(options.authorizer, user, info)
      if (info.kind === 'resource' && !hasGroup(options.cluster, info.path)) sendText(exchange, 404, NOT_FOUND, TEXT)
      else if (info.kind === 'resource') await serveResource(options, exchange, info, user)
      else servePath(options, openApi, exchange)
    } catch (error) {
      if (!(error instanceof StatusError)) options.onError(error)
      sendStatus(exchange, error)
    }
  }
}

function authorize(authorizer: Authorizer, user: UserInfo, info: RequestInfo): void {
  const attributes: Attributes =
    info.kind === 'path'
      ? { verb: info.verb, path: info.path }
      : {
          verb: info.verb,
          group: info.group,
          resource: info.plural,
          ...(info.subresource === undefined ? {} : { subresource: info.subresource }),
          ...(info.namespace === undefined ? {} : { namespace: info.namespace }),
          ...(info.name === undefined ? {} : { name: info.name }),
        }
  if (!authorizer.authorize(user, attributes).allowed) throw forbiddenError(user, attributes)
}

function servePath({ cluster, version }: ApiHandlerOptions, openApi: OpenApi, exchange: Exchange): void {
  const { url, request } = exchange
  const path = url.pathname.replace(/\/$/, '')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new StatusError(
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
      {},
    )
  }
  if (path === '/version') return sendJson(exchange, 200, versionDocument(version))
  if (path === '/livez' || path === '/readyz' || path === '/healthz') return sendText(exchange, 200, 'ok', TEXT)
  if (path === '/openapi/v2') return sendText(exchange, 200, swagger(version), SWAGGER_TYPE)
  if (path === '/openapi/v3') return sendJson(exchange, 200, openApi.index())
  if (path.startsWith('/openapi/v3/')) {
    return sendText(exchange, 200, openApi.document(path.slice('/openapi/v3/'.length)), 'application/json')
  }
  if (path === '/api' || path === '/apis') {
    if (wantsAggregated(request.headers.accept)) {
      return sendJson(
        exchange,
        200,
        aggregatedDiscovery(cluster.types, path === '/api' ? 'api' : 'apis'),
        AGGREGATED_TYPE,
      )
    }
    return sendValue(exchange, 200, legacyDiscovery(cluster.types, path))
  }
  if (path.startsWith('/api/') || path.startsWith('/apis/')) {
    if (!hasGroup(cluster, path)) return sendText(exchange, 404, NOT_FOUND, TEXT)
    return sendValue(exchange, 200, legacyDiscovery(cluster.types, path))
  }
  if (path === '')
    return sendJson(exchange, 200, {
      paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
    })
  sendText(exchange, 404, NOT_FOUND, TEXT)
}

/** What no part of the server knows is answered by none. */
const NOT_FOUND = '404 page not found\n'
const TEXT = 'text/plain; charset=utf-8'

function hasGroup({ types }: ApiHandlerOptions['cluster'], path: string): boolean {
  const [root, group, version] = path.split('/').slice(1)
  if (root === 'api') return group === 'v1'
  return types.all().some((type) => type.group === group && (version === undefined || type.version === version))
}

function sendStatus(exchange: Exchange, error: unknown): void {
  const status =
    error instanceof StatusError
      ? error.status
      : new StatusError(500, 'InternalError', 'Internal error occurred: see the log of the sandbox').status
  if (exchange.response.headersSent) {
    exchange.response.destroy()
    return
  }
  const retryAfter = status.details?.retryAfterSeconds
  if (retryAfter !== undefined) exchange.response.setHeader('Retry-After', String(retryAfter))
  // What is left of a body that nobody reads would be taken for the next request.
  if (!exchange.request.complete) exchange.response.setHeader('Connection', 'close')
  sendValue(exchange, status.code ?? 500, { ...status, metadata: {} })
}
