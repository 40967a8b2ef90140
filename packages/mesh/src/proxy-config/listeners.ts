import { sortRows, withDistinctKeys, type ConfigRow } from './config-row.ts'
import { describeCluster, describeInlineRoutes } from './describe-route.ts'
import { at, configPart, messageAt, messagesAt, numberAt, textAt, textsAt, type Message } from './envoy-json.ts'
import { fingerprint } from './fingerprint.ts'
import { originOf } from './object-origin.ts'

/** Sets of protocols that Istio asks for, by the names that istioctl gives them. */
const PROTOCOL_SETS: Readonly<Record<string, string>> = {
  'http/1.0,http/1.1,h2c,istio-http/1.0,istio-http/1.1,istio-h2': 'App: HTTP TLS',
  'istio,istio-http/1.0,istio-http/1.1,istio-h2': 'App: Istio HTTP Plain',
  'istio-peer-exchange,istio': 'App: TCP TLS',
  'http/1.0,http/1.1,h2c': 'App: HTTP',
}

/** One row for each filter chain: what it takes, and where that goes. */
export function listenerRows(dump: unknown): ConfigRow[] {
  const part = configPart(dump, 'ListenersConfigDump')
  const rows = [
    ...messagesAt(part, 'dynamic_listeners').flatMap((each) => {
      const [state, holder] = stateOf(each)
      const listener = messageAt(holder, 'listener')
      const error = textAt(each, 'error_state', 'details')
      return listener === undefined
        ? [failedRow(textAt(each, 'name') ?? '', error)]
        : chainRows(listener, error === undefined ? state : 'rejected')
    }),
    ...messagesAt(part, 'static_listeners').flatMap((each) => chainRows(messageAt(each, 'listener') ?? {}, 'static')),
  ]
  return withDistinctKeys(sortRows(rows, ['port', 'address']))
}

function stateOf(dynamic: Message): [state: string, holder: unknown] {
  for (const state of ['active', 'warming', 'draining']) {
    const holder = at(dynamic, `${state}_state`)
    if (holder !== undefined) return [state, holder]
  }
  return ['warming', undefined]
}

/** A listener that Envoy never took. */
function failedRow(name: string, error = ''): ConfigRow {
  return {
    key: name,
    cells: { address: '', port: 0, match: '', destination: error, state: 'rejected' },
    resource: name,
    fingerprint: fingerprint([name, error]),
  }
}

function chainRows(listener: Message, state: string): ConfigRow[] {
  const name = textAt(listener, 'name') ?? ''
  const addresses = [
    at(listener, 'address'),
    ...messagesAt(listener, 'additional_addresses').map((each) => at(each, 'address')),
  ]
  const address = addresses
    .map(addressText)
    .filter((each) => each !== '')
    .join(',')
  const port = numberAt(listener, 'address', 'socket_address', 'port_value') ?? 0
  const fallback = messageAt(listener, 'default_filter_chain')
  return [...messagesAt(listener, 'filter_chains'), ...(fallback ? [fallback] : [])].map((chain) => {
    const match = describeChainMatch(at(chain, 'filter_chain_match'))
    const destination = describeFilters(messagesAt(chain, 'filters'))
    const origin = originOf(at(chain, 'metadata')) ?? originOf(at(listener, 'metadata'))
    return {
      key: `${name} ${textAt(chain, 'name') ?? ''} ${match}`,
      cells: { address, port, match, destination, state },
      ...(origin === undefined ? {} : { origin }),
      resource: name,
      fingerprint: fingerprint(chain),
    }
  })
}

/** Of a socket, a pipe or another listener inside of the proxy. */
export function addressText(address: unknown): string {
  const pipe = textAt(address, 'pipe', 'path')
  const internal = textAt(address, 'envoy_internal_address', 'server_listener_name')
  if (pipe !== undefined) return `unix://${pipe}`
  if (internal !== undefined)
    return `envoy://${internal}/${textAt(address, 'envoy_internal_address', 'endpoint_id') ?? ''}`
  return textAt(address, 'socket_address', 'address') ?? ''
}

function describeChainMatch(match: unknown): string {
  const names = textsAt(match, 'server_names')
  const transport = textAt(match, 'transport_protocol')
  const protocols = textsAt(match, 'application_protocols').join(',')
  const port = numberAt(match, 'destination_port')
  const ranges = messagesAt(match, 'prefix_ranges').map(
    (range) => `${textAt(range, 'address_prefix') ?? ''}/${numberAt(range, 'prefix_len') ?? 0}`,
  )
  const target = ranges.length > 0 ? ranges.join(',') : port === undefined ? '' : '*'
  const parts = [
    names.length === 0 ? '' : `SNI: ${names.join(',')}`,
    transport === undefined ? '' : `Trans: ${transport}`,
    protocols === '' ? '' : (PROTOCOL_SETS[protocols] ?? `App: ${protocols}`),
    target === '' ? '' : `Addr: ${target}${port === undefined ? '' : `:${port}`}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'ALL' : parts.join('; ')
}

function describeFilters(filters: readonly Message[]): string {
  for (const filter of filters) {
    const config = at(filter, 'typed_config')
    if (filter['name'] === 'envoy.filters.network.http_connection_manager') {
      const routes = messageAt(config, 'route_config')
      if (routes !== undefined) return describeInlineRoutes(routes)
      const name = textAt(config, 'rds', 'route_config_name')
      return name === undefined ? 'HTTP' : `Route: ${name}`
    }
    const cluster = textAt(config, 'cluster')
    if (filter['name'] === 'envoy.filters.network.tcp_proxy' && cluster !== 'BlackHoleCluster') {
      const weighted = messagesAt(config, 'weighted_clusters', 'clusters').flatMap((each) => textAt(each, 'name') ?? [])
      return describeCluster(cluster ?? weighted.join(', '))
    }
  }
  return 'Non-HTTP/Non-TCP'
}
