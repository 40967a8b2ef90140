import type { KubeResource } from '@meshdeck/kube'
import { fullHost, serviceHost } from '../analysis/hosts.ts'
import { entries, fields, text, texts, type Fields } from '../analysis/read.ts'
import { oldest, type WizardNote, type WizardService, type WizardWorld } from './wizard.ts'

/** Kinds of the Gateway API that can be attached to a service. */
export type ServiceRouteKind = 'HTTPRoute' | 'GRPCRoute'
const SERVICE_ROUTES: readonly ServiceRouteKind[] = ['HTTPRoute', 'GRPCRoute']

/** What says where calls to a service inside the mesh go: a VirtualService (none yet when absent), or routes of the Gateway API. */
export type Governing =
  | { kind: 'VirtualService'; object: KubeResource | undefined }
  | { kind: ServiceRouteKind; objects: readonly [KubeResource, ...KubeResource[]] }

export const fullName = ({ name, namespace }: WizardService): string => serviceHost(name, namespace)
export const specOf = (object: KubeResource | undefined): Fields => fields(object?.spec)
export const placeOf = ({ metadata }: KubeResource): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** The rule in force for a service: in its own namespace if there is one, the oldest first. */
export function ruleInForce(
  world: WizardWorld,
  kind: 'VirtualService' | 'DestinationRule',
  service: WizardService,
  hostsOf: (spec: Fields) => readonly string[],
): KubeResource | undefined {
  const found = world.all(kind).filter((object) => {
    const { namespace = '' } = object.metadata
    return hostsOf(specOf(object)).some((host) => fullHost(host, namespace) === fullName(service))
  })
  const own = found.filter(({ metadata }) => metadata.namespace === service.namespace)
  return oldest(own.length > 0 ? own : found)
}

/** A VirtualService that is bound to gateways alone says nothing of calls inside the mesh. */
const isForMesh = (spec: Fields): boolean => {
  const gateways = texts(spec['gateways'])
  return gateways.length === 0 || gateways.includes('mesh')
}

const virtualServiceOf = (world: WizardWorld, service: WizardService): KubeResource | undefined =>
  ruleInForce(world, 'VirtualService', service, (spec) => (isForMesh(spec) ? texts(spec['hosts']) : []))

/**
 * Routes of the Gateway API that are attached to a service and count for all its callers, which are those of its own
 * namespace. Source: https://gateway-api.sigs.k8s.io/mesh/
 */
function routesOn(world: WizardWorld, kind: ServiceRouteKind, { namespace, name }: WizardService): KubeResource[] {
  return world
    .all(kind)
    .filter(
      (object) =>
        object.metadata.namespace === namespace &&
        entries(specOf(object)['parentRefs']).some(
          ({ value }) =>
            text(value['kind']) === 'Service' &&
            text(value['name']) === name &&
            (text(value['namespace']) || namespace) === namespace,
        ),
    )
}

/** What governs a service; where a VirtualService and the Gateway API both do, the older one. */
export function governingOf(
  world: WizardWorld,
  service: WizardService,
): { governing: Governing; notes: readonly WizardNote[] } {
  const object = virtualServiceOf(world, service)
  const routes = SERVICE_ROUTES.flatMap((kind) =>
    routesOn(world, kind, service).map((each) => ({ kind, object: each })),
  )
  const first = oldest(routes.map((each) => each.object))
  const kind = routes.find((each) => each.object === first)?.kind
  if (first === undefined || kind === undefined)
    return { governing: { kind: 'VirtualService', object }, notes: noteOf('governs', 'VirtualService', object) }
  const others = routes.filter((each) => each.kind === kind && each.object !== first).map((each) => each.object)
  const governing = { kind, objects: [first, ...others] } as const
  if (object === undefined) return { governing, notes: [...noteOf('governs', kind, first), ...atEdge(kind, first)] }
  const counts = oldest([object, first])
  return counts === first
    ? { governing, notes: [...noteOf('governs', kind, first), ...noteOf('bothGovern', 'VirtualService', object)] }
    : {
        governing: { kind: 'VirtualService', object },
        notes: [...noteOf('governs', 'VirtualService', object), ...noteOf('bothGovern', kind, first)],
      }
}

/** A note about an object; none without one. */
export function noteOf(
  code: WizardNote['code'],
  kind: Exclude<WizardNote['about'], undefined>['kind'],
  object: KubeResource | undefined,
  values?: WizardNote['values'],
): WizardNote[] {
  if (object === undefined) return []
  const { namespace = '', name } = object.metadata
  return [{ code, about: { kind, namespace, name }, ...(values === undefined ? {} : { values }) }]
}

/** A route that is attached to a gateway too changes what comes from there. */
function atEdge(kind: ServiceRouteKind, object: KubeResource): WizardNote[] {
  const gateways = entries(specOf(object)['parentRefs'])
    .filter(({ value }) => (text(value['kind']) || 'Gateway') === 'Gateway')
    .map(({ value }) => text(value['name']))
  return gateways.length === 0 ? [] : noteOf('alsoAtEdge', kind, object, { gateways: gateways.join(', ') })
}
