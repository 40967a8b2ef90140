import type { KubeResource } from '@meshdeck/kube'
import { workloadsOf } from '../analysis/pods.ts'
import { entries, fields, isEmpty, labelsIn, text, texts, type Fields } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import type { Finder } from './named-objects.ts'
import { asReferred, type Target } from './reference.ts'

const ownNamespace = ({ metadata }: KubeResource): string => metadata.namespace ?? ''

/** `namespace/name`, or a name of the own namespace. */
function splitName(name: string, own: string): [namespace: string, name: string] {
  const at = name.indexOf('/')
  return at < 0 ? [own, name] : [name.slice(0, at), name.slice(at + 1)]
}

/** What a VirtualService names: gateways, hosts, destinations with their subsets, mirrors, delegates. */
export function virtualServiceTargets(find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  const own = ownNamespace(object)
  const destination = (value: unknown, path: string): Target[] => {
    const { host, subset } = fields(value)
    return [
      ...find.host(text(host), own, `${path}.host`),
      ...find.subset(text(host), text(subset), own, `${path}.subset`),
    ]
  }
  const destinations = (route: Fields, path: string): Target[] =>
    entries(route['route']).flatMap(({ at, value }) =>
      destination(value['destination'], `${path}.route[${at}].destination`),
    )
  return [
    ...texts(spec['gateways']).flatMap((gateway, at) =>
      gateway === 'mesh' ? [] : find.object('Gateway', ...splitName(gateway, own), `spec.gateways[${at}]`),
    ),
    ...texts(spec['hosts']).flatMap((host, at) => find.host(host, own, `spec.hosts[${at}]`)),
    ...entries(spec['http']).flatMap(({ at, value }) => {
      const path = `spec.http[${at}]`
      const delegate = fields(value['delegate'])
      return [
        ...destinations(value, path),
        ...destination(value['mirror'], `${path}.mirror`),
        ...entries(value['mirrors']).flatMap((each) =>
          destination(each.value['destination'], `${path}.mirrors[${each.at}].destination`),
        ),
        ...(isEmpty(delegate)
          ? []
          : find.object(
              'VirtualService',
              text(delegate['namespace']) || own,
              text(delegate['name']),
              `${path}.delegate`,
            )),
        ...gatewaysOfMatches(find, value, own, path),
      ]
    }),
    ...(['tls', 'tcp'] as const).flatMap((protocol) =>
      entries(spec[protocol]).flatMap(({ at, value }) => [
        ...destinations(value, `spec.${protocol}[${at}]`),
        ...gatewaysOfMatches(find, value, own, `spec.${protocol}[${at}]`),
      ]),
    ),
  ]
}

function gatewaysOfMatches(find: Finder, route: Fields, own: string, path: string): Target[] {
  return entries(route['match']).flatMap(({ at, value }) =>
    texts(value['gateways']).flatMap((gateway, index) =>
      gateway === 'mesh'
        ? []
        : find.object('Gateway', ...splitName(gateway, own), `${path}.match[${at}].gateways[${index}]`),
    ),
  )
}

/** What a DestinationRule is about: its host, and the workloads whose proxies it is for. */
export function destinationRuleTargets(world: World, find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  return [
    ...find.host(text(spec['host']), ownNamespace(object), 'spec.host'),
    ...workloadTargets(
      world,
      object,
      fields(spec['workloadSelector'])['matchLabels'],
      'spec.workloadSelector.matchLabels',
    ),
  ]
}

/** The pods of a Gateway, by the workloads that make them. */
export function gatewayTargets(world: World, object: KubeResource): Target[] {
  const selector = fields(object.spec)['selector']
  if (isEmpty(selector)) return []
  return (['Deployment', 'DaemonSet', 'StatefulSet'] as const).flatMap((kind) =>
    world.everywhere(kind).flatMap(({ cluster, object: workload }) => {
      const labels = labelsIn(fields(fields(fields(fields(workload.spec)['template'])['metadata'])['labels']))
      const isMeant = Object.entries(labelsIn(selector)).every(([key, value]) => labels[key] === value)
      return isMeant
        ? [{ to: asReferred(cluster, kind, workload), path: 'spec.selector', part: 'labels' as const }]
        : []
    }),
  )
}

/** What a ServiceEntry selects: machines, and workloads by their pods. */
export function serviceEntryTargets(world: World, object: KubeResource): Target[] {
  const labels = fields(fields(object.spec)['workloadSelector'])['labels']
  if (isEmpty(labels)) return []
  const path = 'spec.workloadSelector.labels'
  return [
    ...machineTargets(world, ownNamespace(object), labelsIn(labels), path),
    ...workloadTargets(world, object, labels, path).map(({ loose: _loose, ...target }) => target),
  ]
}

