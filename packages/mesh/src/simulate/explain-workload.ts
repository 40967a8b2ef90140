import { serviceHost } from '../analysis/hosts.ts'
import { isVisible, registryOf, type RegistryHost } from '../analysis/registry.ts'
import type { World } from '../analysis/world.ts'
import { act } from './actions.ts'
import { followTarget, portsOf, type Sender, type Target } from './branch.ts'
import { findCaller, type Party } from './caller.ts'
import { chooseRoute, targetsOfRoute } from './choose-route.ts'
import { nameOf, placeOf, together, type Branch, type Explanation, type Outcomes, type Step } from './explanation.ts'
import { meshRoutes } from './mesh-routes.ts'
import type { AskedSource, Question } from './question.ts'
import { bareHost, requestOf, type Request } from './request.ts'
import { routesOf, routesOfHttpRoutes, type RouteEntry } from './route-list.ts'
import { principalOf } from './server.ts'
import { scopeOf, type EgressScope } from './sidecar-scope.ts'

type Inside = Exclude<AskedSource, { from: 'gateway' }>
type Stream = 'http' | 'tls' | 'tcp'
const HTTP = ['http', 'http2', 'grpc', 'grpc-web']

/** A request of a workload of the mesh, or of something without a proxy. */
export function fromWorkload(world: World, question: Question & { source: Inside }, now: Date): Explanation {
  const { source } = question
  const sent = requestOf(question)
  const steps: Step[] = []
  const say = (code: Step['code'], outcome: Step['outcome'], values: Record<string, string> = {}): Step => ({
    hop: 'client',
    outcome,
    code,
    values,
  })
  const end = (outcomes: Outcomes, ...more: Step[]): Explanation => ({
    ...outcomes,
    steps: [...steps, ...more],
    branches: [],
  })

  const name = source.from === 'workload' ? `${source.namespace}/${source.name}` : ''
  const found = source.from === 'workload' ? findCaller(world, source.namespace, source.name) : undefined
  if (source.from === 'workload' && found === undefined) {
    const isSeen = world.sees('Pod')
    return end({ verdict: isSeen ? 'fails' : 'depends' }, say('source.unknown', isSeen ? 'stop' : 'open', { name }))
  }
  const party: Party = found ?? {
    cluster: '',
    namespace: '',
    labels: {},
    account: '',
    proxy: false,
    ambient: false,
    ip: question.ip,
  }
  steps.push(
    source.from === 'outside'
      ? say('source.outside', 'note')
      : say(
          party.proxy ? 'source.workload' : party.ambient ? 'source.ambient' : 'source.no-proxy',
          party.ambient ? 'open' : 'note',
          {
            name,
            cluster: party.cluster,
            principal: principalOf(world, party),
          },
        ),
  )
  const sender: Sender = {
    hop: 'client',
    party,
    proxy: party.proxy,
    arrival: {
      request: sent,
      claims: question.claims,
      principal: party.proxy ? principalOf(world, party) : undefined,
      ip: question.ip ?? party.ip,
      remoteIp: question.ip ?? party.ip,
      now,
    },
  }
  const finish = (branches: readonly Branch[], isOpen = false): Explanation => ({
    ...(isOpen || party.ambient ? { verdict: 'depends' } : together(branches)),
    steps,
    branches,
  })

  const scope = scopeOf(world, party, question.port)
  const { target, hidden } = findTarget(world, party, scope, question.host)
  if (!party.proxy) {
    const direct = target ?? hidden
    if (direct === undefined) return end(...unknownHost(world, party, scope, question, say))
    steps.push(hostStep(world, direct))
    return finish([followTarget(world, sender, { ...wholeService(direct, question.port) })])
  }
  steps.push(
    scope.object === undefined
      ? say('scope.all', 'note')
      : {
          ...say('scope.sidecar', 'note', { name: nameOf(scope.object), hosts: scope.hosts.join(', ') }),
          place: placeOf(world.cluster, 'Sidecar', scope.object, 'spec.egress'),
        },
  )
  if (target === undefined && hidden !== undefined) {
    const isExported = isVisible(hidden.exportTo, hidden.namespace, party.namespace)
    steps.push({
      ...hostStep(world, hidden),
      code: isExported ? 'host.out-of-scope' : 'host.not-exported',
      outcome: 'skip',
    })
  }
  const host = target?.host ?? bareHost(question.host)
  const routes = meshRoutes(world, party, scope, { host, owner: target?.namespace ?? '', port: question.port })
  // Without a service, istiod only looks at virtual services on port 80.
  const routedAnyway =
    target === undefined && routes.chosen !== undefined && question.port === 80 && sent.protocol === 'http'
  if (target === undefined && !routedAnyway) {
    const [outcomes, ...said] = unknownHost(world, party, scope, question, say)
    if (hidden === undefined || outcomes.verdict !== 'allowed') return end(outcomes, ...said)
    // It still goes to the service's own address, only that nothing of the mesh is applied to it.
    steps.push(...said)
    const branch = followTarget(world, { ...sender, proxy: false }, wholeService(hidden, question.port))
    return finish([{ ...branch, cluster: 'PassthroughCluster' }])
  }
  let stream: Stream = sent.protocol
  if (target !== undefined) {
    steps.push(hostStep(world, target))
    const port = target.ports.find((each) => each.number === question.port)
    if (port === undefined)
      return end(
        { verdict: 'fails' },
        say('port.missing', 'stop', { host, port: String(question.port), ports: portsOf([target]) }),
      )
    const spoken = streamOf(sent.protocol, port.protocol)
    const values = { port: String(question.port), name: port.name, protocol: port.protocol || 'auto' }
    if (spoken === undefined) return end({ verdict: 'fails' }, say('port.not-tls', 'stop', values))
    if (spoken !== stream) steps.push(say('port.not-http', 'note', values))
    else steps.push(say('port.protocol', 'note', values))
    stream = spoken
  }
  const request: Request = { ...sent, protocol: stream }
  const whole: Sender = { ...sender, arrival: { ...sender.arrival, request } }
  const list = entriesOf(world, routes.chosen, stream)
  if (routes.chosen === undefined || list.length === 0) {
    steps.push({ ...say('route.default', 'ok', { host }), others: routes.others })
    return finish([followTarget(world, whole, { host, port: question.port, subset: '', weight: 100 })])
  }
  const { kind, object } = routes.chosen
  steps.push({
    ...say('routes.chosen', 'ok', { name: nameOf(object), host: routes.chosen.host }),
    place: placeOf(world.cluster, kind, object),
    others: routes.others,
  })
  const { entry, steps: tried } = chooseRoute(
    world.cluster,
    'client',
    list,
    { request, party, gateways: ['mesh'] },
    stream,
  )
  if (entry === undefined) {
    if (stream !== 'http') {
      steps.push({ ...say('route.default', 'ok', { host }), others: tried })
      return finish([followTarget(world, whole, { host, port: question.port, subset: '', weight: 100 })])
    }
    return end({ verdict: 'fails', status: 404 }, { ...say('routes.no-match', 'stop', { host }), others: tried })
  }
  steps.push(...tried)
  if (entry.missingDelegate !== undefined)
    return end(
      { verdict: 'fails', status: 404 },
      say('action.delegate-missing', 'stop', { name: entry.missingDelegate }),
    )
  const acted = stream === 'http' ? act(world.cluster, 'client', entry, request) : { steps: [], request }
  steps.push(...acted.steps)
  const answered = 'answered' in acted ? acted.answered : undefined
  if (answered && answered.verdict !== 'depends') return end(answered)
  const targets = targetsOfRoute(entry)
  if (targets.length === 0) return end({ verdict: 'fails', status: 500 }, say('action.no-backend', 'stop'))
  const branches = targets.map((each) =>
    followTarget(world, { ...whole, arrival: { ...whole.arrival, request: acted.request } }, each),
  )
  return finish(branches, answered !== undefined)
}

