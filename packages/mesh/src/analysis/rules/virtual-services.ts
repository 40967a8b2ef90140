import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { fullHost, hostsOverlap } from '../hosts.ts'
import { entries, fields, number, text, texts, type Fields } from '../read.ts'
import { isVisible, registryOf } from '../registry.ts'
import { subsetsOf } from './destination-rules.ts'

export const MESH_GATEWAY = 'mesh'

/** A place that a virtual service sends requests to. */
export interface RouteTarget {
  path: string
  host: string
  subset: string
  port: number | undefined
  weight: number | undefined
  /** Whether it is a copy of requests only. */
  mirror: boolean
}

/** Every destination of a virtual service, with where it stands. */
export function targetsOf(object: KubeResource): RouteTarget[] {
  const spec = fields(object.spec)
  return (['http', 'tls', 'tcp'] as const).flatMap((protocol) =>
    entries(spec[protocol]).flatMap(({ at, value: route }) => {
      const path = `spec.${protocol}[${at}]`
      const own = entries(route['route']).map(({ at: index, value }) =>
        target(`${path}.route[${index}].destination`, fields(value['destination']), false, number(value['weight'])),
      )
      const mirror = route['mirror'] === undefined ? [] : [target(`${path}.mirror`, fields(route['mirror']), true)]
      const mirrors = entries(route['mirrors']).map(({ at: index, value }) =>
        target(`${path}.mirrors[${index}].destination`, fields(value['destination']), true),
      )
      return [...own, ...mirror, ...mirrors]
    }),
  )
}

function target(path: string, destination: Fields, mirror: boolean, weight?: number): RouteTarget {
  return {
    path,
    host: text(destination['host']),
    subset: text(destination['subset']),
    port: number(fields(destination['port'])['number']),
    weight,
    mirror,
  }
}

/** `namespace/name` of a gateway as a rule in `namespace` names it. */
export function gatewayKey(name: string, namespace: string): string {
  if (name.includes('/')) return name
  // `name.namespace.svc.cluster.local` is how early Istio named them.
  const [short = '', place] = name.split('.')
  return place === undefined ? `${namespace}/${name}` : `${place}/${short}`
}

