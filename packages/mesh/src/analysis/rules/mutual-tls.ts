import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { podsOf } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, text } from '../read.ts'
import type { World } from '../world.ts'
import { hostOfRule, printLabels } from './destination-rules.ts'

const nameOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`
const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['selector'])['matchLabels'])
const modeOf = (object: KubeResource): string => text(fields(fields(object.spec)['mtls'])['mode'])
const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'PeerAuthentication',
  ...remark,
})

/** Policies without a selector, by namespace; the oldest one counts. */
function wholeNamespace(world: World): ReadonlyMap<string, KubeResource> {
  return world.derive('peer-by-namespace', ['PeerAuthentication'], () => {
    const found = new Map<string, KubeResource>()
    const byAge = world
      .all('PeerAuthentication')
      .filter((object) => isEmpty(selectorOf(object)))
      .toSorted((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''))
    for (const object of byAge) {
      const { namespace = '' } = object.metadata
      if (!found.has(namespace)) found.set(namespace, object)
    }
    return found
  })
}

/** Mutual TLS that servers of a namespace ask for: `STRICT`, `PERMISSIVE`, `DISABLE`, and the policy that says so. */
export function modeIn(world: World, namespace: string): { mode: string; by: KubeResource | undefined } {
  for (const place of [namespace, world.facts.rootNamespace]) {
    const by = wholeNamespace(world).get(place)
    const mode = by && modeOf(by)
    if (mode !== undefined && mode !== '' && mode !== 'UNSET') return { mode, by }
  }
  return { mode: 'PERMISSIVE', by: undefined }
}

const several: Rule = {
  name: 'one peer authentication for a workload',
  reads: ['PeerAuthentication', 'Pod'],
  *run(world) {
    const bySpace = Map.groupBy(world.all('PeerAuthentication'), ({ metadata }) => metadata.namespace ?? '')
    for (const [namespace, group] of bySpace) {
      const whole = group.filter((object) => isEmpty(selectorOf(object)))
      if (whole.length > 1) {
        for (const object of whole)
          yield say(object, {
            code: 'MD0501',
            values: {
              namespace,
              others: whole
                .filter((each) => each !== object)
                .map(nameOf)
                .join(', '),
            },
          })
      }
      const chosen = group.filter((object) => !isEmpty(selectorOf(object)))
      const pods = new Map(chosen.map((object) => [object, podsOf(world).select(namespace, selectorOf(object))]))
      for (const object of chosen) {
        const own = pods.get(object) ?? []
        const path = 'spec.selector.matchLabels'
        const values = { labels: printLabels(selectorOf(object)), namespace }
        if (own.length === 0) {
          if (world.sees('Pod')) yield say(object, { code: 'MD0503', path, values })
          continue
        }
        const others = chosen.filter((each) => each !== object && pods.get(each)?.some((pod) => own.includes(pod)))
        if (others.length > 0)
          yield say(object, { code: 'MD0502', path, values: { others: others.map(nameOf).join(', ') } })
      }
    }
  },
}

const requests: Rule = {
  name: 'request authentications select something',
  reads: ['RequestAuthentication', 'Pod'],
  *run(world) {
    if (!world.sees('Pod')) return
    for (const object of world.all('RequestAuthentication')) {
      const selector = selectorOf(object)
      const { namespace = '' } = object.metadata
      if (!isEmpty(selector) && podsOf(world).select(namespace, selector).length === 0)
        yield {
          object,
          kind: 'RequestAuthentication',
          code: 'MD0503',
          path: 'spec.selector.matchLabels',
          values: { labels: printLabels(selector), namespace },
        }
    }
  },
}

/** The variable of istiod that keeps it from asking addresses inside for keys. */
const BLOCKED_CIDRS = 'BLOCKED_CIDRS_IN_JWKS_URIS'

const keys: Rule = {
  name: 'istiod fetches keys from where it may',
  reads: ['RequestAuthentication', 'Deployment'],
  *run(world) {
    const count = world.all('RequestAuthentication').length
    if (count === 0) return
    for (const object of world.all('Deployment')) {
      if (object.metadata.labels?.['app'] !== 'istiod') continue
      const containers = entries(fields(fields(fields(object.spec)['template'])['spec'])['containers'])
      const isSet = containers.some(({ value }) =>
        entries(value['env']).some((each) => each.value['name'] === BLOCKED_CIDRS && each.value['value'] !== ''),
      )
      if (!isSet)
        yield { object, kind: 'Deployment', code: 'IST0175', values: { variable: BLOCKED_CIDRS, count: String(count) } }
    }
  },
}

type Reach = 'mesh' | 'namespace' | 'host'

/** How far a destination rule reaches: `*.local`, `*.NAMESPACE.svc.cluster.local`, or a host. */
function reachOf(host: string): { reach: Reach; namespace: string } {
  if (host === '*.local' || host === '*') return { reach: 'mesh', namespace: '' }
  const [, namespace] = /^\*\.([a-z0-9-]+)\.svc\.cluster\.local$/.exec(host) ?? []
  if (namespace !== undefined) return { reach: 'namespace', namespace }
  return { reach: 'host', namespace: host.split('.')[1] ?? '' }
}

const tlsMode = (object: KubeResource): string =>
  text(fields(fields(fields(object.spec)['trafficPolicy'])['tls'])['mode'])

const sides: Rule = {
  name: 'clients and servers agree on mutual TLS',
  reads: ['DestinationRule', 'PeerAuthentication'],
  *run(world) {
    const peers = wholeNamespace(world)
    const { rootNamespace, autoMtls } = world.facts
    const meshMode = modeOf(peers.get(rootNamespace) ?? { apiVersion: '', kind: '', metadata: { name: '' } })
    const rules = world
      .all('DestinationRule')
      .map((object) => ({ object, mode: tlsMode(object), host: hostOfRule(object), ...reachOf(hostOfRule(object)) }))
    for (const { object, mode, reach, namespace, host } of rules) {
      const path = 'spec.trafficPolicy.tls.mode'
      const about: Omit<Remark, 'code' | 'object' | 'kind'> = { path, values: { host, namespace } }
      const remark = (code: Remark['code'], by?: KubeResource): Remark => ({
        object,
        kind: 'DestinationRule',
        code,
        ...about,
        values: { host, namespace, policy: by === undefined ? '' : nameOf(by) },
      })
      if (mode === 'ISTIO_MUTUAL' || mode === 'MUTUAL') {
        if (reach === 'mesh' && !['STRICT', 'PERMISSIVE'].includes(meshMode)) yield remark('MD0203')
        if (reach === 'namespace' && modeOf(peers.get(namespace) ?? object) === '' && meshMode === '')
          yield remark('MD0204')
      }
      if (mode === 'DISABLE') {
        const own = peers.get(namespace)
        if (reach !== 'mesh' && own !== undefined && namespace !== rootNamespace && modeOf(own) === 'STRICT')
          yield remark('MD0205', own)
        else if (meshMode === 'STRICT' && (own === undefined || ['', 'UNSET', 'STRICT'].includes(modeOf(own))))
          yield remark('MD0206', peers.get(rootNamespace))
      }
    }
    for (const [namespace, object] of peers) {
      const mode = modeOf(object)
      const isMesh = namespace === rootNamespace
      const asks = (reach: Reach, place: string, ...modes: string[]): boolean =>
        rules.some((each) => each.reach === reach && each.namespace === place && modes.includes(each.mode))
      const path = 'spec.mtls.mode'
      if (mode === 'STRICT' && !autoMtls) {
        const hasMesh = asks('mesh', '', 'ISTIO_MUTUAL', 'MUTUAL')
        if (isMesh && !hasMesh) yield say(object, { code: 'MD0401', path })
        if (!isMesh && !hasMesh && !asks('namespace', namespace, 'ISTIO_MUTUAL', 'MUTUAL'))
          yield say(object, { code: 'MD0402', path, values: { namespace } })
      }
      if (mode === 'DISABLE') {
        const wide = isMesh ? [['mesh', '']] : [['namespace', namespace]]
        const conflicting = wide.some(([reach = '', place = '']) =>
          asks(reach as Reach, place, 'ISTIO_MUTUAL', 'MUTUAL'),
        )
        if (conflicting || (!isMesh && asks('mesh', '', 'ISTIO_MUTUAL', 'MUTUAL')))
          yield say(object, { code: isMesh ? 'MD0404' : 'MD0403', path, values: { namespace } })
      }
    }
  },
}

const narrower: Rule = {
  name: 'a narrower destination rule does not lose TLS',
  reads: ['DestinationRule'],
  *run(world) {
    const wide = world.all('DestinationRule').filter((object) => {
      const { reach } = reachOf(hostOfRule(object))
      return reach !== 'host' && ['ISTIO_MUTUAL', 'MUTUAL'].includes(tlsMode(object))
    })
    if (wide.length === 0) return
    for (const object of world.all('DestinationRule')) {
      const policy = fields(fields(object.spec)['trafficPolicy'])
      const host = hostOfRule(object)
      const { reach } = reachOf(host)
      if (reach === 'mesh' || isEmpty(policy) || policy['tls'] !== undefined) continue
      const lost = wide.find((each) => each !== object && host.endsWith(hostOfRule(each).slice(1)))
      if (lost !== undefined)
        yield {
          object,
          kind: 'DestinationRule',
          code: 'MD0202',
          path: 'spec.trafficPolicy',
          values: { host, other: nameOf(lost) },
          fix: [{ op: 'set', path: ['spec', 'trafficPolicy', 'tls'], value: { mode: tlsMode(lost) } }],
        }
    }
  },
}

export const mutualTlsRules: readonly Rule[] = [several, requests, keys, sides, narrower]