type Say = (code: Step['code'], outcome: Step['outcome'], values?: Record<string, string>) => Step

const wholeService = ({ host }: RegistryHost, port: number): Target => ({ host, port, subset: '', weight: 100 })

function hostStep(world: World, { kind, object, host }: RegistryHost): Step {
  return {
    hop: 'client',
    outcome: 'ok',
    code: kind === 'Service' ? 'host.service' : 'host.entry',
    values: { host, name: nameOf(object) },
    place: placeOf(world.cluster, kind, object),
  }
}

/**
 * The host that a name means, as the caller's DNS completes it: services of its own namespace by their bare name. Of several
 * the caller's own namespace goes first, then services before entries.
 */
function findTarget(
  world: World,
  party: Party,
  scope: EgressScope,
  name: string,
): { target: RegistryHost | undefined; hidden: RegistryHost | undefined } {
  const host = bareHost(name)
  const [first = '', second = '', third, fourth] = host.split('.')
  const meanings = [
    host,
    ...(second === '' ? [serviceHost(first, party.namespace)] : []),
    ...(second !== '' && (third === undefined || (third === 'svc' && fourth === undefined))
      ? [serviceHost(first, second)]
      : []),
  ]
  const registry = registryOf(world)
  const candidates = meanings.flatMap((each) => {
    const exact = registry.all.filter((known) => known.host.toLowerCase() === each)
    return exact.length > 0
      ? exact
      : registry.all.filter((known) => known.host.startsWith('*') && each.endsWith(known.host.slice(1)))
  })
  const rank = ({ namespace, kind }: RegistryHost): number =>
    (namespace === party.namespace ? 0 : 2) + (kind === 'Service' ? 0 : 1)
  const sorted = candidates.toSorted((a, b) => rank(a) - rank(b))
  const target = sorted.find(
    (each) => isVisible(each.exportTo, each.namespace, party.namespace) && scope.takes(each.namespace, each.host),
  )
  return { target, hidden: target === undefined ? sorted[0] : undefined }
}

