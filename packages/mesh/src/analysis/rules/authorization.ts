import type { KubeResource } from '@meshdeck/kube'
import type { Rule } from '../analyzer.ts'
import type { Remark } from '../finding.ts'
import { hostCovers } from '../hosts.ts'
import { isGatewayWorkload } from '../../istio/gateways.ts'
import { identityOf, isTrusted } from '../../istio/trust-domains.ts'
import { isInjected, isMachinery } from '../../injection/pods.ts'
import { podsOf } from '../pods.ts'
import { entries, fields, isEmpty, items, labelsIn, text, texts } from '../read.ts'
import { registryOf } from '../registry.ts'
import type { World } from '../world.ts'
import { printLabels } from './destination-rules.ts'
import { modeIn } from './mutual-tls.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE']
/** Fields that only a client's certificate can answer. */
const NEEDS_IDENTITY = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'serviceAccounts'] as const
const IDENTITY_CONDITIONS = ['source.principal', 'source.namespace', 'source.serviceAccount']

const say = (object: KubeResource, remark: Omit<Remark, 'object' | 'kind'>): Remark => ({
  object,
  kind: 'AuthorizationPolicy',
  ...remark,
})
export const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['selector'])['matchLabels'])
export const hasTargets = (object: KubeResource): boolean =>
  items(fields(object.spec)['targetRefs']).length > 0 || !isEmpty(fields(object.spec)['targetRef'])

function* operations(
  object: KubeResource,
  part: 'from' | 'to',
): Generator<{ path: string; value: ReturnType<typeof fields> }> {
  const inner = part === 'from' ? 'source' : 'operation'
  for (const { at, value: rule } of entries(fields(object.spec)['rules'])) {
    for (const { at: index, value } of entries(rule[part]))
      yield { path: `spec.rules[${at}].${part}[${index}].${inner}`, value: fields(value[inner]) }
  }
}

const workloads: Rule = {
  name: 'policies select running pods',
  reads: ['AuthorizationPolicy', 'Pod'],
  *run(world) {
    if (!world.sees('Pod')) return
    for (const object of world.all('AuthorizationPolicy')) {
      const { namespace = '' } = object.metadata
      if (hasTargets(object)) continue
      const labels = selectorOf(object)
      const isMeshWide = namespace === world.facts.rootNamespace && isEmpty(labels)
      const places =
        namespace === world.facts.rootNamespace
          ? [...new Set(world.everywhere('Pod').map((each) => each.object.metadata.namespace ?? ''))]
          : [namespace]
      if (!isMeshWide && places.every((place) => podsOf(world).select(place, labels).length === 0))
        yield say(object, {
          code: 'IST0127',
          path: isEmpty(labels) ? '' : 'spec.selector.matchLabels',
          values: { labels: printLabels(labels), namespace },
        })
    }
  },
}

const sources: Rule = {
  name: 'callers of policies exist and can be told',
  reads: ['AuthorizationPolicy', 'Namespace', 'ServiceAccount', 'PeerAuthentication', 'Pod'],
  *run(world) {
    const namespaces = new Set(world.everywhere('Namespace').map(({ object }) => object.metadata.name))
    const accounts = accountsOf(world)
    for (const object of world.all('AuthorizationPolicy')) {
      const place = object.metadata.namespace ?? ''
      const needs: string[] = []
      for (const { path, value } of operations(object, 'from')) {
        for (const field of NEEDS_IDENTITY) if (texts(value[field]).length > 0) needs.push(`${path}.${field}`)
        for (const field of ['namespaces', 'notNamespaces'] as const) {
          for (const [at, namespace] of texts(value[field]).entries()) {
            const isKnown = namespace.includes('*') ? matchesAny(namespace, namespaces) : namespaces.has(namespace)
            if (world.sees('Namespace') && !isKnown)
              yield say(object, {
                code: 'IST0101',
                path: `${path}.${field}[${at}]`,
                values: { what: 'namespace', name: namespace },
              })
          }
        }
        for (const field of ['principals', 'notPrincipals'] as const) {
          for (const [at, principal] of texts(value[field]).entries())
            yield* principalProblems(world, object, `${path}.${field}[${at}]`, principal, accounts)
        }
      }
      for (const { at, value: rule } of entries(fields(object.spec)['rules'])) {
        for (const { at: index, value } of entries(rule['when'])) {
          if (IDENTITY_CONDITIONS.includes(text(value['key']))) needs.push(`spec.rules[${at}].when[${index}].key`)
          const both = texts(value['values']).filter((each) => texts(value['notValues']).includes(each))
          if (both.length > 0)
            yield say(object, {
              code: 'MD0110',
              path: `spec.rules[${at}].when[${index}]`,
              values: { values: both.join(', ') },
            })
        }
      }
      const { mode, by } = modeIn(world, place)
      if (needs.length > 0 && mode === 'DISABLE')
        yield say(object, {
          code: 'MD0103',
          path: needs[0] ?? '',
          values: { policy: by === undefined ? '' : `${by.metadata.namespace ?? ''}/${by.metadata.name}` },
        })
      if (text(fields(object.spec)['action']) === 'CUSTOM') {
        const provider = text(fields(fields(object.spec)['provider'])['name'])
        if (world.facts.providers !== undefined && !world.facts.providers.includes(provider))
          yield say(object, {
            code: 'MD0111',
            path: 'spec.provider.name',
            values: { provider, known: world.facts.providers.join(', ') },
          })
      }
    }
  },
}

const matchesAny = (pattern: string, names: ReadonlySet<string>): boolean => {
  if (pattern === '*') return true
  const [isStart, isEnd] = [pattern.endsWith('*'), pattern.startsWith('*')]
  const part = pattern.replaceAll('*', '')
  return [...names].some((name) => (isStart ? name.startsWith(part) : isEnd ? name.endsWith(part) : name === part))
}