/** Machines and groups of them that labels select, as Services and ServiceEntries do. */
export function machineTargets(
  world: World,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  path: string,
): Target[] {
  const isMeant = (own: Record<string, string>): boolean =>
    Object.entries(labels).every(([key, value]) => own[key] === value)
  const labelsOf = {
    WorkloadEntry: (object: KubeResource) => labelsIn(fields(object.spec)['labels']),
    WorkloadGroup: (object: KubeResource) => labelsIn(fields(fields(object.spec)['metadata'])['labels']),
  }
  return (['WorkloadEntry', 'WorkloadGroup'] as const).flatMap((kind) =>
    world
      .all(kind)
      .filter((object) => ownNamespace(object) === namespace && isMeant(labelsOf[kind](object)))
      .map((object) => ({ to: asReferred(world.cluster, kind, object), path, part: 'labels' as const })),
  )
}

/** Workloads whose pods labels select, in the namespace of the object that selects; none where nothing is selected. */
export function workloadTargets(world: World, object: KubeResource, labels: unknown, path: string): Target[] {
  const own = ownNamespace(object)
  if (isEmpty(labels)) return []
  // In the root namespace a selector is for all namespaces.
  const namespaces = own === world.facts.rootNamespace ? [...new Set(podsNamespaces(world))] : [own]
  return namespaces.flatMap((namespace) =>
    workloadsOf(world)
      .select(namespace, labelsIn(labels))
      .map(({ cluster, object: workload }) => ({
        to: asReferred(cluster, workload.kind, workload),
        path,
        part: 'labels' as const,
        loose: true as const,
      })),
  )
}

function podsNamespaces(world: World): readonly string[] {
  return world.derive('workload-namespaces', ['Deployment', 'StatefulSet', 'DaemonSet'], () =>
    (['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap((kind) =>
      world.everywhere(kind).map(({ object }) => ownNamespace(object)),
    ),
  )
}

/** What a machine belongs to, and runs as. */
export function workloadEntryTargets(find: Finder, object: KubeResource): Target[] {
  const own = ownNamespace(object)
  const group = object.metadata.annotations?.['istio.io/autoRegistrationGroup']
  return [
    ...find.object('ServiceAccount', own, text(fields(object.spec)['serviceAccount']), 'spec.serviceAccount'),
    ...(group === undefined
      ? []
      : find.object('WorkloadGroup', own, group, 'metadata.annotations["istio.io/autoRegistrationGroup"]')),
  ]
}

/** The namespace that an object is for as a whole. */
export function namespaceTargets(world: World, object: KubeResource): Target[] {
  const to = { cluster: world.cluster, kind: 'Namespace' as const, namespace: '', name: ownNamespace(object) }
  return [{ to, path: 'metadata.namespace', part: 'object', loose: true }]
}

/**
 * Hosts that a Sidecar lets proxies know (`namespace/host`), where calls to unknown hosts go, and the workloads or the
 * namespace that it is for.
 */
export function sidecarTargets(world: World, find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  const own = ownNamespace(object)
  const proxy = fields(fields(spec['outboundTrafficPolicy'])['egressProxy'])
  const labels = fields(spec['workloadSelector'])['labels']
  return [
    ...entries(spec['egress']).flatMap(({ at, value }) =>
      texts(value['hosts']).flatMap((each, index) => {
        const [namespace, host] = splitName(each, own)
        // A wildcard goes on without any one of them.
        if (host.startsWith('*')) return []
        const from = namespace === '.' || namespace === '*' || namespace === '~' ? own : namespace
        return find.host(host, from, `spec.egress[${at}].hosts[${index}]`)
      }),
    ),
    ...find.host(text(proxy['host']), own, 'spec.outboundTrafficPolicy.egressProxy.host'),
    ...find.subset(text(proxy['host']), text(proxy['subset']), own, 'spec.outboundTrafficPolicy.egressProxy.subset'),
    ...(isEmpty(labels)
      ? namespaceTargets(world, object)
      : workloadTargets(world, object, labels, 'spec.workloadSelector.labels')),
  ]
}

/** What a Service selects, beside pods that come and go. */
export function serviceTargets(world: World, object: KubeResource): Target[] {
  const selector = fields(object.spec)['selector']
  if (isEmpty(selector)) return []
  const { namespace = '' } = object.metadata
  return [
    ...machineTargets(world, namespace, labelsIn(selector), 'spec.selector'),
    ...workloadsOf(world)
      .select(namespace, labelsIn(selector))
      .map(({ cluster, object: workload }) => ({
        to: asReferred(cluster, workload.kind, workload),
        path: 'spec.selector',
        part: 'labels' as const,
      })),
  ]
}