export const gatewaysOf = (object: KubeResource): string[] => texts(fields(object.spec)['gateways'])
export const hostsOf = (object: KubeResource): string[] => texts(fields(object.spec)['hosts'])
const isInMesh = (object: KubeResource): boolean => {
  const gateways = gatewaysOf(object)
  return gateways.length === 0 || gateways.includes(MESH_GATEWAY)
}
const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'VirtualService',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`

const destinations: Rule = {
  name: 'destinations of virtual services exist',
  reads: ['VirtualService', 'Service', 'ServiceEntry', 'DestinationRule'],
  *run(world) {
    const registry = registryOf(world)
    const seesHosts = world.sees('Service', 'ServiceEntry')
    for (const object of world.all('VirtualService')) {
      const { namespace = '' } = object.metadata
      for (const { path, host, subset, port, mirror } of targetsOf(object)) {
        if (host === '') continue
        const full = fullHost(host, namespace)
        const found = registry.covering(full, namespace)
        if (found.length === 0) {
          if (seesHosts && registry.all.some((each) => each.host === full))
            yield say(object, { code: 'MD1117', path: `${path}.host`, values: { host: full, namespace } })
          else if (seesHosts)
            yield say(object, {
              code: 'IST0101',
              path: `${path}.host`,
              values: { what: mirror ? 'mirrorHost' : 'host', name: full },
            })
          continue
        }
        const ports = [...new Set(found.flatMap((each) => each.ports.map((one) => one.number)))]
        if (port !== undefined && ports.length > 0 && !ports.includes(port))
          yield say(object, {
            code: 'IST0101',
            path: `${path}.port.number`,
            values: { what: 'hostPort', name: `${full}:${port}` },
          })
        if (port === undefined && ports.length > 1 && found.some(({ kind }) => kind === 'Service'))
          yield say(object, {
            code: 'IST0112',
            path: `${path}.port`,
            values: { host: full, ports: ports.join(', ') },
          })
        if (subset !== '' && world.sees('DestinationRule') && !subsetsOf(world, full, namespace).has(subset))
          yield say(object, {
            code: 'IST0101',
            path: `${path}.subset`,
            values: { what: 'subset', name: `${full}+${subset}` },
          })
      }
    }
  },
}

const gateways: Rule = {
  name: 'gateways of virtual services exist and take their hosts',
  reads: ['VirtualService', 'Gateway', 'K8sGateway'],
  *run(world) {
    const known = world.derive(
      'gateway-hosts',
      ['Gateway'],
      () =>
        new Map(
          world
            .all('Gateway')
            .map((gateway) => [
              nameOf(gateway),
              entries(fields(gateway.spec)['servers']).flatMap(({ value }) => texts(value['hosts'])),
            ]),
        ),
    )
    for (const object of world.all('VirtualService')) {
      const { namespace = '' } = object.metadata
      const hosts = hostsOf(object)
      for (const [at, name] of gatewaysOf(object).entries()) {
        if (name === MESH_GATEWAY || name === '') continue
        const path = `spec.gateways[${at}]`
        if (!name.includes('/') && name.includes('.'))
          yield say(object, {
            code: 'MD1104',
            path,
            values: { gateway: name, better: gatewayKey(name, namespace) },
            fix: [{ op: 'set', path: ['spec', 'gateways', at], value: gatewayKey(name, namespace) }],
          })
        const key = gatewayKey(name, namespace)
        if (/-istio-autogenerated-k8s-gateway/.test(key)) {
          yield say(object, { code: 'IST0165', path, values: { gateway: key } })
          continue
        }
        const served = known.get(key)
        if (served === undefined) {
          if (world.sees('Gateway'))
            yield say(object, { code: 'IST0101', path, values: { what: 'gateway', name: key } })
          continue
        }
        const place = key.split('/')[0] ?? ''
        if (hosts.length > 0 && !hosts.some((host) => served.some((each) => isServed(each, host, place, namespace))))
          yield say(object, {
            code: 'IST0132',
            path: 'spec.hosts',
            values: { hosts: hosts.join(', '), gateway: key, served: served.join(', ') },
          })
      }
    }
  },
}

/** A gateway's host may name the namespaces whose virtual services it takes: `shop/*.example.com`, `./host`. */
export function isServed(served: string, host: string, gatewayNamespace: string, namespace: string): boolean {
  const [scope, name] = served.includes('/') ? (served.split('/') as [string, string]) : ['*', served]
  const inScope = scope === '*' || scope === namespace || (scope === '.' && gatewayNamespace === namespace)
  return inScope && hostsOverlap(name, host)
}

const sameHosts: Rule = {
  name: 'hosts belong to one virtual service',
  reads: ['VirtualService'],
  *run(world) {
    const inMesh = new Map<string, KubeResource[]>()
    const atGateway = new Map<string, KubeResource[]>()
    for (const object of world.all('VirtualService')) {
      const { namespace = '' } = object.metadata
      for (const host of hostsOf(object)) {
        const full = fullHost(host, namespace)
        if (isInMesh(object)) push(inMesh, full, object)
        for (const gateway of gatewaysOf(object)) {
          if (gateway !== MESH_GATEWAY) push(atGateway, `${gatewayKey(gateway, namespace)} ${full}`, object)
        }
      }
    }
    for (const [host, objects] of inMesh) {
      for (const object of objects) {
        const others = objects.filter((each) => each !== object && overlap(each, object))
        if (others.length > 0)
          yield say(object, {
            code: 'IST0109',
            path: 'spec.hosts',
            values: { host, others: others.map(nameOf).toSorted().join(', ') },
          })
      }
    }
    for (const [key, objects] of atGateway) {
      const [gateway = '', host = ''] = key.split(' ')
      for (const object of objects) {
        const others = objects.filter((each) => each !== object)
        if (others.length > 0)
          yield say(object, {
            code: 'MD1103',
            path: 'spec.hosts',
            values: { host, gateway, others: others.map(nameOf).toSorted().join(', ') },
          })
      }
    }
  },
}

