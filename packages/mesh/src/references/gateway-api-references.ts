import type { KindId, KubeResource } from '@meshdeck/kube'
import { entries, fields, text, type Fields } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import type { Finder } from './named-objects.ts'
import { kindNamed } from './policy-references.ts'
import { asReferred, type Target } from './reference.ts'

const GROUP = 'gateway.networking.k8s.io'
const ownNamespace = ({ metadata }: KubeResource): string => metadata.namespace ?? ''

interface Named {
  path: string
  value: Fields
  /** Kind that is meant when none is named. */
  usual: 'Gateway' | 'Service'
}

/** What a route of the Gateway API hangs on, sends to, and is let by. */
export function routeTargets(
  world: World,
  find: Finder,
  kind: 'HTTPRoute' | 'GRPCRoute',
  object: KubeResource,
): Target[] {
  const spec = fields(object.spec)
  const own = ownNamespace(object)
  const parents = entries(spec['parentRefs']).map(({ at, value }): Named => ({
    path: `spec.parentRefs[${at}]`,
    value,
    usual: 'Gateway',
  }))
  const backends = entries(spec['rules']).flatMap((rule): Named[] => {
    const path = `spec.rules[${rule.at}]`
    return [
      ...entries(rule.value['backendRefs']).map(({ at, value }): Named => ({
        path: `${path}.backendRefs[${at}]`,
        value,
        usual: 'Service',
      })),
      ...entries(rule.value['filters']).flatMap(({ at, value }): Named[] => {
        const mirror = fields(value['requestMirror'])['backendRef']
        return mirror === undefined
          ? []
          : [{ path: `${path}.filters[${at}].requestMirror.backendRef`, value: fields(mirror), usual: 'Service' }]
      }),
    ]
  })
  return [
    ...parents.flatMap((named) => targetsOf(find, named, own)),
    ...backends.flatMap((named) => [...targetsOf(find, named, own), ...grantTargets(world, kind, own, named)]),
  ]
}

function targetsOf(find: Finder, { path, value, usual }: Named, own: string): Target[] {
  const name = text(value['name'])
  const kind = text(value['kind']) || usual
  const namespace = text(value['namespace']) || own
  // A host of a ServiceEntry may stand for a backend. Source: https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#mesh-traffic
  if (kind === 'Hostname') return find.host(name, namespace, `${path}.name`)
  const id = kindNamed(value['group'] === undefined ? (usual === 'Gateway' ? GROUP : '') : text(value['group']), kind)
  if (id === undefined) return []
  if (id === 'Service') return find.host(name, namespace, `${path}.name`)
  const section = text(value['sectionName'])
  return find.object(id, namespace, name, `${path}.name`, section === '' ? undefined : ['listener', section])
}

/** The grants that let an object name something in another namespace. */
function grantTargets(world: World, kind: KindId, own: string, { path, value, usual }: Named): Target[] {
  const namespace = text(value['namespace'])
  if (namespace === '' || namespace === own) return []
  return grantsFor(
    world,
    { kind, own },
    { kind: text(value['kind']) || usual, namespace, name: text(value['name']) },
    path,
  )
}

/** Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/ */
function grantsFor(
  world: World,
  from: { kind: KindId; own: string },
  to: { kind: string; namespace: string; name: string },
  path: string,
): Target[] {
  const fromKind = from.kind === 'K8sGateway' ? 'Gateway' : from.kind
  return world
    .all('ReferenceGrant')
    .filter((grant) => ownNamespace(grant) === to.namespace)
    .filter((grant) => {
      const spec = fields(grant.spec)
      const lets = entries(spec['from']).some(
        ({ value }) => text(value['kind']) === fromKind && text(value['namespace']) === from.own,
      )
      const covers = entries(spec['to']).some(
        ({ value }) => text(value['kind']) === to.kind && ['', to.name].includes(text(value['name'])),
      )
      return lets && covers
    })
    .map((grant) => ({
      to: asReferred(world.cluster, 'ReferenceGrant', grant),
      path,
      part: 'grant' as const,
      name: `${to.namespace}/${to.name}`,
    }))
}

/** The class of a gateway, and the grants for its certificates. The certificates themselves are credentials. */
export function k8sGatewayTargets(world: World, find: Finder, object: KubeResource): Target[] {
  const spec = fields(object.spec)
  const own = ownNamespace(object)
  return [
    ...find.object('GatewayClass', '', text(spec['gatewayClassName']), 'spec.gatewayClassName'),
    ...entries(spec['listeners']).flatMap((listener) =>
      entries(fields(listener.value['tls'])['certificateRefs']).flatMap(({ at, value }) => {
        const namespace = text(value['namespace'])
        if (namespace === '' || namespace === own) return []
        const to = { kind: text(value['kind']) || 'Secret', namespace, name: text(value['name']) }
        return grantsFor(
          world,
          { kind: 'K8sGateway', own },
          to,
          `spec.listeners[${listener.at}].tls.certificateRefs[${at}]`,
        )
      }),
    ),
  ]
}
