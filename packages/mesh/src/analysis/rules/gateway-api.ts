import type { KindId, KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import { serviceHost } from '../hosts.ts'
import { entries, fields, items, number, text } from '../read.ts'
import { registryOf } from '../registry.ts'

const ROUTES = ['HTTPRoute', 'GRPCRoute'] as const
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`

const parents: Rule = {
  name: 'parents of routes exist',
  reads: ['HTTPRoute', 'GRPCRoute', 'K8sGateway', 'Service', 'ServiceEntry'],
  *run(world) {
    const gateways = new Map(world.all('K8sGateway').map((object) => [nameOf(object), object]))
    const registry = registryOf(world)
    for (const kind of ROUTES) {
      for (const object of world.all(kind)) {
        const place = object.metadata.namespace ?? ''
        for (const { at, value } of entries(fields(object.spec)['parentRefs'])) {
          const isGateway = (text(value['kind']) || 'Gateway') === 'Gateway'
          const key = `${text(value['namespace']) || place}/${text(value['name'])}`
          const path = `spec.parentRefs[${at}]`
          if (!isGateway) continue
          const gateway = gateways.get(key)
          if (gateway === undefined) {
            if (world.sees('K8sGateway'))
              yield { object, kind, code: 'MD1401', path: `${path}.name`, values: { name: key } }
            continue
          }
          const section = text(value['sectionName'])
          const listeners = entries(fields(gateway.spec)['listeners']).map((each) => text(each.value['name']))
          if (section !== '' && !listeners.includes(section))
            yield {
              object,
              kind,
              code: 'MD1403',
              path: `${path}.sectionName`,
              values: { section, gateway: key, listeners: listeners.join(', ') },
            }
        }
        if (!world.sees('Service')) continue
        for (const { path, namespace, name, port } of backendsOf(object)) {
          const host = serviceHost(name, namespace || place)
          const found = registry.find(host, place)
          const ports = found.flatMap((each) => each.ports.map((one) => one.number))
          if (found.length === 0)
            yield {
              object,
              kind,
              code: 'MD1402',
              path: `${path}.name`,
              values: { name: `${namespace || place}/${name}` },
            }
          else if (port !== undefined && !ports.includes(port))
            yield {
              object,
              kind,
              code: 'MD1404',
              path: `${path}.port`,
              values: { name: host, port: String(port), ports: ports.join(', ') },
            }
        }
      }
    }
  },
}

function backendsOf(
  object: KubeResource,
): { path: string; namespace: string; name: string; port: number | undefined }[] {
  return entries(fields(object.spec)['rules']).flatMap(({ at, value: rule }) => {
    const own = entries(rule['backendRefs']).map(({ at: index, value }) => ({
      path: `spec.rules[${at}].backendRefs[${index}]`,
      value,
    }))
    const mirrors = entries(rule['filters']).flatMap(({ at: index, value }) =>
      value['requestMirror'] === undefined
        ? []
        : [
            {
              path: `spec.rules[${at}].filters[${index}].requestMirror.backendRef`,
              value: fields(fields(value['requestMirror'])['backendRef']),
            },
          ],
    )
    return [...own, ...mirrors]
      .filter(({ value }) => (text(value['kind']) || 'Service') === 'Service')
      .map(({ path, value }) => ({
        path,
        namespace: text(value['namespace']),
        name: text(value['name']),
        port: number(value['port']),
      }))
  })
}

const listeners: Rule = {
  name: 'Kubernetes Gateways do not get in each other’s way',
  reads: ['K8sGateway', 'GatewayClass'],
  *run(world) {
    const classes = new Set(world.all('GatewayClass').map(({ metadata }) => metadata.name))
    const addresses = new Map<string, KubeResource[]>()
    for (const object of world.all('K8sGateway')) {
      for (const { value } of entries(fields(object.spec)['addresses'])) {
        const key = `${text(value['type']) || 'IPAddress'} ${text(value['value'])}`
        addresses.set(key, [...(addresses.get(key) ?? []), object])
      }
    }
    for (const object of world.all('K8sGateway')) {
      const spec = fields(object.spec)
      const className = text(spec['gatewayClassName'])
      const base = { object, kind: 'K8sGateway' as const }
      if (className !== '' && world.sees('GatewayClass') && !classes.has(className))
        yield { ...base, code: 'MD1504', path: 'spec.gatewayClassName', values: { class: className } }
      const seen = new Map<string, string>()
      for (const { at, value } of entries(spec['listeners'])) {
        const key = `${text(value['hostname']) || '*'} ${number(value['port'])} ${text(value['protocol'])}`
        const name = text(value['name'])
        const before = seen.get(key)
        if (before !== undefined)
          yield { ...base, code: 'MD1503', path: `spec.listeners[${at}]`, values: { listener: name, other: before } }
        seen.set(key, name)
      }
      for (const { at, value } of entries(spec['addresses'])) {
        const key = `${text(value['type']) || 'IPAddress'} ${text(value['value'])}`
        const others = addresses.get(key)?.filter((each) => each !== object) ?? []
        if (others.length > 0)
          yield {
            ...base,
            code: 'MD1502',
            path: `spec.addresses[${at}]`,
            values: { address: text(value['value']), others: others.map(nameOf).join(', ') },
          }
      }
    }
    const claims = Map.groupBy(
      world.all('K8sGateway').flatMap((object) =>
        entries(fields(object.spec)['listeners']).map(({ at, value }) => ({
          object,
          at,
          host: text(value['hostname']),
          port: number(value['port']),
          // Each Gateway has pods of its own unless it is bound to some by its addresses.
          key: `${text(value['hostname'])} ${number(value['port'])} ${addressesOf(object)}`,
        })),
      ),
      ({ key }) => key,
    )
    for (const list of claims.values()) {
      for (const { object, at, host, port } of list) {
        const others = list.filter((each) => each.object !== object && addressesOf(object) !== '')
        if (others.length > 0)
          yield {
            object,
            kind: 'K8sGateway',
            code: 'MD1501',
            path: `spec.listeners[${at}]`,
            values: {
              host: host || '*',
              port: String(port),
              others: others.map((each) => nameOf(each.object)).join(', '),
            },
          }
      }
    }
  },
}

const addressesOf = (object: KubeResource): string =>
  entries(fields(object.spec)['addresses'])
    .map(({ value }) => text(value['value']))
    .toSorted()
    .join(',')

const grants: Rule = {
  name: 'grants are for namespaces that exist',
  reads: ['ReferenceGrant', 'Namespace'],
  *run(world) {
    if (!world.sees('Namespace')) return
    const known = new Set(world.all('Namespace').map(({ metadata }) => metadata.name))
    for (const object of world.all('ReferenceGrant')) {
      for (const { at, value } of entries(fields(object.spec)['from'])) {
        const namespace = text(value['namespace'])
        if (!known.has(namespace))
          yield {
            object,
            kind: 'ReferenceGrant',
            code: 'MD1601',
            path: `spec.from[${at}].namespace`,
            values: { namespace },
          }
      }
    }
  },
}

/** Conditions that say that somebody could not do what an object asks for. Source: istioctl, conditions analyzer. */
const TELLING: readonly { kinds: readonly KindId[]; types: readonly string[] }[] = [
  { kinds: ['Service', 'ServiceEntry', 'WorkloadEntry'], types: ['istio.io/WaypointBound'] },
  { kinds: ['AuthorizationPolicy'], types: ['ZtunnelAccepted', 'WaypointAccepted'] },
  { kinds: ['K8sGateway'], types: ['Accepted', 'Programmed', 'ResolvedRefs'] },
]
const ROUTE_TYPES = ['Accepted', 'ResolvedRefs']

const statuses: Rule = {
  name: 'statuses that say no',
  reads: ['Service', 'ServiceEntry', 'WorkloadEntry', 'AuthorizationPolicy', 'K8sGateway', 'HTTPRoute', 'GRPCRoute'],
  *run(world) {
    for (const { kinds, types } of TELLING) {
      for (const kind of kinds) {
        for (const object of world.all(kind)) {
          for (const condition of entries(fields(object.status)['conditions'])) {
            const { value } = condition
            const isPartial = text(value['reason']) === 'PartiallyInvalid'
            if (types.includes(text(value['type'])) && (value['status'] === 'False' || isPartial))
              yield { object, kind, code: 'IST0171', values: wordsOf(value) }
          }
        }
      }
    }
    for (const kind of ROUTES) {
      for (const object of world.all(kind)) {
        for (const { value: parent } of entries(fields(object.status)['parents'])) {
          for (const each of items(parent['conditions'])) {
            const condition = fields(each)
            if (ROUTE_TYPES.includes(text(condition['type'])) && condition['status'] === 'False')
              yield { object, kind, code: 'IST0171', values: wordsOf(condition) }
          }
        }
      }
    }
  },
}

const wordsOf = (condition: Readonly<Record<string, unknown>>): Record<string, string> => ({
  type: text(condition['type']),
  reason: text(condition['reason']),
  message: text(condition['message']),
})

export const gatewayApiRules: readonly Rule[] = [parents, listeners, grants, statuses]
