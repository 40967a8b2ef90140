import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { gatewayPods, podsOf } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, number, text, texts, type Fields } from '../read.ts'
import { PROTOCOLS, protocolOfName, registryOf } from '../registry.ts'
import { createWorld, type AnalysisInput } from '../world.ts'
import { printLabels } from './destination-rules.ts'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'Gateway',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`
const selectorOf = (object: KubeResource): Record<string, string> => labelsIn(fields(object.spec)['selector'])
const serversOf = (object: KubeResource): { at: number; value: Fields }[] => entries(fields(object.spec)['servers'])
/** Host without the namespaces that it is for. */
const bare = (host: string): string => host.slice(host.indexOf('/') + 1)

const selectors: Rule = {
  name: 'gateways have pods that expose their ports',
  reads: ['Gateway', 'Pod', 'Service', 'ServiceEntry'],
  *run(world) {
    if (!world.sees('Pod')) return
    for (const object of world.all('Gateway')) {
      const selector = selectorOf(object)
      if (Object.keys(selector).length === 0) continue
      const likely = gatewayPods(world, selector)
      const pods = likely.length > 0 ? likely : podsOf(world).select(object.metadata.namespace ?? '', selector)
      if (pods.length === 0) {
        yield say(object, {
          code: 'IST0101',
          path: 'spec.selector',
          values: { what: 'selector', name: printLabels(selector) },
        })
        continue
      }
      if (!world.sees('Service')) continue
      const [pod] = pods
      const place = pod?.object.metadata.namespace ?? ''
      const labels = pod?.object.metadata.labels ?? {}
      const services = registryOf(world).all.filter(
        ({ namespace, selector: own, cluster }) =>
          namespace === place &&
          cluster === pod?.cluster &&
          own !== undefined &&
          Object.entries(own).every(([key, value]) => labels[key] === value),
      )
      const ports = new Set(
        services.flatMap((service) =>
          service.ports.flatMap((port) => [port.number, typeof port.targetPort === 'number' ? port.targetPort : 0]),
        ),
      )
      if (services.length === 0) continue
      for (const { at, value } of serversOf(object)) {
        const port = number(fields(value['port'])['number'])
        if (port !== undefined && !ports.has(port))
          yield say(object, {
            code: 'IST0162',
            path: `spec.servers[${at}].port.number`,
            values: { port: String(port), services: services.map(({ object: each }) => nameOf(each)).join(', ') },
          })
      }
    }
  },
}

const conflicts: Rule = {
  name: 'no two gateways claim the same',
  reads: ['Gateway'],
  *run(world) {
    const bySelector = Map.groupBy(world.all('Gateway'), (object) =>
      JSON.stringify(Object.entries(selectorOf(object)).toSorted()),
    )
    for (const group of bySelector.values()) {
      const claims = new Map<string, KubeResource[]>()
      const certificates = new Map<string, KubeResource[]>()
      for (const object of group) {
        for (const { value } of serversOf(object)) {
          const port = number(fields(value['port'])['number'])
          for (const host of texts(value['hosts'])) {
            const key = `${port} ${text(value['bind'])} ${host}`
            claims.set(key, [...(claims.get(key) ?? []).filter((each) => each !== object), object])
          }
          const credential = text(fields(value['tls'])['credentialName'])
          if (credential !== '')
            certificates.set(credential, [
              ...(certificates.get(credential) ?? []).filter((each) => each !== object),
              object,
            ])
        }
      }
      for (const object of group) {
        const told = new Set<string>()
        for (const { at, value } of serversOf(object)) {
          const port = number(fields(value['port'])['number'])
          for (const [index, host] of texts(value['hosts']).entries()) {
            const others = claims.get(`${port} ${text(value['bind'])} ${host}`)?.filter((each) => each !== object)
            if (others !== undefined && others.length > 0)
              yield say(object, {
                code: 'IST0145',
                path: `spec.servers[${at}].hosts[${index}]`,
                values: { port: String(port), host, others: others.map(nameOf).join(', ') },
              })
          }
          const credential = text(fields(value['tls'])['credentialName'])
          const sharing = certificates.get(credential)?.filter((each) => each !== object) ?? []
          if (credential !== '' && sharing.length > 0 && !told.has(credential)) {
            told.add(credential)
            yield say(object, {
              code: 'IST0138',
              path: `spec.servers[${at}].tls.credentialName`,
              values: { credential, others: sharing.map(nameOf).join(', ') },
            })
          }
        }
      }
    }
  },
}

/** Namespace and name of each Secret that a gateway's servers need: it lies where the gateway's pods are. */
function credentialsOf(
  object: KubeResource,
  podNamespace: string,
): { path: string; namespace: string; name: string }[] {
  return serversOf(object).flatMap(({ at, value }) => {
    const name = text(fields(value['tls'])['credentialName'])
    return name === '' || name.includes('://')
      ? []
      : [{ path: `spec.servers[${at}].tls.credentialName`, namespace: podNamespace, name }]
  })
}

/** The Secrets that the gateways of a mesh serve TLS with. */
export function credentialNames(input: AnalysisInput): { namespace: string; name: string }[] {
  const world = createWorld(input)
  const found = world.all('Gateway').flatMap((object) => {
    const place = gatewayPods(world, selectorOf(object))[0]?.object.metadata.namespace
    return place === undefined ? [] : credentialsOf(object, place)
  })
  return [...new Map(found.map(({ namespace, name }) => [`${namespace}/${name}`, { namespace, name }])).values()]
}

const credentials: Rule = {
  name: 'certificates of gateways are there and good',
  reads: ['Gateway', 'Pod'],
  *run(world) {
    for (const object of world.all('Gateway')) {
      const place = gatewayPods(world, selectorOf(object))[0]?.object.metadata.namespace
      if (place === undefined) continue
      for (const { path, namespace, name } of credentialsOf(object, place)) {
        const known = world.input.credentials?.get(`${namespace}/${name}`)
        if (known?.exists === false)
          yield say(object, { code: 'IST0101', path, values: { what: 'credential', name: `${namespace}/${name}` } })
        else if (known?.fault !== undefined)
          yield say(object, { code: 'IST0161', path, values: { name: `${namespace}/${name}`, fault: known.fault } })
      }
    }
  },
}

const ports: Rule = {
  name: 'ports of gateways say a protocol that Istio knows',
  reads: ['Gateway'],
  *run(world) {
    for (const object of world.all('Gateway')) {
      for (const { at, value } of serversOf(object)) {
        const port = fields(value['port'])
        const protocol = text(port['protocol'])
        if (protocol !== '' && !PROTOCOLS.some((each) => each === protocol.toLowerCase()))
          yield say(object, { code: 'MD0601', path: `spec.servers[${at}].port.protocol`, values: { name: protocol } })
        else if (text(port['name']) !== '' && protocol === '' && protocolOfName(text(port['name'])) === '')
          yield say(object, {
            code: 'MD0601',
            path: `spec.servers[${at}].port.name`,
            values: { name: text(port['name']) },
          })
        const isSecure = ['HTTPS', 'TLS'].includes(protocol.toUpperCase())
        if (isSecure && isEmpty(value['tls']))
          yield say(object, { code: 'MD0302', path: `spec.servers[${at}].tls`, values: { protocol } })
        for (const [index, host] of texts(value['hosts']).entries()) {
          if (bare(host) === '')
            yield say(object, { code: 'MD0303', path: `spec.servers[${at}].hosts[${index}]`, values: { host } })
        }
      }
    }
  },
}

export const gatewayRules: readonly Rule[] = [selectors, conflicts, credentials, ports]
