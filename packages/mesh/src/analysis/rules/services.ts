import { NEVER_INJECTED_NAMESPACES, type KubeResource } from '@meshdeck/kube'
import { isGatewayWorkload } from '../../istio/gateways.ts'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { templateLabels, workloadsOf, type Placed, type Templated } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, number, text } from '../read.ts'
import { protocolOfPort } from '../registry.ts'
import { SERVICE_ROUTES, versionSelectedBy, versionServices } from '../version-services.ts'
import type { World } from '../world.ts'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'Service',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** Whether a service is Kubernetes' or Istio's own, which nobody here can change. */
function isSystem(world: World, { metadata }: KubeResource): boolean {
  const { namespace = '', labels = {} } = metadata
  return (
    NEVER_INJECTED_NAMESPACES.includes(namespace) ||
    namespace === world.facts.rootNamespace ||
    (namespace === 'default' && metadata.name === 'kubernetes') ||
    labels['gateway.istio.io/managed'] !== undefined
  )
}

const ports: Rule = {
  name: 'ports of services say their protocol',
  reads: ['Service'],
  *run(world) {
    for (const object of world.all('Service')) {
      if (isSystem(world, object)) continue
      const isExternal = text(fields(object.spec)['type']) === 'ExternalName'
      for (const { at, value } of entries(fields(object.spec)['ports'])) {
        const name = text(value['name'])
        const port = String(number(value['port']) ?? '')
        const app = value['appProtocol']
        if (text(value['protocol']) === 'UDP') continue
        const path = `spec.ports[${at}]`
        if (isExternal) {
          const protocol = protocolOfPort(value)
          if (protocol === '' || protocol === 'tcp')
            yield say(object, { code: 'IST0150', path: `${path}.name`, values: { port, name } })
          continue
        }
        if (protocolOfPort(value) !== '') continue
        yield app === undefined
          ? say(object, { code: 'IST0118', path: `${path}.name`, values: { port, name } })
          : say(object, { code: 'MD0602', path: `${path}.appProtocol`, values: { port, protocol: text(app) } })
      }
    }
  },
}

/** Workloads that a service sends to, in its own cluster. */
function behind(world: World, cluster: string, service: KubeResource): readonly Placed<Templated>[] {
  const selector = labelsIn(fields(service.spec)['selector'])
  if (isEmpty(selector)) return []
  return workloadsOf(world)
    .select(service.metadata.namespace ?? '', selector)
    .filter((each) => each.cluster === cluster)
}

const WORKLOAD_READS = ['Service', 'Deployment', 'StatefulSet', 'DaemonSet'] as const

const targets: Rule = {
  name: 'services send to ports that are there',
  reads: WORKLOAD_READS,
  *run(world) {
    for (const object of world.all('Service')) {
      if (isSystem(world, object)) continue
      const workloads = behind(world, world.cluster, object)
      const exposed = workloads.flatMap(({ object: workload }) => containerPorts(workload))
      // Who declares no ports at all promises nothing.
      if (exposed.length === 0) continue
      for (const { at, value } of entries(fields(object.spec)['ports'])) {
        const target = value['targetPort'] ?? value['port']
        const isThere = exposed.some(({ name, port }) => name === target || port === number(target))
        if (!isThere)
          yield say(object, {
            code: 'MD0701',
            path: `spec.ports[${at}].targetPort`,
            values: {
              port: String(target),
              workloads: workloads.map(({ object: workload }) => workload.metadata.name).join(', '),
            },
          })
      }
    }
  },
}

function containerPorts({ spec }: Templated): { name: string; port: number | undefined }[] {
  return entries(fields(fields(spec.template)['spec'])['containers']).flatMap(({ value }) =>
    entries(value['ports']).map((each) => ({
      name: text(each.value['name']),
      port: number(each.value['containerPort']),
    })),
  )
}

