import { at, messageAt, messagesAt, textAt, textsAt, type Message } from './envoy-json.ts'

/** A match of a route, as istioctl words it; headers and parameters are counted beside. */
export function describeRouteMatch(match: unknown): string {
  const prefix = textAt(match, 'prefix')
  const separated = textAt(match, 'path_separated_prefix')
  const regex = textAt(match, 'safe_regex', 'regex')
  const conditions = messagesAt(match, 'headers').length + messagesAt(match, 'query_parameters').length
  return [
    prefix === undefined ? '' : `${prefix}*`,
    separated === undefined ? '' : `PathPrefix:${separated}`,
    textAt(match, 'path') ?? '',
    regex === undefined ? '' : `regex ${regex}`,
    conditions === 0 ? '' : `(+${conditions})`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** Where a route sends a request: clusters with their shares, a redirect, or an answer of its own. */
export function describeRouteAction(route: Message): string {
  const answer = at(route, 'direct_response', 'status')
  if (answer !== undefined) return `${String(answer)}`
  if (at(route, 'redirect') !== undefined)
    return `Redirect: ${textAt(route, 'redirect', 'host_redirect') ?? textAt(route, 'redirect', 'path_redirect') ?? '/'}`
  const action = messageAt(route, 'route')
  const cluster = textAt(action, 'cluster')
  if (cluster !== undefined) return cluster
  const weighted = messagesAt(action, 'weighted_clusters', 'clusters')
  const total = weighted.reduce((sum, each) => sum + weightOf(each), 0)
  return weighted
    .map((each) => `${Math.round((weightOf(each) / (total || 1)) * 100)}% ${textAt(each, 'name') ?? ''}`)
    .join(', ')
}

/** A weight of nothing is left out of the JSON. */
const weightOf = (cluster: Message): number => Number(at(cluster, 'weight') ?? 0)

/** Domains without those that only add a port or `.svc` to another one; `istioctl` shows them so. */
export function describeDomains(domains: readonly string[]): string {
  // Each is there a second time with the dot of a full name.
  const relative = domains.filter((domain) => !domain.endsWith('.'))
  if (relative.length < 2) return relative[0] ?? domains[0] ?? ''
  const plain = relative.filter(
    (domain) => !domain.includes(':') || (domain.split(':').length > 3 && domain.endsWith(']')),
  )
  const all = new Set(plain)
  const shown = plain.filter(
    (domain) =>
      ![domain.replace(/\.svc\.cluster\.local$/, ''), domain.replace(/\.svc$/, '')].some(
        (shorter) => shorter !== domain && all.has(shorter),
      ),
  )
  return shown.length > 2 ? `${shown.slice(0, 2).join(', ')} + ${shown.length - 2}` : shown.join(', ')
}

/** What a listener with routes of its own does: a cluster where all goes there, else its matches. */
export function describeInlineRoutes(config: Message): string {
  const hosts = messagesAt(config, 'virtual_hosts')
  const [only] = hosts
  const routes = messagesAt(only, 'routes')
  const isAll = hosts.length === 1 && textsAt(only, 'domains').join() === '*' && routes.length === 1
  const cluster = textAt(routes[0], 'route', 'cluster')
  if (isAll && cluster !== undefined && textAt(routes[0], 'match', 'prefix') === '/') return describeCluster(cluster)
  const words = hosts.map((host) => {
    const domains = textsAt(host, 'domains').join('/')
    const matches = messagesAt(host, 'routes')
      .map((route) => describeRouteMatch(at(route, 'match')))
      .join(', ')
    return domains === '*' ? matches : `${domains} ${matches}`
  })
  return `Inline Route: ${words.join('; ')}`
}

/** Envoy's own clusters have no direction in their names. */
export function describeCluster(name: string): string {
  return name.includes('Cluster') ? name : `Cluster: ${name}`
}
