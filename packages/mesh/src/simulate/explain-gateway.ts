import { labelsIn, fields } from '../analysis/read.ts'
import { registryOf } from '../analysis/registry.ts'
import type { World } from '../analysis/world.ts'
import { act } from './actions.ts'
import { authorize } from './authorization.ts'
import { followTarget } from './branch.ts'
import { selects, type Party } from './caller.ts'
import { chooseRoute, targetsOfRoute } from './choose-route.ts'
import { nameOf, placeOf, together, type Explanation, type Outcomes, type Step } from './explanation.ts'
import { edgeOrder } from './edge-order.ts'
import { edgeRoutes } from './gateway-routes.ts'
import { edgeOf } from './gateway-servers.ts'
import type { Question } from './question.ts'
import { bareHost, requestOf, type Request } from './request.ts'
import { principalOf } from './server.ts'
import { checkToken } from './tokens.ts'

/** A request of somebody outside that comes in by a gateway. */
export function fromGateway(
  world: World,
  question: Question & { source: { from: 'gateway' } },
  now: Date,
): Explanation {
  const asksHttp = question.protocol === 'http' || question.protocol === 'https'
  const edge = edgeOf(world, question)
  const steps: Step[] = [...edge.steps]
  const end = (outcomes: Outcomes, ...more: Step[]): Explanation => ({
    ...outcomes,
    steps: [...steps, ...more],
    branches: [],
  })
  const { party, server, gateways } = edge
  if (party === undefined || server === undefined) {
    // A port that is open answers, though not for that host.
    const isOpen = steps.some(({ others = [] }) => others.some(({ code }) => code === 'gateway.server-host'))
    const isSeen = world.sees('Gateway', 'K8sGateway', 'Pod')
    return end(
      isSeen
        ? { verdict: 'fails', ...(isOpen && question.protocol === 'http' ? { status: 404 } : {}) }
        : { verdict: 'depends' },
    )
  }
  const serverPlace = placeOf(world.cluster, server.kind, server.object, server.path)
  if (server.httpsRedirect && question.protocol === 'http')
    return end(
      { verdict: 'answered', status: 301 },
      { hop: 'gateway', outcome: 'stop', code: 'gateway.redirect', values: {}, place: serverPlace },
    )
  const isPassed = server.tlsMode === 'PASSTHROUGH' || server.tlsMode === 'AUTO_PASSTHROUGH'
  if (server.tlsMode !== '')
    steps.push({
      hop: 'gateway',
      outcome: 'note',
      code:
        server.tlsMode === 'MUTUAL' || server.tlsMode === 'OPTIONAL_MUTUAL'
          ? 'gateway.client-certificate'
          : 'gateway.tls',
      values: { mode: server.tlsMode },
      place: serverPlace,
    })
  const sent = requestOf(question)
  const stream = isPassed ? 'tls' : asksHttp ? 'http' : 'tcp'
  let request: Request = { ...sent, protocol: stream }

  const token = stream === 'http' ? checkToken(world, 'gateway', party, question.claims, now) : undefined
  steps.push(...(token?.steps ?? []))
  if (token?.refused) return end(token.refused)
  request = { ...request, claims: token?.claims }
  const decision = authorize(world, 'gateway', party, {
    http: stream === 'http',
    principal: undefined,
    trustDomains: world.facts.trustDomains,
    authority: request.authority,
    method: request.method,
    path: request.path,
    headers: { ...request.headers, host: request.authority },
    claims: token?.claims,
    port: listenPort(world, party, question.port),
    ip: question.ip,
    remoteIp: question.ip,
    sni: sent.sni,
  })
  steps.push(...decision.steps)
  if (decision.refused?.verdict === 'denied') return end(decision.refused)

  const host = bareHost(question.host)
  const routes = edgeRoutes(world, { server, gateways, party }, host, stream)
  const notFound: Outcomes = { verdict: 'fails', ...(stream === 'http' ? { status: 404 } : {}) }
  if (routes.objects.length === 0) {
    const isSeen = world.sees('VirtualService', 'HTTPRoute')
    return end(isSeen ? notFound : { verdict: 'depends' }, {
      hop: 'gateway',
      outcome: isSeen ? 'stop' : 'open',
      code: 'routes.none',
      values: { host },
      others: routes.others,
    })
  }
  const kind = server.kind === 'Gateway' ? 'VirtualService' : 'HTTPRoute'
  const [first] = routes.objects
  steps.push({
    hop: 'gateway',
    outcome: 'ok',
    code: 'routes.chosen',
    values: { name: routes.objects.map(nameOf).join(', '), host },
    ...(first && { place: placeOf(world.cluster, kind, first) }),
    others: routes.others,
  })
  const asked = { request, party, gateways: gateways.map(nameOf) }
  const list = stream === 'http' && kind === 'VirtualService' ? edgeOrder(routes.entries, asked) : routes.entries
  const { entry, steps: tried } = chooseRoute(world.cluster, 'gateway', list, asked, stream)
  if (entry === undefined)
    return end(notFound, { hop: 'gateway', outcome: 'stop', code: 'routes.no-match', values: { host }, others: tried })
  steps.push(...tried)
  if (entry.missingDelegate !== undefined)
    return end(notFound, {
      hop: 'gateway',
      outcome: 'stop',
      code: 'action.delegate-missing',
      values: { name: entry.missingDelegate },
    })
  const acted = act(world.cluster, 'gateway', entry, request)
  steps.push(...acted.steps)
  if (acted.answered && acted.answered.verdict !== 'depends') return end(acted.answered)
  const targets = targetsOfRoute(entry)
  if (targets.length === 0)
    return end(
      { verdict: 'fails', status: 500 },
      { hop: 'gateway', outcome: 'stop', code: 'action.no-backend', values: {} },
    )
  const branches = targets.map((target) =>
    followTarget(
      world,
      {
        hop: 'gateway',
        party,
        proxy: true,
        arrival: {
          request: acted.request,
          claims: token === undefined || token.forwards ? question.claims : undefined,
          principal: principalOf(world, party),
          ip: party.ip,
          remoteIp: question.ip,
          now,
        },
      },
      target,
    ),
  )
  const isOpen = acted.answered !== undefined || decision.refused !== undefined
  return { ...(isOpen ? { verdict: 'depends' } : together(branches)), steps, branches }
}

/** The port that a gateway's pods listen on behind a port of their service, which is what policies mean. */
function listenPort(world: World, party: Party, port: number): number | undefined {
  const service = registryOf(world).all.find(
    ({ namespace, object, selector }) =>
      namespace === party.namespace &&
      selector !== undefined &&
      selects(labelsIn(fields(object.spec)['selector']), party.labels),
  )
  const found = service?.ports.find((each) => each.number === port)
  if (found === undefined) return port
  return typeof found.targetPort === 'string' ? undefined : (found.targetPort ?? port)
}
