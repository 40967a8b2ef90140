import type { KubeResource } from '@meshdeck/kube'
import { gatewayPods, podsOf } from '../analysis/pods.ts'
import { entries, fields, labelsIn, text, texts } from '../analysis/read.ts'
import { createWorld, type AnalysisInput, type World } from '../analysis/world.ts'
import { isGatewayWorkload } from '../istio/gateways.ts'

/** Kinds that must be read to know who uses a Secret. */
export const CREDENTIAL_USER_KINDS = ['Gateway', 'DestinationRule', 'K8sGateway', 'ReferenceGrant', 'Pod'] as const

/** A place in configuration that names a Secret with a certificate, and the Secret that is meant. */
export interface CredentialReference {
  /** Clusters whose Secret of that name is taken: that of the gateway's pods, else that of the configuration. */
  clusters: readonly string[]
  namespace: string
  name: string
  by: {
    cluster: string
    kind: 'Gateway' | 'DestinationRule' | 'K8sGateway'
    namespace: string
    name: string
    path: string
  }
  /** No ReferenceGrant lets the gateway use a Secret of another namespace. */
  refused?: true
}

interface Named {
  path: string
  name: string
  /** Where the reference itself says it lies. */
  namespace?: string
}
type Place = Pick<CredentialReference, 'clusters' | 'namespace'>

/**
 * Everything in the configuration of one istiod that names a Secret with a certificate. A `credentialName` is looked up
 * where the pods of the gateway are, not where the Gateway object is. Sources:
 * https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings,
 * https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings and
 * https://gateway-api.sigs.k8s.io/api-types/referencegrant/
 */
export function credentialReferences(input: AnalysisInput): CredentialReference[] {
  const world = createWorld(input)
  return [
    ...world.all('Gateway').flatMap((object) => gatewayReferences(world, object)),
    ...world.all('DestinationRule').flatMap((object) => ruleReferences(world, object)),
    ...world.all('K8sGateway').flatMap((object) => k8sGatewayReferences(world, object)),
  ]
}

function gatewayReferences(world: World, object: KubeResource): CredentialReference[] {
  const spec = fields(object.spec)
  const selector = labelsIn(spec['selector'])
  const likely = gatewayPods(world, selector)
  const pods = likely.length > 0 ? likely : podsOf(world).select(object.metadata.namespace ?? '', selector)
  const named = entries(spec['servers']).flatMap(({ at, value }) => namedIn(value['tls'], `spec.servers[${at}].tls`))
  return referencesOf(world, 'Gateway', object, named, placesOfPods(world, pods))
}

/** For sidecars a rule must select its workloads; else the Secret is for the gateways that call the host. */
function ruleReferences(world: World, object: KubeResource): CredentialReference[] {
  const spec = fields(object.spec)
  const named = [
    ...policyNames(spec['trafficPolicy'], 'spec.trafficPolicy'),
    ...entries(spec['subsets']).flatMap(({ at, value }) =>
      policyNames(value['trafficPolicy'], `spec.subsets[${at}].trafficPolicy`),
    ),
  ]
  if (named.length === 0) return []
  const selector = labelsIn(fields(spec['workloadSelector'])['matchLabels'])
  const pods =
    Object.keys(selector).length > 0
      ? podsOf(world).select(object.metadata.namespace ?? '', selector)
      : world
          .everywhere('Pod')
          .filter(({ object: { metadata } }) => isGatewayWorkload(metadata.labels, metadata.annotations))
  return referencesOf(world, 'DestinationRule', object, named, placesOfPods(world, pods))
}

function policyNames(policy: unknown, path: string): Named[] {
  return [
    ...namedIn(fields(policy)['tls'], `${path}.tls`),
    ...entries(fields(policy)['portLevelSettings']).flatMap(({ at, value }) =>
      namedIn(value['tls'], `${path}.portLevelSettings[${at}].tls`),
    ),
  ]
}

