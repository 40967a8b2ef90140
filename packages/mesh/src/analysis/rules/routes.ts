import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { fullHost } from '../hosts.ts'
import { entries, fields, isEmpty, labelsIn, text, texts, type Fields } from '../read.ts'
import { gatewayPods, podsOf } from '../pods.ts'
import { regexFault } from '../regex.ts'
import { gatewayKey, gatewaysOf, MESH_GATEWAY, targetsOf } from './virtual-services.ts'

const FULL_WEIGHT = 100
const TEXT_FIELDS = ['uri', 'scheme', 'method', 'authority'] as const
const MAP_FIELDS = ['headers', 'queryParams', 'withoutHeaders'] as const
const CLAIM_HEADER = '@request.auth.claims'

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'VirtualService',
  ...remark,
})
const routeName = (route: Fields, at: number): string => text(route['name']) || `#${at + 1}`

const reachable: Rule = {
  name: 'every route can be reached',
  reads: ['VirtualService'],
  *run(world) {
    for (const object of world.all('VirtualService')) {
      for (const protocol of ['http', 'tls', 'tcp'] as const) {
        const routes = entries(fields(object.spec)[protocol])
        const earlier: { match: Fields; route: string }[] = []
        let catchAll: string | undefined
        for (const { at, value: route } of routes) {
          const path = `spec.${protocol}[${at}]`
          const name = routeName(route, at)
          const matches = entries(route['match'])
          if (catchAll !== undefined) {
            yield say(object, { code: 'IST0130', path, values: { route: name, by: catchAll } })
            continue
          }
          const covered = matches.map(({ value }) => earlier.find(({ match }) => covers(match, value))?.route)
          if (matches.length > 0 && covered.every((by) => by !== undefined)) {
            yield say(object, { code: 'IST0130', path, values: { route: name, by: covered[0] ?? '' } })
          } else {
            for (const [index, by] of covered.entries()) {
              if (by !== undefined)
                yield say(object, { code: 'IST0131', path: `${path}.match[${index}]`, values: { route: name, by } })
            }
          }
          if (matches.length === 0 || matches.some(({ value }) => matchesAll(value))) catchAll = name
          earlier.push(...matches.map(({ value }) => ({ match: value, route: name })))
        }
      }
    }
  },
}

/** Whether a match block has no condition, or only one that always holds. */
function matchesAll(match: Fields): boolean {
  const conditions = Object.entries(match).filter(([field]) => field !== 'name' && field !== 'ignoreUriCase')
  return conditions.every(([field, value]) => field === 'uri' && fields(value)['prefix'] === '/')
}

/** Whether all that `narrow` lets through is let through by `wide` too; when in doubt, not. */
function covers(wide: Fields, narrow: Fields): boolean {
  return Object.entries(wide).every(([field, value]) => {
    if (field === 'name' || field === 'ignoreUriCase') return true
    const own = narrow[field]
    if (own === undefined) return field === 'uri' && fields(value)['prefix'] === '/'
    if (JSON.stringify(own) === JSON.stringify(value)) return true
    if (TEXT_FIELDS.some((each) => each === field)) return textCovers(fields(value), fields(own))
    if (field === 'headers' || field === 'queryParams') {
      const [wideMap, ownMap] = [fields(value), fields(own)]
      return Object.entries(wideMap).every(
        ([key, each]) => ownMap[key] !== undefined && (isEmpty(each) || textCovers(fields(each), fields(ownMap[key]))),
      )
    }
    if (field === 'sourceLabels') {
      const ownLabels = labelsIn(own)
      return Object.entries(labelsIn(value)).every(([key, each]) => ownLabels[key] === each)
    }
    return false
  })
}

function textCovers(wide: Fields, narrow: Fields): boolean {
  if (JSON.stringify(wide) === JSON.stringify(narrow)) return true
  const [prefix, exact] = [wide['prefix'], narrow['exact'] ?? narrow['prefix']]
  return typeof prefix === 'string' && typeof exact === 'string' && exact.startsWith(prefix)
}

