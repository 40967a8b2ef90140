import { sortRows, withDistinctKeys, type ConfigRow } from './config-row.ts'
import { describeDomains, describeRouteAction, describeRouteMatch } from './describe-route.ts'
import { at, configPart, innerMessages, messagesAt, textAt, textsAt, type Message } from './envoy-json.ts'
import { fingerprint } from './fingerprint.ts'
import { originOf } from './object-origin.ts'

/** One row for each route of each virtual host; a host without any answers 404. */
export function routeRows(dump: unknown): ConfigRow[] {
  const part = configPart(dump, 'RoutesConfigDump')
  const configs = ['dynamic_route_configs', 'static_route_configs'].flatMap((kind) =>
    innerMessages(messagesAt(part, kind), 'route_config'),
  )
  return withDistinctKeys(sortRows(configs.flatMap(rowsOf), ['name']))
}

function rowsOf(config: Message): ConfigRow[] {
  const name = textAt(config, 'name') ?? ''
  return messagesAt(config, 'virtual_hosts').flatMap((host) => {
    const virtualHost = textAt(host, 'name') ?? ''
    const domains = describeDomains(textsAt(host, 'domains'))
    const routes = messagesAt(host, 'routes')
    const row = (route: Message | undefined): ConfigRow => {
      const match = route === undefined ? '/*' : describeRouteMatch(at(route, 'match'))
      const origin = originOf(at(route, 'metadata'))
      return {
        key: `${name} ${virtualHost} ${match}`,
        cells: { name, virtualHost, domains, match, destination: route ? describeRouteAction(route) : '404' },
        ...(origin === undefined ? {} : { origin }),
        resource: name,
        fingerprint: fingerprint(route ?? host),
      }
    }
    return routes.length === 0 ? [row(undefined)] : routes.map(row)
  })
}
