/** Codes about proxies that the console names. Apart from the schemas, which a browser does not need. */

/** Of all that was sent, the worst, in the order of how bad it is; `disconnected` is a proxy of which no istiod knows. */
export const PROXY_STATES = [
  'ignored',
  'not-sent',
  'synced',
  'stale',
  'never-acked',
  'rejected',
  'disconnected',
] as const
export type ProxyState = (typeof PROXY_STATES)[number]

/** In Envoy's words, from most to least. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