const weights: Rule = {
  name: 'weights mean what they say',
  reads: ['VirtualService'],
  *run(world) {
    for (const object of world.all('VirtualService')) {
      const { namespace = '' } = object.metadata
      const byRoute = Map.groupBy(
        targetsOf(object).filter(({ mirror }) => !mirror),
        ({ path }) => path.replace(/\.route\[\d+\]\.destination$/, ''),
      )
      for (const [path, targets] of byRoute) {
        const [only] = targets
        if (targets.length === 1 && only?.weight !== undefined && only.weight !== FULL_WEIGHT) {
          const place = `${path}.route[0].weight`
          yield say(object, {
            code: 'MD1101',
            path: place,
            values: { weight: String(only.weight) },
            fix: [{ op: 'remove', path: toSegments(place) }],
          })
        }
        const sum = targets.reduce((total, { weight = 0 }) => total + weight, 0)
        if (targets.length > 1 && sum !== FULL_WEIGHT)
          yield say(object, { code: 'MD1110', path: `${path}.route`, values: { sum: String(sum) } })
        for (const [at, { host, subset }] of targets.entries()) {
          const same = targets
            .slice(0, at)
            .some((each) => fullHost(each.host, namespace) === fullHost(host, namespace) && each.subset === subset)
          if (same)
            yield say(object, {
              code: 'MD1102',
              path: `${path}.route[${at}].destination`,
              values: { host: fullHost(host, namespace), subset },
            })
        }
      }
    }
  },
}

/** `spec.http[0].weight` in steps. */
const toSegments = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, at, name]) => (at === undefined ? (name ?? '') : Number(at)))

const oldFields: Rule = {
  name: 'fields that Istio has given up',
  reads: ['VirtualService', 'Sidecar'],
  *run(world) {
    for (const object of world.all('VirtualService')) {
      for (const { at, value } of entries(fields(object.spec)['http'])) {
        const delay = fields(fields(value['fault'])['delay'])
        if (delay['percent'] !== undefined)
          yield say(object, {
            code: 'IST0002',
            path: `spec.http[${at}].fault.delay.percent`,
            values: { what: 'fault.delay.percent', instead: 'fault.delay.percentage' },
            fix: [
              { op: 'remove', path: ['spec', 'http', at, 'fault', 'delay', 'percent'] },
              {
                op: 'set',
                path: ['spec', 'http', at, 'fault', 'delay', 'percentage'],
                value: { value: delay['percent'] },
              },
            ],
          })
      }
    }
    for (const object of world.all('Sidecar')) {
      const policy = fields(fields(object.spec)['outboundTrafficPolicy'])
      if (policy['egressProxy'] !== undefined)
        yield {
          object,
          kind: 'Sidecar',
          code: 'IST0002',
          path: 'spec.outboundTrafficPolicy.egressProxy',
          values: { what: 'outboundTrafficPolicy.egressProxy', instead: 'VirtualService' },
        }
    }
  },
}

const expressions: Rule = {
  name: 'regular expressions can be read',
  reads: ['VirtualService'],
  *run(world) {
    for (const object of world.all('VirtualService')) {
      for (const { at, value: route } of entries(fields(object.spec)['http'])) {
        for (const { at: index, value: match } of entries(route['match'])) {
          const found = [
            ...TEXT_FIELDS.map((field) => [field, fields(match[field])['regex']] as const),
            ...MAP_FIELDS.flatMap((field) =>
              Object.entries(fields(match[field])).map(
                ([key, each]) => [`${field}["${key}"]`, fields(each)['regex']] as const,
              ),
            ),
          ]
          for (const [field, regex] of found) {
            const fault = typeof regex === 'string' && regex !== '*' ? regexFault(regex) : undefined
            if (fault !== undefined)
              yield say(object, {
                code: 'MD1116',
                path: `spec.http[${at}].match[${index}].${field}`,
                values: { regex: String(regex), fault },
              })
          }
        }
      }
    }
  },
}