/** Whether there is a namespace that sees both. */
function overlap(a: KubeResource, b: KubeResource): boolean {
  const scope = (object: KubeResource): string[] => {
    const exportTo = texts(fields(object.spec)['exportTo'])
    const { namespace = '' } = object.metadata
    return exportTo.length === 0 ? ['*'] : exportTo.map((each) => (each === '.' ? namespace : each))
  }
  const [left, right] = [scope(a), scope(b)]
  return left.includes('*') || right.includes('*') || left.some((each) => isVisible(right, '', each))
}

/** Addresses are no names of services. */
const ADDRESS = /^[\d.]+$|:/

const called: Rule = {
  name: 'hosts can be called from the mesh',
  reads: ['VirtualService', 'Service', 'ServiceEntry'],
  *run(world) {
    if (!world.sees('Service', 'ServiceEntry')) return
    const registry = registryOf(world)
    for (const object of world.all('VirtualService')) {
      const { namespace = '' } = object.metadata
      // A gateway may serve any host; sidecars can only be called by names that the mesh knows.
      if (gatewaysOf(object).some((gateway) => gateway !== MESH_GATEWAY)) continue
      for (const [at, host] of hostsOf(object).entries()) {
        const full = fullHost(host, namespace)
        if (full === '' || full.startsWith('*') || ADDRESS.test(full)) continue
        if (registry.covering(full, namespace).length === 0)
          yield say(object, { code: 'MD1120', path: `spec.hosts[${at}]`, values: { host: full } })
      }
    }
  },
}

const ingressSplit: Rule = {
  name: 'a gateway sees the split of a host',
  reads: ['VirtualService', 'Service', 'ServiceEntry'],
  *run(world) {
    const split = new Map<string, KubeResource>()
    for (const object of world.all('VirtualService')) {
      if (!isInMesh(object)) continue
      const { namespace = '' } = object.metadata
      if (targetsOf(object).some(({ subset, mirror }) => subset !== '' && !mirror))
        for (const host of hostsOf(object)) split.set(fullHost(host, namespace), object)
    }
    for (const object of world.all('VirtualService')) {
      const { namespace = '' } = object.metadata
      if (gatewaysOf(object).every((gateway) => gateway === MESH_GATEWAY)) continue
      for (const { path, host, subset, mirror } of targetsOf(object)) {
        const other = split.get(fullHost(host, namespace))
        if (subset === '' && !mirror && other !== undefined && other !== object)
          yield say(object, {
            code: 'IST0140',
            path: `${path}.host`,
            values: { host: fullHost(host, namespace), other: nameOf(other) },
          })
      }
    }
  },
}

const delegates: Rule = {
  name: 'delegates exist and are delegates',
  reads: ['VirtualService'],
  *run(world) {
    const byName = new Map(world.all('VirtualService').map((object) => [nameOf(object), object]))
    for (const object of world.all('VirtualService')) {
      for (const { at, value } of entries(fields(object.spec)['http'])) {
        if (value['delegate'] === undefined) continue
        const delegate = fields(value['delegate'])
        const key = `${text(delegate['namespace']) || (object.metadata.namespace ?? '')}/${text(delegate['name'])}`
        const path = `spec.http[${at}].delegate`
        const found = byName.get(key)
        if (found === undefined) {
          if (world.sees('VirtualService'))
            yield say(object, { code: 'IST0101', path, values: { what: 'delegate', name: key } })
        } else if (hostsOf(found).length > 0) yield say(object, { code: 'MD1112', path, values: { delegate: key } })
        else if (entries(fields(found.spec)['http']).some((route) => route.value['delegate'] !== undefined))
          yield say(object, { code: 'MD1113', path, values: { delegate: key } })
      }
    }
  },
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else if (!list.includes(value)) list.push(value)
}

export const virtualServiceRules: readonly Rule[] = [destinations, gateways, sameHosts, called, ingressSplit, delegates]
