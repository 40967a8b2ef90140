import type { KubeResource, Pod } from '@meshdeck/kube'
import { hostCovers } from '../analysis/hosts.ts'
import { podsOf, type Placed } from '../analysis/pods.ts'
import { entries, fields, labelsIn, number, text, texts, type Fields } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import { isCurrent } from '../injection/pods.ts'
import { ownNamespace, partyOf, selects, type Party } from './caller.ts'
import { nameOf, placeOf, type StepPlace, type Step } from './explanation.ts'
import { bareHost } from './request.ts'
import { specificity } from './mesh-routes.ts'
import type { Question } from './question.ts'
import type { StepCode } from './step-codes.ts'

export interface GatewayServer {
  kind: 'Gateway' | 'K8sGateway'
  object: KubeResource
  path: string
  /** As the server names it, with the namespaces whose routes it takes. */
  hosts: readonly string[]
  protocol: string
  tlsMode: string
  httpsRedirect: boolean
  /** Name of the Gateway API's listener. */
  listener: string
  value: Fields
}

export interface EdgeAnswer {
  party: Party | undefined
  server: GatewayServer | undefined
  /** All that took the request: routes may be bound to any of them. */
  gateways: readonly KubeResource[]
  steps: readonly Step[]
}

/**
 * The server of a gateway that takes a connection: by port, then by host (SNI with TLS), the most specific first. Gateways
 * that select the same pods are one. Source: https://istio.io/latest/docs/reference/config/networking/gateway/#Server
 */
export function edgeOf(world: World, question: Question & { source: { from: 'gateway' } }): EdgeAnswer {
  const { source } = question
  const named = world
    .all(source.kind)
    .find(({ metadata }) => metadata.name === source.name && (metadata.namespace ?? '') === source.namespace)
  const gateway = `${source.namespace}/${source.name}`
  if (named === undefined)
    return { party: undefined, server: undefined, gateways: [], steps: [stop('gateway.missing', { gateway })] }
  const pods = podsBehind(world, source.kind, named)
  const [pod] = pods
  const party = pod === undefined ? undefined : partyOf(pod)
  if (party === undefined && world.sees('Pod'))
    return {
      party,
      server: undefined,
      gateways: [],
      steps: [stop('gateway.no-pods', { gateway }, placeOf(world.cluster, source.kind, named))],
    }
  const all = party === undefined || source.kind === 'K8sGateway' ? [named] : gatewaysOn(world, party)
  const host = bareHost(question.host)
  const others: Step[] = []
  const fit = all
    .flatMap((object) => serversOf(source.kind, object))
    .filter((server) => {
      const reason = whyNot(server, question, host)
      if (reason !== undefined)
        others.push({
          hop: 'gateway',
          outcome: 'skip',
          code: reason,
          values: {
            name: nameOf(server.object),
            hosts: server.hosts.join(', '),
            port: String(portOf(server)),
            protocol: server.protocol,
          },
          place: placeOf(world.cluster, server.kind, server.object, server.path),
        })
      return reason === undefined
    })
    .toSorted((a, b) => best(b, host) - best(a, host))
  const [server] = fit
  const fallback = party ?? {
    cluster: world.cluster,
    namespace: source.namespace,
    labels: labelsIn(fields(named.spec)['selector']),
    account: '',
    proxy: true,
    ambient: false,
    ip: undefined,
  }
  if (server === undefined)
    return {
      party: fallback,
      server,
      gateways: [],
      steps: [{ ...stop('gateway.no-server', { gateway, port: String(question.port), host }), others }],
    }
  return {
    party: { ...fallback, proxy: true },
    server,
    gateways: [...new Set(fit.map(({ object }) => object))],
    steps: [
      {
        hop: 'gateway',
        outcome: 'ok',
        code: 'gateway.server',
        values: {
          name: nameOf(server.object),
          hosts: server.hosts.join(', '),
          port: String(portOf(server)),
          protocol: server.protocol,
        },
        place: placeOf(world.cluster, server.kind, server.object, server.path),
        others,
      },
    ],
  }
}

const stop = (code: StepCode, values: Record<string, string>, place?: StepPlace): Step => ({
  hop: 'gateway',
  outcome: 'stop',
  code,
  values,
  ...(place && { place }),
})

const portOf = ({ value, kind }: GatewayServer): number | undefined =>
  number(kind === 'Gateway' ? fields(value['port'])['number'] : value['port'])

function podsBehind(world: World, kind: 'Gateway' | 'K8sGateway', object: KubeResource): readonly Placed<Pod>[] {
  const labels =
    kind === 'Gateway'
      ? labelsIn(fields(object.spec)['selector'])
      : { 'gateway.networking.k8s.io/gateway-name': object.metadata.name }
  const places = kind === 'K8sGateway' ? [ownNamespace(object)] : namespacesOf(world)
  return places.flatMap((place) => podsOf(world).select(place, labels)).filter((pod) => isCurrent(pod.object))
}

const namespacesOf = (world: World): string[] => [
  ...new Set(world.everywhere('Pod').map(({ object }) => object.metadata.namespace ?? '')),
]

const gatewaysOn = (world: World, party: Party): KubeResource[] =>
  world.all('Gateway').filter(({ spec }) => selects(labelsIn(fields(spec)['selector']), party.labels))

function serversOf(kind: 'Gateway' | 'K8sGateway', object: KubeResource): GatewayServer[] {
  if (kind === 'Gateway')
    return entries(fields(object.spec)['servers']).map(({ at, value }) => ({
      kind,
      object,
      path: `spec.servers[${at}]`,
      hosts: texts(value['hosts']),
      protocol: text(fields(value['port'])['protocol']).toUpperCase(),
      tlsMode: text(fields(value['tls'])['mode']) || (value['tls'] === undefined ? '' : 'SIMPLE'),
      httpsRedirect: fields(value['tls'])['httpsRedirect'] === true,
      listener: '',
      value,
    }))
  return entries(fields(object.spec)['listeners']).map(({ at, value }) => {
    const mode = text(fields(value['tls'])['mode'])
    return {
      kind,
      object,
      path: `spec.listeners[${at}]`,
      hosts: [text(value['hostname']) || '*'],
      protocol: text(value['protocol']).toUpperCase(),
      tlsMode:
        mode === 'Passthrough' ? 'PASSTHROUGH' : mode === 'Terminate' || value['tls'] !== undefined ? 'SIMPLE' : '',
      httpsRedirect: false,
      listener: text(value['name']),
      value,
    }
  })
}

const TLS_PROTOCOLS = ['HTTPS', 'TLS']

function whyNot(server: GatewayServer, question: Question, host: string): StepCode | undefined {
  if (portOf(server) !== question.port) return 'gateway.server-port'
  const isTls = TLS_PROTOCOLS.includes(server.protocol)
  const wantsTls = question.protocol === 'https' || question.protocol === 'tls'
  if (isTls !== wantsTls) return 'gateway.server-tls'
  if (server.protocol === 'TCP' && question.protocol === 'tcp') return undefined
  return best(server, host) < 0 ? 'gateway.server-host' : undefined
}

const best = ({ hosts }: GatewayServer, host: string): number =>
  Math.max(
    -1,
    ...hosts
      .map((each) => (each.includes('/') ? (each.split('/')[1] ?? '') : each).toLowerCase())
      .filter((each) => hostCovers(each, host))
      .map(specificity),
  )
