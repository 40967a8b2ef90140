import { findKindOfObject, type KindId, type KubeResource } from '@meshdeck/kube'
import { entries, fields, isEmpty, labelsIn, text, texts, type Fields } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import { envoyFilterTargets } from './envoy-filter-references.ts'
import type { Finder } from './named-objects.ts'
import { asReferred, type Target } from './reference.ts'
import { namespaceTargets, workloadTargets } from './traffic-references.ts'

const SELECTOR_PATHS: Readonly<Partial<Record<KindId, string>>> = {
  AuthorizationPolicy: 'spec.selector.matchLabels',
  RequestAuthentication: 'spec.selector.matchLabels',
  PeerAuthentication: 'spec.selector.matchLabels',
  Telemetry: 'spec.selector.matchLabels',
  WasmPlugin: 'spec.selector.matchLabels',
  ProxyConfig: 'spec.selector.matchLabels',
  EnvoyFilter: 'spec.workloadSelector.labels',
}
export const POLICY_KINDS = Object.keys(SELECTOR_PATHS).filter((kind): kind is KindId => kind in SELECTOR_PATHS)

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
/** `cluster.local/ns/shop/sa/web`. */
const PRINCIPAL = /^[^*]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/

/** What a policy is for: its targets or what its selector finds; and what it names of its own. */
export function policyTargets(world: World, find: Finder, kind: KindId, object: KubeResource): Target[] {
  const path = SELECTOR_PATHS[kind]
  if (path === undefined) return []
  const labels = path.split('.').reduce<unknown>((value, step) => fields(value)[step], object)
  return [
    ...targetRefs(find, object),
    ...workloadTargets(world, object, labels, path),
    // Without a target and a selector a policy is for its namespace; in the root namespace for all of them.
    ...(isWide(object, labels) ? namespaceTargets(world, object) : []),
    ...(kind === 'AuthorizationPolicy' ? authorizationTargets(world, find, object) : []),
    ...(kind === 'Telemetry' ? telemetryTargets(world, find, object) : []),
    ...(kind === 'EnvoyFilter' ? envoyFilterTargets(find, object) : []),
    ...(kind === 'WasmPlugin' ? pullSecretTargets(world, object) : []),
  ]
}

const isWide = ({ spec }: KubeResource, labels: unknown): boolean =>
  isEmpty(labels) && entries(fields(spec)['targetRefs']).length === 0 && isEmpty(fields(spec)['targetRef'])

/** Secrets are not read for this: one that is not there breaks the plugin, and is found by other means. */
function pullSecretTargets(world: World, object: KubeResource): Target[] {
  const name = text(fields(object.spec)['imagePullSecret'])
  if (name === '') return []
  const to = { cluster: world.cluster, kind: 'Secret' as const, namespace: ownNamespace(object), name }
  return [{ to, path: 'spec.imagePullSecret', part: 'object' }]
}

const ownNamespace = ({ metadata }: KubeResource): string => metadata.namespace ?? ''

/** Source: https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference */
function targetRefs(find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  const all: { path: string; value: Fields }[] = [
    ...entries(spec['targetRefs']).map(({ at, value }) => ({ path: `spec.targetRefs[${at}]`, value })),
    ...(isEmpty(spec['targetRef']) ? [] : [{ path: 'spec.targetRef', value: fields(spec['targetRef']) }]),
  ]
  return all.flatMap(({ path, value }) => {
    const name = text(value['name'])
    const kind = kindNamed(text(value['group']), text(value['kind']))
    if (kind === undefined) return []
    if (kind === 'GatewayClass') return find.object(kind, '', name, path)
    if (kind === 'Service') return find.host(name, ownNamespace(object), path)
    return find.object(kind, ownNamespace(object), name, path)
  })
}

/** A kind by its group and name, as references of the Gateway API give it. */
export function kindNamed(group: string, kind: string): KindId | undefined {
  if (group === '' || group === 'core') return findKindOfObject('v1', kind)?.id
  const version = group === 'gateway.networking.k8s.io' ? GATEWAY_API : `${group}/v1`
  return (findKindOfObject(version, kind) ?? findKindOfObject(`${group}/v1beta1`, kind))?.id
}

/** Who may call, by service account; who decides instead; and who must have proved a token. */
function authorizationTargets(world: World, find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  const own = ownNamespace(object)
  const accounts = entries(spec['rules']).flatMap(({ at, value }) =>
    entries(value['from']).flatMap((from) =>
      (['principals', 'notPrincipals', 'serviceAccounts', 'notServiceAccounts'] as const).flatMap((field) =>
        texts(fields(from.value['source'])[field]).flatMap((each, index) => {
          const match = PRINCIPAL.exec(each)
          const [namespace, name] = match ? [match[1] ?? '', match[2] ?? ''] : accountOf(each, own)
          return find.object(
            'ServiceAccount',
            namespace,
            name,
            `spec.rules[${at}].from[${from.at}].source.${field}[${index}]`,
          )
        }),
      ),
    ),
  )
  return [
    ...accounts,
    ...(text(spec['action']) === 'CUSTOM'
      ? providerTargets(world, find, text(fields(spec['provider'])['name']), 'spec.provider.name')
      : []),
    ...tokenTargets(world, object),
  ]
}

const accountOf = (text: string, own: string): [string, string] => {
  const [first = '', second] = text.split('/')
  return second === undefined ? [own, first] : [first, second]
}

/** The service behind a provider of the mesh's settings (`namespace/host` or a host). */
function providerTargets(world: World, find: Finder, provider: string, path: string): Target[] {
  const service = world.facts.providerServices?.[provider]
  if (service === undefined) return []
  const at = service.indexOf('/')
  const [namespace, host] =
    at < 0 ? [world.facts.rootNamespace, service] : [service.slice(0, at), service.slice(at + 1)]
  return find.host(host, namespace, path).map((target) => ({ ...target, part: 'provider', name: provider }))
}

/** A policy that asks for claims of a token denies everybody once nobody reads the token any more. */
function tokenTargets(world: World, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  const path = entries(spec['rules']).flatMap(({ at, value }) => [
    ...entries(value['from']).flatMap((from) =>
      texts(fields(from.value['source'])['requestPrincipals']).length > 0
        ? [`spec.rules[${at}].from[${from.at}].source.requestPrincipals`]
        : [],
    ),
    ...entries(value['when']).flatMap((when) =>
      text(when.value['key']).startsWith('request.auth.') ? [`spec.rules[${at}].when[${when.at}].key`] : [],
    ),
  ])[0]
  if (path === undefined) return []
  const labels = selectorOf(object)
  return world
    .all('RequestAuthentication')
    .filter((each) => [ownNamespace(object), world.facts.rootNamespace].includes(ownNamespace(each)))
    .filter((each) => overlap(selectorOf(each), labels))
    .map((each) => ({ to: asReferred(world.cluster, 'RequestAuthentication', each), path, part: 'token' as const }))
}

const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['selector'])['matchLabels'])

/** Whether a workload may bear the labels of both. */
const overlap = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.entries(a).every(([key, value]) => b[key] === undefined || b[key] === value)

/** Where telemetry goes: the services behind its providers. */
function telemetryTargets(world: World, find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  return (['tracing', 'metrics', 'accessLogging'] as const).flatMap((field) =>
    entries(spec[field]).flatMap(({ at, value }) =>
      entries(value['providers']).flatMap((each) =>
        providerTargets(world, find, text(each.value['name']), `spec.${field}[${at}].providers[${each.at}].name`),
      ),
    ),
  )
}