function namedIn(tls: unknown, path: string): Named[] {
  const settings = fields(tls)
  const own = text(settings['credentialName'])
  const several = texts(settings['credentialNames'])
  const authority = text(settings['caCertCredentialName'])
  const names = [
    ...(own === '' ? [] : [{ path: `${path}.credentialName`, name: own }]),
    ...several.map((name, at) => ({ path: `${path}.credentialNames[${at}]`, name })),
    ...(authority === '' ? [] : [{ path: `${path}.caCertCredentialName`, name: authority }]),
  ].flatMap(readName)
  // With mutual TLS the authority of the clients may lie in a Secret of its own, beside the certificate's.
  const isMutual = ['MUTUAL', 'OPTIONAL_MUTUAL'].includes(text(settings['mode']))
  return isMutual ? [...names, ...names.map((each) => ({ ...each, name: `${each.name}-cacert` }))] : names
}

/** A name alone, or `kubernetes://[NAMESPACE/]NAME`; other schemes are no Secrets. */
function readName(named: Named): Named[] {
  const [, scheme, rest = named.name] = /^([a-z-]+):\/\/(.*)$/.exec(named.name) ?? []
  if (scheme !== undefined && scheme !== 'kubernetes' && scheme !== 'kubernetes-gateway') return []
  const [first = '', second] = rest.split('/')
  return [second === undefined ? { ...named, name: first } : { ...named, namespace: first, name: second }]
}

function placesOfPods(world: World, pods: readonly { cluster: string; object: KubeResource }[]): Place[] {
  const places = pods.map(({ cluster, object }): Place => ({
    clusters: [...new Set([cluster, world.cluster])],
    namespace: object.metadata.namespace ?? '',
  }))
  return [...new Map(places.map((place) => [`${place.clusters[0]} ${place.namespace}`, place])).values()]
}

function k8sGatewayReferences(world: World, object: KubeResource): CredentialReference[] {
  const own = object.metadata.namespace ?? ''
  return entries(fields(object.spec)['listeners']).flatMap(({ at, value }) =>
    entries(fields(value['tls'])['certificateRefs']).flatMap(({ at: index, value: ref }) => {
      if (text(ref['kind'] ?? 'Secret') !== 'Secret' || text(ref['group']) !== '') return []
      const named = {
        path: `spec.listeners[${at}].tls.certificateRefs[${index}]`,
        name: text(ref['name']),
        namespace: text(ref['namespace']) || own,
      }
      const granted = named.namespace === own || !world.sees('ReferenceGrant') || isGranted(world, own, named)
      return referencesOf(world, 'K8sGateway', object, [named], [{ clusters: [world.cluster], namespace: own }]).map(
        (reference): CredentialReference => (granted ? reference : { ...reference, refused: true }),
      )
    }),
  )
}

function isGranted(world: World, from: string, secret: { namespace: string; name: string }): boolean {
  return world.all('ReferenceGrant').some(({ metadata, spec }) => {
    if (metadata.namespace !== secret.namespace) return false
    const comes = entries(fields(spec)['from']).some(
      ({ value }) => text(value['kind']) === 'Gateway' && text(value['namespace']) === from,
    )
    const goes = entries(fields(spec)['to']).some(
      ({ value }) => text(value['kind']) === 'Secret' && [undefined, '', secret.name].includes(text(value['name'])),
    )
    return comes && goes
  })
}

function referencesOf(
  world: World,
  kind: CredentialReference['by']['kind'],
  { metadata }: KubeResource,
  named: readonly Named[],
  places: readonly Place[],
): CredentialReference[] {
  return named.flatMap(({ path, name, namespace }) =>
    places.map((place) => ({
      clusters: place.clusters,
      namespace: namespace ?? place.namespace,
      name,
      by: { cluster: world.cluster, kind, namespace: metadata.namespace ?? '', name: metadata.name, path },
    })),
  )
}
