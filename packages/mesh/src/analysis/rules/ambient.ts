import { DATAPLANE_MODE_LABEL, POD_INJECT_LABEL, type KindId, type KubeResource, type Pod } from '@meshdeck/kube'
import { isAmbient, isInjected, isMachinery } from '../../injection/pods.ts'
import type { Rule } from '../analyzer.ts'
import type { FindingCode } from '../codes.ts'
import { fullHost } from '../hosts.ts'
import { podsOf } from '../pods.ts'
import { entries, fields, isEmpty, labelsIn, text, texts } from '../read.ts'
import { registryOf } from '../registry.ts'
import type { World } from '../world.ts'
import { hasTargets } from './authorization.ts'
import { hostOfRule, printLabels } from './destination-rules.ts'

const USE_WAYPOINT_LABEL = 'istio.io/use-waypoint'
const USE_WAYPOINT_NAMESPACE_LABEL = 'istio.io/use-waypoint-namespace'
const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name'
const WAYPOINT_CLASS = 'istio-waypoint'

function namespacesOf(world: World): ReadonlyMap<string, KubeResource> {
  return world.derive(
    'namespaces',
    ['Namespace'],
    () => new Map(world.all('Namespace').map((object) => [object.metadata.name, object])),
  )
}

/** Whether ztunnel carries what runs in a namespace. */
export function isAmbientNamespace(world: World, name: string): boolean {
  return namespacesOf(world).get(name)?.metadata.labels?.[DATAPLANE_MODE_LABEL] === 'ambient'
}

/** Whether a waypoint handles the requests to a namespace, or to one object of it. */
function hasWaypoint(world: World, namespace: string, object?: KubeResource): boolean {
  const own = object?.metadata.labels?.[USE_WAYPOINT_LABEL]
  const label = own ?? namespacesOf(world).get(namespace)?.metadata.labels?.[USE_WAYPOINT_LABEL]
  return label !== undefined && label !== 'none'
}

const L7_SOURCE = ['requestPrincipals', 'notRequestPrincipals', 'remoteIpBlocks', 'notRemoteIpBlocks']
const L7_OPERATION = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths']
const L4_CONDITIONS = ['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port']

/** Whether a policy asks for what only an HTTP proxy can tell. */
function isHttpPolicy(object: KubeResource): boolean {
  const spec = fields(object.spec)
  if (['CUSTOM', 'AUDIT'].includes(text(spec['action']))) return true
  return entries(spec['rules']).some(
    ({ value: rule }) =>
      entries(rule['from']).some(({ value }) => L7_SOURCE.some((field) => field in fields(value['source']))) ||
      entries(rule['to']).some(({ value }) => L7_OPERATION.some((field) => field in fields(value['operation']))) ||
      entries(rule['when']).some(({ value }) => !L4_CONDITIONS.includes(text(value['key']))),
  )
}

const selectorOf = (object: KubeResource): Record<string, string> =>
  labelsIn(fields(fields(object.spec)['selector'])['matchLabels'])

/** Kinds that only a waypoint obeys in ambient mode, with what is said of each. */
const NEEDS_WAYPOINT: readonly {
  kind: KindId
  is: (object: KubeResource) => boolean
  bare: FindingCode
  selecting: FindingCode
}[] = [
  { kind: 'AuthorizationPolicy', is: isHttpPolicy, bare: 'MD0107', selecting: 'MD0108' },
  { kind: 'RequestAuthentication', is: () => true, bare: 'MD1108', selecting: 'MD1119' },
  { kind: 'WasmPlugin', is: () => true, bare: 'MD1108', selecting: 'MD1119' },
  { kind: 'Telemetry', is: () => true, bare: 'MD1108', selecting: 'MD1119' },
]

const policies: Rule = {
  name: 'a waypoint obeys policies of HTTP in ambient namespaces',
  reads: ['AuthorizationPolicy', 'RequestAuthentication', 'WasmPlugin', 'Telemetry', 'Namespace', 'Pod'],
  *run(world) {
    for (const { kind, is, bare, selecting } of NEEDS_WAYPOINT) {
      for (const object of world.all(kind)) {
        const { namespace = '' } = object.metadata
        const selector = selectorOf(object)
        const isGateways =
          !isEmpty(selector) &&
          podsOf(world)
            .select(namespace, selector)
            .some(({ object: pod }) => pod.metadata.labels?.[GATEWAY_NAME_LABEL] !== undefined)
        if (isGateways && !hasTargets(object))
          yield {
            object,
            kind,
            code: 'IST0166',
            path: 'spec.selector.matchLabels',
            values: { labels: printLabels(selector) },
          }
        if (!isAmbientNamespace(world, namespace) || hasTargets(object) || !is(object)) continue
        if (!hasWaypoint(world, namespace)) yield { object, kind, code: bare, values: { kind, namespace } }
        else if (!isEmpty(selector))
          yield { object, kind, code: selecting, path: 'spec.selector', values: { kind, namespace } }
      }
    }
  },
}

