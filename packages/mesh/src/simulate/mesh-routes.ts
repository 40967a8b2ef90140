import type { KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers, serviceHost } from '../analysis/hosts.ts'
import { entries, fields, number, text, texts } from '../analysis/read.ts'
import { isVisible } from '../analysis/registry.ts'
import { gatewaysOf, hostsOf, MESH_GATEWAY } from '../analysis/rules/virtual-services.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace, type Party } from './caller.ts'
import { byAge, nameOf, placeOf, type Step } from './explanation.ts'
import type { RouteKind } from './route-list.ts'
import type { EgressScope } from './sidecar-scope.ts'
import type { StepCode } from './step-codes.ts'

export interface RouteObject {
  kind: RouteKind
  object: KubeResource
  /** The host in it by which it is meant. */
  host: string
}

export interface ChosenRoutes {
  chosen: RouteObject | undefined
  others: readonly Step[]
}

/**
 * The one virtual service, or HTTPRoute of a service, that a sidecar uses for a host: exact hosts before wildcards, the
 * longest of these first; then those only its own namespace sees, those exported to it, and all others; then the oldest.
 * Sources: https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services and istiod's own
 * `SelectVirtualServices`.
 */
export function meshRoutes(
  world: World,
  party: Party,
  scope: EgressScope,
  target: { host: string; owner: string; port: number },
): ChosenRoutes {
  const others: Step[] = []
  const fit: RouteObject[] = []
  const say = (each: RouteObject, code: StepCode, values: Record<string, string> = {}): void => {
    others.push({
      hop: 'client',
      outcome: 'skip',
      code,
      values: { name: nameOf(each.object), ...values },
      place: placeOf(world.cluster, each.kind, each.object),
    })
  }
  for (const each of [...virtualServices(world, target.host), ...serviceRoutes(world, target)]) {
    const owner = ownNamespace(each.object)
    if (each.kind === 'HTTPRoute') {
      if (owner === party.namespace || owner === target.owner) fit.push(each)
      else say(each, 'routes.not-exported', { namespace: party.namespace })
      continue
    }
    const gateways = gatewaysOf(each.object)
    if (gateways.length > 0 && !gateways.includes(MESH_GATEWAY))
      say(each, 'routes.other-gateway', { gateways: gateways.join(', ') })
    else if (!isVisible(texts(fields(each.object.spec)['exportTo']), owner, party.namespace))
      say(each, 'routes.not-exported', { namespace: party.namespace })
    else if (!scope.takes(owner, each.host)) say(each, 'routes.out-of-scope')
    else fit.push(each)
  }
  const [chosen, ...rest] = fit.toSorted(
    (a, b) =>
      specificity(b.host) - specificity(a.host) || reach(a, party) - reach(b, party) || byAge(a.object, b.object),
  )
  for (const each of rest) {
    const isLess = chosen !== undefined && specificity(each.host) < specificity(chosen.host)
    say(each, isLess ? 'routes.less-specific' : 'routes.younger', { host: each.host })
  }
  return { chosen, others }
}

/** Exact hosts first, then the longer wildcard. */
export const specificity = (host: string): number => (host.startsWith('*') ? host.length : 10_000)

function virtualServices(world: World, host: string): RouteObject[] {
  return world.all('VirtualService').flatMap((object) => {
    const fits = hostsOf(object)
      .map((each) => fullHost(each, ownNamespace(object)).toLowerCase())
      .filter((each) => hostCovers(each, host))
      .toSorted((a, b) => specificity(b) - specificity(a))
    return fits[0] === undefined ? [] : [{ kind: 'VirtualService' as const, object, host: fits[0] }]
  })
}

/** HTTPRoutes that are attached to a service. Source: https://gateway-api.sigs.k8s.io/mesh/ */
function serviceRoutes(world: World, target: { host: string; port: number }): RouteObject[] {
  return world.all('HTTPRoute').flatMap((object) => {
    const isMeant = entries(fields(object.spec)['parentRefs']).some(({ value }) => {
      if (text(value['kind']) !== 'Service') return false
      const host = serviceHost(text(value['name']), text(value['namespace']) || ownNamespace(object))
      const port = number(value['port'])
      return host === target.host && (port === undefined || port === target.port)
    })
    return isMeant ? [{ kind: 'HTTPRoute' as const, object, host: target.host }] : []
  })
}

/** How far a candidate is seen, nearest first. */
function reach({ kind, object }: RouteObject, party: Party): number {
  const exportTo = texts(fields(object.spec)['exportTo'])
  const isOwn = ownNamespace(object) === party.namespace
  if (kind === 'HTTPRoute') return isOwn ? 2 : 3
  if (exportTo.length === 0 || exportTo.includes('*')) return 3
  return isOwn ? 0 : 1
}
