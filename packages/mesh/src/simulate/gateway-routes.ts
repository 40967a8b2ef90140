import type { KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers } from '../analysis/hosts.ts'
import { entries, fields, number, text, texts } from '../analysis/read.ts'
import { isVisible } from '../analysis/registry.ts'
import { gatewayKey, gatewaysOf, hostsOf, isServed } from '../analysis/rules/virtual-services.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace, selects, type Party } from './caller.ts'
import { byAge, nameOf, placeOf, type Step } from './explanation.ts'
import type { GatewayServer } from './gateway-servers.ts'
import { specificity } from './mesh-routes.ts'
import { routesOf, routesOfHttpRoutes, type RouteEntry } from './route-list.ts'
import type { StepCode } from './step-codes.ts'

export interface EdgeRoutes {
  entries: readonly RouteEntry[]
  /** Where the routes stand, in the order in which they are tried. */
  objects: readonly KubeResource[]
  others: readonly Step[]
}

type Stream = 'http' | 'tls' | 'tcp'

interface Candidate {
  object: KubeResource
  host: string
}

/**
 * Routes of a gateway for a host: unlike in the mesh, those of all virtual services for the same host are tried one after
 * the other, oldest first. Source:
 * https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services
 */
export function edgeRoutes(
  world: World,
  edge: { server: GatewayServer; gateways: readonly KubeResource[]; party: Party },
  host: string,
  stream: Stream,
): EdgeRoutes {
  const { server } = edge
  const kind = server.kind === 'Gateway' ? 'VirtualService' : 'HTTPRoute'
  const others: Step[] = []
  const skip = (object: KubeResource, code: StepCode, values: Record<string, string> = {}): void => {
    others.push({
      hop: 'gateway',
      outcome: 'skip',
      code,
      values: { name: nameOf(object), ...values },
      place: placeOf(world.cluster, kind, object),
    })
  }
  const candidates =
    kind === 'VirtualService' ? ofVirtualServices(world, edge, host, skip) : ofHttpRoutes(world, edge, host, skip)
  const best = Math.max(...candidates.map((each) => specificity(each.host)))
  for (const each of candidates)
    if (specificity(each.host) < best) skip(each.object, 'routes.less-specific', { host: each.host })
  const objects = candidates
    .filter((each) => specificity(each.host) === best)
    .map(({ object }) => object)
    .toSorted(byAge)
  return {
    objects,
    others,
    entries:
      kind === 'VirtualService'
        ? objects.flatMap((object) => routesOf(world, object, stream))
        : routesOfHttpRoutes(objects),
  }
}

type Skip = (object: KubeResource, code: StepCode, values?: Record<string, string>) => void

function ofVirtualServices(
  world: World,
  { server, gateways, party }: { server: GatewayServer; gateways: readonly KubeResource[]; party: Party },
  host: string,
  skip: Skip,
): Candidate[] {
  const keys = gateways.map(nameOf)
  return world.all('VirtualService').flatMap((object) => {
    const owner = ownNamespace(object)
    const covering = hostsOf(object)
      .map((each) => fullHost(each, owner).toLowerCase())
      .filter((each) => hostCovers(each, host))
      .toSorted((a, b) => specificity(b) - specificity(a))
    const [found] = covering
    if (found === undefined) return []
    if (!gatewaysOf(object).some((each) => keys.includes(gatewayKey(each, owner)))) {
      skip(object, 'routes.other-gateway', { gateways: gatewaysOf(object).join(', ') || 'mesh' })
      return []
    }
    const isTaken = server.hosts.some((each) => isServed(each, found, ownNamespace(server.object), owner))
    if (!isTaken || !isVisible(texts(fields(object.spec)['exportTo']), owner, party.namespace)) {
      skip(object, 'routes.not-exported', { namespace: party.namespace })
      return []
    }
    return [{ object, host: found }]
  })
}

/** Source: https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec (parentRefs, hostnames) */
function ofHttpRoutes(world: World, { server }: { server: GatewayServer }, host: string, skip: Skip): Candidate[] {
  return world.all('HTTPRoute').flatMap((object) => {
    const owner = ownNamespace(object)
    const hostnames = texts(fields(object.spec)['hostnames'])
    const [found] = (hostnames.length === 0 ? server.hosts : hostnames)
      .filter((each) => hostCovers(each, host))
      .toSorted((a, b) => specificity(b) - specificity(a))
    if (found === undefined) return []
    const isAttached = entries(fields(object.spec)['parentRefs']).some(({ value }) => {
      const section = text(value['sectionName'])
      const port = number(value['port'])
      return (
        (text(value['kind']) || 'Gateway') === 'Gateway' &&
        text(value['name']) === server.object.metadata.name &&
        (text(value['namespace']) || owner) === ownNamespace(server.object) &&
        (section === '' || section === server.listener) &&
        (port === undefined || port === number(server.value['port']))
      )
    })
    if (!isAttached) {
      skip(object, 'routes.other-gateway', { gateways: '' })
      return []
    }
    if (!isAllowed(world, server, owner)) {
      skip(object, 'routes.not-exported', { namespace: ownNamespace(server.object) })
      return []
    }
    return [{ object, host: found }]
  })
}

/** Namespaces from which a listener takes routes; its own when it does not say. */
function isAllowed(world: World, server: GatewayServer, namespace: string): boolean {
  const allowed = fields(fields(server.value['allowedRoutes'])['namespaces'])
  const from = text(allowed['from']) || 'Same'
  if (from === 'All') return true
  if (from === 'Same') return namespace === ownNamespace(server.object)
  const labels = world.all('Namespace').find(({ metadata }) => metadata.name === namespace)?.metadata.labels ?? {}
  const wanted = Object.entries(fields(fields(allowed['selector'])['matchLabels'])).map(([key, value]) => [
    key,
    String(value),
  ])
  return selects(Object.fromEntries(wanted), labels)
}
