import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, text } from '../analysis/read.ts'
import type { Finder } from './named-objects.ts'
import type { Target } from './reference.ts'

/** A name that istiod gives to clusters of Envoy: `outbound|80|v1|cart.shop.svc.cluster.local`, or the same with `_.`. */
const CLUSTER_NAME = /^outbound(?:\|\d+\|(?<subset>[^|]*)\||_\.\d+_\.(?<mark>.*?)_\.)(?<host>[^|]+)$/

/**
 * What the patches of an EnvoyFilter name: hosts and gateways that they look for, which nothing breaks without, and
 * clusters that the configuration they bring sends requests to.
 * Source: https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-EnvoyConfigObjectMatch
 */
export function envoyFilterTargets(find: Finder, object: KubeResource): Target[] {
  const { namespace = '' } = object.metadata
  const named = (name: string, path: string): Target[] => {
    const { host = '', subset, mark } = CLUSTER_NAME.exec(name)?.groups ?? {}
    return [...find.host(host, namespace, path), ...find.subset(host, subset ?? mark ?? '', namespace, path)]
  }
  return entries(fields(object.spec)['configPatches']).flatMap(({ at, value }) => {
    const path = `spec.configPatches[${at}]`
    const match = fields(value['match'])
    const cluster = fields(match['cluster'])
    const routes = fields(match['routeConfiguration'])
    const vhost = fields(routes['vhost'])
    const service = text(cluster['service'])
    const [place = '', gateway = ''] = text(routes['gateway']).split('/')
    return [
      ...[
        ...find.host(service, namespace, `${path}.match.cluster.service`),
        ...find.subset(service, text(cluster['subset']), namespace, `${path}.match.cluster.subset`),
        ...named(text(cluster['name']), `${path}.match.cluster.name`),
        // A virtual host is called by its host and port: `cart.shop.svc.cluster.local:80`.
        ...find.host(hostOf(text(vhost['name'])), namespace, `${path}.match.routeConfiguration.vhost.name`),
        ...find.host(hostOf(text(vhost['domainName'])), namespace, `${path}.match.routeConfiguration.vhost.domainName`),
        ...find.object('Gateway', place, gateway, `${path}.match.routeConfiguration.gateway`),
      ].map((target): Target => ({ ...target, loose: true })),
      ...textsIn(fields(value['patch'])['value'], `${path}.patch.value`).flatMap(([each, where]) => named(each, where)),
    ]
  })
}

/** Without the port; nothing of a pattern, which goes on without any one host. */
const hostOf = (name: string): string => (name.includes('*') ? '' : name.replace(/:\d+$/, ''))

/** Every text in a value, with its path. */
function textsIn(value: unknown, path: string): [text: string, path: string][] {
  if (typeof value === 'string') return [[value, path]]
  if (Array.isArray(value)) return value.flatMap((each, at) => textsIn(each, `${path}[${at}]`))
  return Object.entries(fields(value)).flatMap(([key, each]) =>
    textsIn(each, /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`),
  )
}
