import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { stringify } from 'yaml'

/** The connection of a request that asks to go on with another protocol. */
export interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}

/** One request and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  /** Lines for the `Warning` header. */
  readonly warnings: string[]
  readonly upgrade?: Upgrade
}

export function sendJson(exchange: Exchange, code: number, value: unknown, contentType = 'application/json'): void {
  sendText(exchange, code, JSON.stringify(value), contentType)
}

/** In the format that the client prefers among those we write. */
export function sendValue(exchange: Exchange, code: number, value: unknown): void {
  const accept = exchange.request.headers.accept ?? ''
  if (accept.split(',')[0]?.trim().startsWith('application/yaml') === true) {
    sendText(exchange, code, stringify(value), 'application/yaml')
  } else sendJson(exchange, code, value)
}

export function sendText(
  { response, request, warnings }: Exchange,
  code: number,
  text: string,
  contentType: string,
): void {
  if (response.headersSent || response.destroyed) return
  response.statusCode = code
  response.setHeader('Content-Type', contentType)
  response.setHeader('Cache-Control', 'no-cache, private')
  if (warnings.length > 0) {
    response.setHeader(
      'Warning',
      warnings.map((text_) => `299 - ${JSON.stringify(headerText(text_))}`),
    )
  }
  const body = Buffer.from(text)
  response.setHeader('Content-Length', body.length)
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Header fields are one line of printable ASCII (RFC 9110, section 5.5). */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ')
}
