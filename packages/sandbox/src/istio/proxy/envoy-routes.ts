import { listAt, numberAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import { serviceName } from '../../traffic/rules.ts'
import { configPath } from './envoy-clusters.ts'
import type { ProxyView } from './envoy-clusters.ts'
import type { MeshPort, MeshService } from './mesh-services.ts'

const ROUTES = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration'

export interface GatewayServer {
  /** Where the gateway's pod listens. */
  readonly port: number
  readonly hosts: readonly string[]
  /** `namespace/name` of the Gateway. */
  readonly gateway: string
}

/** Route tables of a sidecar, one for each number of a port that speaks HTTP. */
export function sidecarRoutes(view: ProxyView): readonly Record<string, unknown>[] {
  const ports = new Set(
    view.services.flatMap(({ ports: all }) => all.filter(({ isHttp }) => isHttp).map(({ port }) => port)),
  )
  return [...ports]
    .toSorted((a, b) => a - b)
    .map((number) => ({
      '@type': ROUTES,
      name: String(number),
      virtual_hosts: [
        ...view.services.flatMap((service) =>
          service.ports
            .filter(({ port, isHttp }) => isHttp && port === number)
            .map((port) => serviceHost(view, service, port)),
        ),
        {
          name: 'allow_any',
          domains: ['*'],
          routes: [
            { name: 'allow_any', match: { prefix: '/' }, route: { cluster: 'PassthroughCluster', timeout: '0s' } },
          ],
        },
      ],
      validate_clusters: false,
    }))
}

function serviceHost({ rules, pod }: ProxyView, service: MeshService, { port }: MeshPort): Record<string, unknown> {
  const short = `${service.name}.${service.namespace}`
  const [rule] = rules.virtualServicesFor(service.isExternal ? service.host : short)
  const domains = service.isExternal
    ? [service.host]
    : [
        service.host,
        ...(pod.metadata.namespace === service.namespace ? [service.name] : []),
        `${short}.svc`,
        short,
        ...(service.address === undefined ? [] : [service.address]),
      ]
  const whole = { match: { prefix: '/' }, route: { cluster: `outbound|${port}||${service.host}`, timeout: '0s' } }
  return {
    name: `${service.host}:${port}`,
    domains,
    routes:
      rule === undefined
        ? [{ name: 'default', ...whole, decorator: { operation: `${service.host}:${port}/*` } }]
        : rulesOf(rule, 'mesh', port),
    include_request_attempt_count: true,
  }
}

/** Route tables of a gateway, by the port that it listens on. */
export function gatewayRoutes(
  { own }: ProxyView,
  servers: readonly GatewayServer[],
): readonly Record<string, unknown>[] {
  const rules = own.api.list('networking.istio.io/virtualservices')
  return [...Map.groupBy(servers, ({ port }) => port)].map(([port, ofPort]) => {
    const hosts = ofPort.flatMap(({ hosts: all, gateway }) =>
      rules.flatMap((rule) => {
        const bound = listAt(rule, 'spec', 'gateways').map(String)
        const isBound = bound.some(
          (each) => (each.includes('/') ? each : `${rule.metadata.namespace ?? ''}/${each}`) === gateway,
        )
        if (!isBound) return []
        return listAt(rule, 'spec', 'hosts')
          .map(String)
          .filter((host) => all.some((each) => each === '*' || each === host || each.endsWith(`/${host}`)))
          .map((host) => ({
            name: `${host}:80`,
            domains: [host],
            routes: rulesOf(rule, gateway.split('/')[1] ?? '', 80),
          }))
      }),
    )
    const nowhere = { name: `blackhole:${port}`, domains: ['*'] }
    return {
      '@type': ROUTES,
      name: `http.${port}`,
      virtual_hosts: hosts.length === 0 ? [nowhere] : hosts,
      validate_clusters: false,
    }
  })
}

/** Routes of a VirtualService for one port, as those who come through `gateway` get them. */
function rulesOf(rule: KubeObject, gateway: string, port: number): readonly unknown[] {
  const metadata = { filter_metadata: { istio: { config: configPath(rule, 'virtual-service') } } }
  return listAt(rule, 'spec', 'http').flatMap((http) => {
    const matches = listAt(http, 'match').filter((match) => {
      const gateways = listAt(match, 'gateways')
      return gateways.length === 0 || gateways.includes(gateway)
    })
    if (listAt(http, 'match').length > 0 && matches.length === 0) return []
    return (matches.length === 0 ? [undefined] : matches).map((match) => ({
      ...(textAt(http, 'name') === undefined ? {} : { name: textAt(http, 'name') }),
      match: matchOf(match),
      ...actionOf(http, rule, port),
      metadata,
    }))
  })
}

function matchOf(match: unknown): Record<string, unknown> {
  const uri = recordAt(match, 'uri')
  const headers = Object.entries(recordAt(match, 'headers')).map(([name, value]) => ({
    name,
    string_match:
      textAt(value, 'exact') === undefined
        ? { prefix: textAt(value, 'prefix') ?? '' }
        : { exact: textAt(value, 'exact') },
  }))
  const path =
    typeof uri['exact'] === 'string'
      ? { path: uri['exact'] }
      : typeof uri['regex'] === 'string'
        ? { safe_regex: { regex: uri['regex'] } }
        : { prefix: typeof uri['prefix'] === 'string' ? uri['prefix'] : '/' }
  return { ...path, case_sensitive: true, ...(headers.length === 0 ? {} : { headers }) }
}

function actionOf(http: unknown, { metadata }: KubeObject, port: number): Record<string, unknown> {
  const redirect = recordAt(http, 'redirect')
  if (Object.keys(redirect).length > 0)
    return { redirect: { path_redirect: redirect['uri'], host_redirect: redirect['authority'] } }
  const clusters = listAt(http, 'route').map((each) => {
    const host = textAt(each, 'destination', 'host') ?? ''
    const isShort = !host.includes('.')
    const full =
      isShort || host.endsWith('.svc.cluster.local')
        ? `${serviceName(host, metadata.namespace ?? '')}.svc.cluster.local`
        : host
    const number = numberAt(each, 'destination', 'port', 'number') ?? port
    return {
      name: `outbound|${number}|${textAt(each, 'destination', 'subset') ?? ''}|${full}`,
      weight: numberAt(each, 'weight') ?? 0,
    }
  })
  const timeout = textAt(http, 'timeout') ?? '0s'
  const [only] = clusters
  return clusters.length === 1
    ? { route: { cluster: only?.name, timeout } }
    : { route: { weighted_clusters: { clusters }, timeout } }
}