/** Source: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/ */
function streamOf(asked: Stream, protocol: string): Stream | undefined {
  const isHttpPort = HTTP.includes(protocol)
  if (asked === 'http') return isHttpPort || protocol === '' || protocol === 'auto' ? 'http' : 'tcp'
  return isHttpPort ? undefined : asked
}

function entriesOf(world: World, chosen: ReturnType<typeof meshRoutes>['chosen'], stream: Stream): RouteEntry[] {
  if (chosen === undefined) return []
  if (chosen.kind === 'HTTPRoute') return stream === 'http' ? routesOfHttpRoutes([chosen.object]) : []
  if (stream === 'tls') return [...routesOf(world, chosen.object, 'tls'), ...routesOf(world, chosen.object, 'tcp')]
  return routesOf(world, chosen.object, stream)
}

/** What becomes of calls to hosts that the proxy does not know. Source: https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/ */
function unknownHost(
  world: World,
  party: Party,
  scope: EgressScope,
  question: Question,
  say: Say,
): [Outcomes, ...Step[]] {
  const { host } = question
  const unknown = say('host.unknown', 'note', { host })
  if (!world.sees('Service', 'ServiceEntry'))
    return [{ verdict: 'depends' }, say('host.hidden', 'open', { host, port: String(question.port) })]
  if (!party.proxy) return [{ verdict: 'depends' }, say('host.elsewhere', 'open', { host })]
  const mode = scope.outbound || world.facts.outbound
  const place =
    scope.outbound !== '' && scope.object
      ? { place: placeOf(world.cluster, 'Sidecar', scope.object, 'spec.outboundTrafficPolicy.mode') }
      : {}
  if (mode === undefined) return [{ verdict: 'depends' }, unknown, say('outbound.unknown', 'open')]
  if (mode === 'REGISTRY_ONLY') {
    const isHttp = question.protocol === 'http'
    return [
      { verdict: 'fails', ...(isHttp ? { status: 502 } : {}) },
      unknown,
      { ...say('outbound.registry-only', 'stop'), ...place },
    ]
  }
  return [{ verdict: 'allowed' }, unknown, { ...say('outbound.allow-any', 'ok'), ...place }]
}