const shared: Rule = {
  name: 'services share workloads without contradiction',
  reads: [...WORKLOAD_READS, ...SERVICE_ROUTES],
  *run(world) {
    const isMeant = versionServices(world)
    const byWorkload = new Map<Templated, KubeResource[]>()
    for (const object of world.all('Service')) {
      if (isSystem(world, object) || isMeant(object)) continue
      for (const { object: workload } of behind(world, world.cluster, object))
        byWorkload.set(workload, [...(byWorkload.get(workload) ?? []), object])
    }
    for (const [workload, services] of byWorkload) {
      const kind = workload.kind as 'Deployment'
      if (services.length < 2 || isGatewayWorkload(templateLabels(workload))) continue
      const named = services.map(nameOf).join(', ')
      const all = services.flatMap((service) =>
        entries(fields(service.spec)['ports']).map(({ value }) => ({
          service,
          port: number(value['port']),
          protocol: text(value['protocol']) || 'TCP',
          target: String(value['targetPort'] ?? value['port']),
        })),
      )
      const clash = all.find((a) => all.some((b) => b.port === a.port && b.protocol !== a.protocol))
      if (clash !== undefined)
        yield { object: workload, kind, code: 'IST0116', values: { services: named, port: String(clash.port) } }
      const differing = all.find((a) =>
        all.some((b) => b.service !== a.service && b.target === a.target && b.port !== a.port),
      )
      if (differing !== undefined)
        yield { object: workload, kind, code: 'IST0137', values: { services: named, port: differing.target } }
      if (clash === undefined && differing === undefined && services.some((each) => !isHeadless(each)))
        yield { object: workload, kind, code: 'MD2002', values: { services: named } }
    }
  },
}

const isHeadless = (service: KubeResource): boolean => fields(service.spec)['clusterIP'] === 'None'

const clusters: Rule = {
  name: 'a service is the same in all clusters',
  reads: WORKLOAD_READS,
  *run(world) {
    if (world.input.members.length === 0) return
    const own = new Map(world.all('Service').map((object) => [nameOf(object), object]))
    for (const { cluster, objects } of world.input.members) {
      for (const other of objects.get('Service') ?? []) {
        const object = own.get(nameOf(other))
        if (object === undefined || isSystem(world, object)) continue
        const differing = differences(object, other)
        if (differing.length > 0)
          yield say(object, { code: 'IST0170', values: { differing: differing.join(', '), other: cluster } })
      }
    }
  },
}

/** What the diagnosis of the reference compares, and what istioctl does. */
function differences(a: KubeResource, b: KubeResource): string[] {
  const [left, right] = [fields(a.spec), fields(b.spec)]
  const portsOf = (spec: typeof left): string =>
    entries(spec['ports'])
      .map(({ value }) => [number(value['port']), text(value['name']), text(value['appProtocol'])].join('/'))
      .toSorted()
      .join(',')
  const sorted = (value: unknown): string => JSON.stringify(Object.entries(labelsIn(value)).toSorted())
  return [
    ...(portsOf(left) === portsOf(right) ? [] : ['ports']),
    ...((text(left['type']) || 'ClusterIP') === (text(right['type']) || 'ClusterIP') ? [] : ['type']),
    ...(isHeadless(a) === isHeadless(b) ? [] : ['headless']),
    ...(sorted(left['selector']) === sorted(right['selector']) ? [] : ['selector']),
    ...(text(left['sessionAffinity']) === text(right['sessionAffinity']) ? [] : ['sessionAffinity']),
  ]
}

const selectors: Rule = {
  name: 'services select all versions, save those that routes send to',
  reads: ['Service', ...SERVICE_ROUTES],
  *run(world) {
    const isMeant = versionServices(world)
    for (const object of world.all('Service')) {
      const version = versionSelectedBy(object)
      if (version !== undefined && !isSystem(world, object) && !isMeant(object))
        yield say(object, {
          code: 'MD2001',
          path: 'spec.selector.version',
          values: { version },
          fix: [{ op: 'remove', path: ['spec', 'selector', 'version'] }],
        })
    }
  },
}

const withoutService: Rule = {
  name: 'workloads have a service in their cluster',
  reads: WORKLOAD_READS,
  *run(world) {
    for (const member of world.input.members) {
      const services = member.objects.get('Service') ?? []
      for (const object of world.all('Service')) {
        const { namespace, name } = object.metadata
        const isThere = services.some(({ metadata }) => metadata.namespace === namespace && metadata.name === name)
        if (!isThere && !isSystem(world, object) && behind(world, member.cluster, object).length > 0)
          yield say(object, { code: 'MD2006', values: { cluster: member.cluster } })
      }
    }
  },
}

export const serviceRules: readonly Rule[] = [ports, targets, shared, clusters, selectors, withoutService]
