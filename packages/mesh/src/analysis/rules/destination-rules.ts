import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { fullHost } from '../hosts.ts'
import { podsOf } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, text, texts, type Fields } from '../read.ts'
import { isVisible, registryOf, type RegistryHost } from '../registry.ts'
import type { World } from '../world.ts'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'DestinationRule',
  ...remark,
})
const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** Full host that a destination rule is about. */
export const hostOfRule = (object: KubeResource): string =>
  fullHost(text(fields(object.spec)['host']), object.metadata.namespace ?? '')

function byHost(world: World): ReadonlyMap<string, readonly KubeResource[]> {
  return world.derive('rules-by-host', ['DestinationRule'], () => Map.groupBy(world.all('DestinationRule'), hostOfRule))
}

/** Names of the subsets that rules visible in a namespace define for a host. */
export function subsetsOf(world: World, host: string, namespace: string): ReadonlySet<string> {
  const rules = (byHost(world).get(host) ?? []).filter(({ metadata, spec }) =>
    isVisible(texts(fields(spec)['exportTo']), metadata.namespace ?? '', namespace),
  )
  return new Set(rules.flatMap(({ spec }) => entries(fields(spec)['subsets']).map(({ value }) => text(value['name']))))
}

const hosts: Rule = {
  name: 'hosts of destination rules exist',
  reads: ['DestinationRule', 'Service', 'ServiceEntry'],
  *run(world) {
    if (!world.sees('Service', 'ServiceEntry')) return
    const registry = registryOf(world)
    for (const object of world.all('DestinationRule')) {
      const host = hostOfRule(object)
      const { namespace = '' } = object.metadata
      const isKnown = host.startsWith('*')
        ? registry.hasAny(host, namespace)
        : registry.covering(host, namespace).length > 0
      if (host !== '' && !isKnown) yield say(object, { code: 'IST0174', path: 'spec.host', values: { host } })
    }
  },
}

const subsets: Rule = {
  name: 'subsets mean some pods',
  reads: ['DestinationRule', 'Service', 'ServiceEntry', 'Pod', 'WorkloadEntry'],
  *run(world) {
    const registry = registryOf(world)
    const entriesBy = world.all('WorkloadEntry')
    for (const object of world.all('DestinationRule')) {
      const found = registry.find(hostOfRule(object), object.metadata.namespace ?? '')
      const seen = new Set<string>()
      for (const { at, value: subset } of entries(fields(object.spec)['subsets'])) {
        const name = text(subset['name'])
        const path = `spec.subsets[${at}]`
        const labels = labelsIn(subset['labels'])
        if (seen.has(name))
          yield say(object, { code: 'MD0201', path, values: { subset: name, others: nameOf(object) } })
        seen.add(name)
        if (Object.keys(labels).length === 0) {
          yield say(object, { code: 'MD0207', path, values: { subset: name } })
          continue
        }
        const behind = found.filter(({ selector }) => selector !== undefined)
        if (!world.sees('Pod') || behind.length === 0 || found.length !== behind.length) continue
        const has = behind.some((host) => hasPods(world, host, labels) || hasEntries(entriesBy, host, labels))
        if (!has)
          yield say(object, {
            code: 'IST0173',
            path: `${path}.labels`,
            values: { subset: name, labels: printLabels(labels), host: hostOfRule(object) },
          })
      }
    }
  },
}

export const printLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

function hasPods(world: World, host: RegistryHost, labels: Readonly<Record<string, string>>): boolean {
  return podsOf(world).select(host.namespace, { ...host.selector, ...labels }).length > 0 && agrees(host, labels)
}

/** A subset that wants another value than the service selects has no pods. */
function agrees({ selector = {} }: RegistryHost, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => selector[key] === undefined || selector[key] === value)
}