interface Accounts {
  here: ReadonlySet<string>
  elsewhere: ReadonlySet<string>
  complete: boolean
}

/** `namespace/name` of service accounts: those that exist, or at least those that pods run as. */
function accountsOf(world: World): Accounts {
  return world.derive('accounts', ['Pod', 'ServiceAccount'], () => {
    const of = (own: boolean): Set<string> =>
      new Set([
        ...world
          .everywhere('ServiceAccount')
          .filter(({ cluster }) => (cluster === world.cluster) === own)
          .map(({ object }) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`),
        ...world
          .everywhere('Pod')
          .filter(({ cluster }) => (cluster === world.cluster) === own)
          .map(
            ({ object }) =>
              `${object.metadata.namespace ?? ''}/${text(fields(object.spec)['serviceAccountName']) || 'default'}`,
          ),
      ])
    return { here: of(true), elsewhere: of(false), complete: world.sees('Pod') }
  })
}

function* principalProblems(
  world: World,
  object: KubeResource,
  path: string,
  principal: string,
  accounts: Accounts,
): Generator<Remark> {
  const identity = identityOf(principal)
  if (identity === undefined) return
  const { domain, namespace, account: name } = identity
  if (!isTrusted(domain, world.facts.trustDomains))
    yield say(object, { code: 'MD0106', path, values: { principal, domains: world.facts.trustDomains.join(', ') } })
  if (`${namespace}${name}`.includes('*') || !accounts.complete) return
  const key = `${namespace}/${name}`
  if (accounts.here.has(key)) return
  yield say(object, {
    code: accounts.elsewhere.has(key) ? 'MD0105' : 'MD0104',
    path,
    values: { principal, account: key },
  })
}

const operationsRule: Rule = {
  name: 'operations of policies can happen',
  reads: ['AuthorizationPolicy', 'Service', 'ServiceEntry', 'VirtualService'],
  *run(world) {
    const registry = registryOf(world)
    const hosts = world.derive('routed-hosts', ['VirtualService'], () =>
      world.all('VirtualService').flatMap(({ spec }) => texts(fields(spec)['hosts'])),
    )
    for (const object of world.all('AuthorizationPolicy')) {
      for (const { path, value } of operations(object, 'to')) {
        for (const field of ['methods', 'notMethods'] as const) {
          for (const [at, method] of texts(value[field]).entries()) {
            const isKnown = method.includes('*') || METHODS.includes(method) || method.startsWith('/')
            if (!isKnown)
              yield say(object, {
                code: 'MD0101',
                path: `${path}.${field}[${at}]`,
                values: { method },
                ...(METHODS.includes(method.toUpperCase())
                  ? {
                      fix: [
                        { op: 'set' as const, path: segments(`${path}.${field}[${at}]`), value: method.toUpperCase() },
                      ],
                    }
                  : {}),
              })
          }
        }
        for (const [at, host] of texts(value['hosts']).entries()) {
          const bare = host.replace(/:\d+$|:\*$/, '')
          if (bare.includes('*') || !world.sees('Service', 'ServiceEntry', 'VirtualService')) continue
          const isKnown =
            registry.all.some((each) => isNameOf(each.host, bare)) || hosts.some((each) => hostCovers(each, bare))
          if (!isKnown) yield say(object, { code: 'MD0102', path: `${path}.hosts[${at}]`, values: { host } })
        }
        for (const [field, not] of [
          ['paths', 'notPaths'],
          ['methods', 'notMethods'],
          ['ports', 'notPorts'],
          ['hosts', 'notHosts'],
        ] as const) {
          const both = texts(value[field]).filter((each) => texts(value[not]).includes(each))
          if (both.length > 0 && both.length === texts(value[field]).length)
            yield say(object, { code: 'MD0110', path: `${path}.${not}`, values: { values: both.join(', ') } })
        }
      }
    }
  },
}

const segments = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, at, name]) => (at === undefined ? (name ?? '') : Number(at)))

/** `reviews`, `reviews.shop` and the like are names of one service. */
const isNameOf = (full: string, host: string): boolean =>
  full === host || (full.endsWith('.svc.cluster.local') && full.startsWith(`${host}.`))

const coverage: Rule = {
  name: 'workloads have a policy',
  reads: ['AuthorizationPolicy', 'Pod', 'Namespace'],
  *run(world) {
    if (!world.sees('AuthorizationPolicy', 'Pod', 'Namespace')) return
    const root = world.facts.rootNamespace
    if (world.all('AuthorizationPolicy').some(({ metadata }) => metadata.namespace === root)) return
    for (const space of world.all('Namespace')) {
      const name = space.metadata.name
      const pods = podsOf(world)
        .in(name)
        .filter(
          ({ object }) => isInjected(object) && !isMachinery(object) && !isGatewayWorkload(object.metadata.labels),
        )
      if (pods.length === 0) continue
      const policies = world.all('AuthorizationPolicy').filter(({ metadata }) => metadata.namespace === name)
      // Who uses no policies at all means it; who leaves some workloads out may have forgotten them.
      if (policies.length === 0) continue
      const bare = pods.filter(
        (pod) => !policies.some((policy) => podsOf(world).select(name, selectorOf(policy)).includes(pod)),
      )
      if (bare.length > 0)
        yield {
          object: space,
          kind: 'Namespace',
          code: 'MD0109',
          values: { count: String(bare.length), pods: String(pods.length) },
        }
    }
  },
}

export const authorizationRules: readonly Rule[] = [workloads, sources, operationsRule, coverage]