const times: Rule = {
  name: 'timeouts leave room for retries, and faults for both',
  reads: ['VirtualService'],
  *run(world) {
    for (const object of world.all('VirtualService')) {
      for (const { at, value: route } of entries(fields(object.spec)['http'])) {
        const path = `spec.http[${at}]`
        const timeout = milliseconds(text(route['timeout']))
        const perTry = milliseconds(text(fields(route['retries'])['perTryTimeout']))
        if (timeout !== undefined && perTry !== undefined && timeout > 0 && perTry > timeout)
          yield say(object, {
            code: 'MD1114',
            path: `${path}.retries.perTryTimeout`,
            values: { perTry: text(fields(route['retries'])['perTryTimeout']), timeout: text(route['timeout']) },
          })
        const retries = Number(fields(route['retries'])['attempts'] ?? 0)
        if (route['fault'] !== undefined && (timeout !== undefined || retries > 0))
          yield say(object, { code: 'MD1115', path: `${path}.fault`, values: { route: routeName(route, at) } })
      }
    }
  },
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/** A duration as Istio writes it (`1.5s`, `1m30s`); `undefined` when it is none. */
export function milliseconds(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(duration)) return undefined
  return [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  )
}

const claims: Rule = {
  name: 'routing by claims has somebody who reads the token',
  reads: ['VirtualService', 'Gateway', 'RequestAuthentication', 'Pod'],
  *run(world) {
    if (!world.sees('RequestAuthentication', 'Pod')) return
    const gateways = new Map(
      world.all('Gateway').map((each) => [`${each.metadata.namespace ?? ''}/${each.metadata.name}`, each]),
    )
    for (const object of world.all('VirtualService')) {
      const usesClaims = entries(fields(object.spec)['http']).some(({ value }) =>
        entries(value['match']).some(({ value: match }) =>
          [...Object.keys(fields(match['headers'])), ...Object.keys(fields(match['withoutHeaders']))].some((name) =>
            name.startsWith(CLAIM_HEADER),
          ),
        ),
      )
      if (!usesClaims) continue
      for (const name of gatewaysOf(object)) {
        const gateway = gateways.get(gatewayKey(name, object.metadata.namespace ?? ''))
        if (name === MESH_GATEWAY || gateway === undefined) continue
        const pods = gatewayPods(world, labelsIn(fields(gateway.spec)['selector']))
        const isRead = world.all('RequestAuthentication').some((policy) => {
          const place = policy.metadata.namespace ?? ''
          const labels = labelsIn(fields(fields(policy.spec)['selector'])['matchLabels'])
          const selected = podsOf(world).select(place, labels)
          return pods.some(
            (pod) =>
              selected.includes(pod) || (place === world.facts.rootNamespace && Object.keys(labels).length === 0),
          )
        })
        if (pods.length > 0 && !isRead)
          yield say(object, {
            code: 'IST0149',
            path: 'spec.http',
            values: { gateway: gatewayKey(name, object.metadata.namespace ?? '') },
          })
      }
    }
  },
}

const conditions: Rule = {
  name: 'matches bound to gateways name some of the object',
  reads: ['VirtualService'],
  *run(world) {
    for (const object of world.all('VirtualService')) {
      const own = gatewaysOf(object)
      const bound = own.length === 0 ? [MESH_GATEWAY] : own
      for (const { at, value } of entries(fields(object.spec)['http'])) {
        for (const { at: index, value: match } of entries(value['match'])) {
          const named = texts(match['gateways'])
          if (named.length > 0 && !named.some((each) => bound.includes(each)))
            yield say(object, {
              code: 'MD1118',
              path: `spec.http[${at}].match[${index}].gateways`,
              values: { named: named.join(', '), bound: bound.join(', ') },
            })
        }
      }
    }
  },
}

export const routeRules: readonly Rule[] = [reachable, weights, oldFields, expressions, times, claims, conditions]