function hasEntries(
  all: readonly KubeResource[],
  { namespace, selector = {} }: RegistryHost,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries({ ...selector, ...labels })
  return all.some((entry) => {
    const own = { ...entry.metadata.labels, ...labelsIn(fields(entry.spec)['labels']) }
    return entry.metadata.namespace === namespace && wanted.every(([key, value]) => own[key] === value)
  })
}

const several: Rule = {
  name: 'one destination rule for a host and subset',
  reads: ['DestinationRule'],
  *run(world) {
    for (const [host, rules] of byHost(world)) {
      if (rules.length < 2 || host === '') continue
      for (const object of rules) {
        const own = new Set(subsetNames(object))
        const others = rules.filter(
          (each) =>
            each !== object &&
            each.metadata.namespace === object.metadata.namespace &&
            (subsetNames(each).some((name) => own.has(name)) || (own.size === 0 && subsetNames(each).length === 0)),
        )
        if (others.length > 0)
          yield say(object, {
            code: 'MD0201',
            path: 'spec.host',
            values: {
              host,
              subset: subsetNames(object)
                .filter((name) => others.some((each) => subsetNames(each).includes(name)))
                .join(', '),
              others: others.map(nameOf).join(', '),
            },
          })
      }
    }
  },
}

const subsetNames = (object: KubeResource): string[] =>
  entries(fields(object.spec)['subsets']).map(({ value }) => text(value['name']))

const verification: Rule = {
  name: 'clients verify servers',
  reads: ['DestinationRule'],
  *run(world) {
    for (const object of world.all('DestinationRule')) {
      const hasSelector = !isEmpty(fields(object.spec)['workloadSelector'])
      for (const { path, tls, ofPort } of tlsSettings(object)) {
        const mode = text(tls['mode'])
        if (mode !== 'SIMPLE' && mode !== 'MUTUAL') continue
        const isVerified =
          text(tls['caCertificates']) !== '' ||
          (text(tls['credentialName']) !== '' && hasSelector) ||
          tls['insecureSkipVerify'] === true
        if (!isVerified)
          yield say(object, {
            code: ofPort ? 'IST0129' : 'IST0128',
            path: `${path}.caCertificates`,
            values: { mode, host: hostOfRule(object) },
          })
      }
    }
  },
}

export interface TlsSetting {
  path: string
  tls: Fields
  ofPort: boolean
}

/** Every client TLS setting of a destination rule. */
export function tlsSettings(object: KubeResource): TlsSetting[] {
  const spec = fields(object.spec)
  const policies: [string, Fields][] = [
    ['spec.trafficPolicy', fields(spec['trafficPolicy'])],
    ...entries(spec['subsets']).map(({ at, value }): [string, Fields] => [
      `spec.subsets[${at}].trafficPolicy`,
      fields(value['trafficPolicy']),
    ]),
  ]
  return policies.flatMap(([path, policy]) => [
    ...(policy['tls'] === undefined ? [] : [{ path: `${path}.tls`, tls: fields(policy['tls']), ofPort: false }]),
    ...entries(policy['portLevelSettings']).flatMap(({ at, value }) =>
      value['tls'] === undefined
        ? []
        : [{ path: `${path}.portLevelSettings[${at}].tls`, tls: fields(value['tls']), ofPort: true }],
    ),
  ])
}

const locality: Rule = {
  name: 'locality needs outlier detection to fail over',
  reads: ['DestinationRule'],
  *run(world) {
    for (const object of world.all('DestinationRule')) {
      const policy = fields(fields(object.spec)['trafficPolicy'])
      const setting = fields(fields(policy['loadBalancer'])['localityLbSetting'])
      const fails = entries(setting['failover']).length > 0 || texts(setting['failoverPriority']).length > 0
      if (fails && policy['outlierDetection'] === undefined)
        yield say(object, {
          code: 'MD0213',
          path: 'spec.trafficPolicy.loadBalancer.localityLbSetting',
          values: { host: hostOfRule(object) },
        })
    }
  },
}

export const destinationRules: readonly Rule[] = [hosts, subsets, several, verification, locality]
