import type { KindId, KubeResource } from '@meshdeck/kube'
import { entries, fields, isEmpty, items, text, texts } from '../analysis/read.ts'
import { fullHost, hostCovers, serviceHost } from '../analysis/hosts.ts'
import type { GraphNode, InventoryWorkload } from './model.ts'

/** What is in force for a node, in the order that it is shown in. */
export const GRAPH_BADGES = ['rule', 'fault', 'mirror', 'breaker', 'finding'] as const
export type GraphBadge = (typeof GRAPH_BADGES)[number]

/** What badges are made of, as far as a caller sees it. */
export interface BadgeSources {
  virtualServices: readonly KubeResource[]
  destinationRules: readonly KubeResource[]
  /** Objects that an analysis has found something in. */
  found: readonly { kind: KindId; namespace: string; name: string }[]
}

interface HostBadges {
  host: string
  badges: readonly GraphBadge[]
}

/**
 * Tells what is in force for a node: rules for its host, or for the services that select its workload. Namespaces and
 * clusters have none. Whom a rule is exported to, and which of several clusters reads it, is not looked at.
 */
export function indexBadges(
  sources: BadgeSources,
): (node: GraphNode, workloads: readonly InventoryWorkload[]) => GraphBadge[] {
  const found = new Set(sources.found.map(({ kind, namespace, name }) => keyOf(kind, namespace, name)))
  const rules = [
    ...sources.virtualServices.flatMap((rule) => badgesOf('VirtualService', rule, virtualServiceBadges(rule), found)),
    ...sources.destinationRules.flatMap((rule) =>
      badgesOf('DestinationRule', rule, destinationRuleBadges(rule), found),
    ),
  ]
  const exact = Map.groupBy(rules, ({ host }) => host)
  const wild = rules.filter(({ host }) => host.startsWith('*'))

  return (node, workloads) => {
    const { namespace, name, type } = node
    const services = servicesOf(node, workloads)
    const hosts = [
      ...services.map(({ namespace: at, name: service }) => serviceHost(service, at)),
      ...(type === 'external' ? [name] : []),
    ]
    const own = hosts.flatMap((host) => [
      ...(exact.get(host) ?? []),
      ...wild.filter((rule) => hostCovers(rule.host, host)),
    ])
    const badges = new Set(own.flatMap((rule) => rule.badges))
    const objects = [
      ...services.map((service) => keyOf('Service', service.namespace, service.name)),
      ...(namespace === undefined
        ? []
        : workloads.flatMap((workload) => WORKLOADS.map((kind) => keyOf(kind, namespace, workload.name)))),
    ]
    if (objects.some((key) => found.has(key))) badges.add('finding')
    return GRAPH_BADGES.filter((badge) => badges.has(badge))
  }
}

const WORKLOADS: readonly KindId[] = ['Deployment', 'StatefulSet', 'DaemonSet']
const keyOf = (kind: KindId, namespace: string, name: string): string => `${kind} ${namespace}/${name}`

function servicesOf(
  { id, namespace, name }: GraphNode,
  workloads: readonly InventoryWorkload[],
): { namespace: string; name: string }[] {
  if (namespace === undefined) return []
  if (id.startsWith('service:')) return [{ namespace, name }]
  return workloads.flatMap(({ services = [] }) => services.map((service) => ({ namespace, name: service })))
}

function badgesOf(
  kind: KindId,
  { metadata, ...rule }: KubeResource,
  badges: readonly GraphBadge[],
  found: ReadonlySet<string>,
): HostBadges[] {
  const { namespace = '', name } = metadata
  const spec = fields(fields(rule)['spec'])
  const hosts = kind === 'VirtualService' ? texts(spec['hosts']) : [text(spec['host'])]
  const all: GraphBadge[] = [
    'rule',
    ...badges,
    ...(found.has(keyOf(kind, namespace, name)) ? (['finding'] as const) : []),
  ]
  return hosts.filter((host) => host !== '').map((host) => ({ host: fullHost(host, namespace), badges: all }))
}

function virtualServiceBadges(rule: KubeResource): GraphBadge[] {
  const routes = entries(fields(fields(rule)['spec'])['http']).map(({ value }) => value)
  return [
    ...(routes.some((route) => !isEmpty(route['fault'])) ? (['fault'] as const) : []),
    ...(routes.some((route) => !isEmpty(route['mirror']) || items(route['mirrors']).length > 0)
      ? (['mirror'] as const)
      : []),
  ]
}

/** A circuit breaker is a bound on connections, or outliers that are taken out; of all, of a port, or of a subset. */
function destinationRuleBadges(rule: KubeResource): GraphBadge[] {
  const spec = fields(fields(rule)['spec'])
  const policies = [spec, ...entries(spec['subsets']).map(({ value }) => value)].map((each) =>
    fields(each['trafficPolicy']),
  )
  const parts = policies.flatMap((policy) => [
    policy,
    ...entries(policy['portLevelSettings']).map(({ value }) => value),
  ])
  return parts.some((part) => !isEmpty(part['connectionPool']) || !isEmpty(part['outlierDetection'])) ? ['breaker'] : []
}