const traffic: Rule = {
  name: 'a waypoint obeys routes of HTTP in ambient namespaces',
  reads: ['VirtualService', 'DestinationRule', 'Namespace', 'Service', 'ServiceEntry'],
  *run(world) {
    const registry = registryOf(world)
    const about = function* (
      object: KubeResource,
      kind: KindId,
      hosts: readonly string[],
      codes: { bare: FindingCode; service: FindingCode; outside: FindingCode },
    ): Generator<Parameters<typeof remark>[0]> {
      const { namespace = '' } = object.metadata
      for (const host of hosts) {
        const [found] = registry.find(host, namespace)
        if (found === undefined || found.kind !== 'Service' || !isAmbientNamespace(world, found.namespace)) continue
        const values = { host, namespace: found.namespace }
        if (!hasWaypoint(world, found.namespace))
          yield hasWaypoint(world, found.namespace, found.object)
            ? { object, kind, code: codes.outside, values, skip: found.namespace === namespace }
            : { object, kind, code: codes.bare, values, skip: false }
        else if (!hasWaypoint(world, found.namespace, found.object))
          yield { object, kind, code: codes.service, values, skip: false }
        else yield { object, kind, code: codes.outside, values, skip: found.namespace === namespace }
      }
    }
    for (const object of world.all('VirtualService')) {
      const spec = fields(object.spec)
      const gateways = texts(spec['gateways'])
      if (gateways.length > 0 && !gateways.includes('mesh')) continue
      const hosts = texts(spec['hosts']).map((host) => fullHost(host, object.metadata.namespace ?? ''))
      for (const each of about(object, 'VirtualService', hosts, {
        bare: 'MD1105',
        service: 'MD1106',
        outside: 'MD1107',
      }))
        yield* remark(each)
    }
    for (const object of world.all('DestinationRule')) {
      const spec = fields(object.spec)
      const policy = fields(spec['trafficPolicy'])
      const isHttp =
        entries(spec['subsets']).length > 0 ||
        fields(policy['connectionPool'])['http'] !== undefined ||
        policy['outlierDetection'] !== undefined ||
        policy['loadBalancer'] !== undefined
      if (!isHttp) continue
      for (const each of about(object, 'DestinationRule', [hostOfRule(object)], {
        bare: 'MD0208',
        service: 'MD0209',
        outside: 'MD0210',
      }))
        yield* remark(each)
    }
  },
}

function* remark({
  skip,
  ...rest
}: {
  object: KubeResource
  kind: KindId
  code: FindingCode
  values: Record<string, string>
  skip: boolean
}): Generator<Omit<typeof rest, 'never'>> {
  if (!skip) yield rest
}

const pods: Rule = {
  name: 'sidecars and ambient mode keep apart',
  reads: ['Pod', 'Namespace', 'K8sGateway', 'AuthorizationPolicy'],
  *run(world) {
    const waypoints = new Set(
      world
        .all('K8sGateway')
        .filter(({ spec }) => text(fields(spec)['gatewayClassName']) === WAYPOINT_CLASS)
        .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`),
    )
    for (const namespace of world.all('Namespace')) {
      const label = namespace.metadata.labels?.[USE_WAYPOINT_LABEL]
      const { name } = namespace.metadata
      if (label === undefined || label === 'none' || !world.sees('K8sGateway')) continue
      const place = namespace.metadata.labels?.[USE_WAYPOINT_NAMESPACE_LABEL] ?? name
      if (!waypoints.has(`${place}/${label}`))
        yield {
          object: namespace,
          kind: 'Namespace',
          code: 'MD1313',
          path: `metadata.labels["${USE_WAYPOINT_LABEL}"]`,
          values: { waypoint: `${place}/${label}` },
        }
    }
    for (const object of world.all('Pod') as readonly Pod[]) {
      if (isMachinery(object)) continue
      const labels = object.metadata.labels ?? {}
      const { namespace = '' } = object.metadata
      const inAmbient = isAmbientNamespace(world, namespace)
      const injected = isInjected(object)
      const base = { object, kind: 'Pod' as const }
      const isGateway = labels[GATEWAY_NAME_LABEL] !== undefined
      if (isGateway) continue
      if (injected && labels[DATAPLANE_MODE_LABEL] === 'ambient') yield { ...base, code: 'MD1311' }
      else if (injected && inAmbient) yield { ...base, code: 'MD1316', values: { namespace } }
      if (isAmbient(object) && labels[POD_INJECT_LABEL] === 'true') yield { ...base, code: 'MD1314' }
      const waypoint = labels[USE_WAYPOINT_LABEL]
      if (waypoint === undefined || waypoint === 'none') continue
      const place = labels[USE_WAYPOINT_NAMESPACE_LABEL] ?? namespace
      if (!inAmbient && labels[DATAPLANE_MODE_LABEL] !== 'ambient')
        yield { ...base, code: 'MD1312', values: { waypoint } }
      else if (world.sees('K8sGateway') && !waypoints.has(`${place}/${waypoint}`))
        yield { ...base, code: 'MD1313', values: { waypoint: `${place}/${waypoint}` } }
    }
  },
}

export const ambientRules: readonly Rule[] = [policies, traffic, pods]
