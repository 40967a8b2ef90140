import type { World } from '../analysis/world.ts'
import { authorize } from './authorization.ts'
import type { Party } from './caller.ts'
import type { EndpointGroup } from './endpoints.ts'
import type { Outcomes, Step } from './explanation.ts'
import { peerMode } from './peer-modes.ts'
import type { Request } from './request.ts'
import { checkToken } from './tokens.ts'

/** How the caller's side speaks to a destination. */
export interface Transport {
  /** `auto`: mutual TLS to those who can. */
  mode: 'auto' | 'plain' | 'mutual' | 'own-tls'
}

export interface Arrival {
  request: Request
  claims: Readonly<Record<string, unknown>> | undefined
  transport: Transport
  /** Identity that the caller's proxy would show. */
  principal: string | undefined
  /** Of the connection; where there is a proxy in front, that proxy's. */
  ip: string | undefined
  remoteIp: string | undefined
  now: Date
}

export interface ServerAnswer extends Outcomes {
  steps: readonly Step[]
}

/** What happens at the proxy of a destination: mutual TLS, the token, the policies. */
export function serve(world: World, group: EndpointGroup, arrival: Arrival): ServerAnswer {
  const { party, port } = group
  const { request, transport } = arrival
  const isHttp = request.protocol === 'http'
  const unavailable = { verdict: 'fails' as const, ...(isHttp ? { status: 503 } : {}) }
  const step = (code: Step['code'], outcome: Step['outcome'], values: Record<string, string> = {}): Step => ({
    hop: 'server',
    outcome,
    code,
    values,
  })
  const pod = { pod: group.pods[0] ?? '', count: String(group.pods.length) }
  if (!party.proxy) {
    const steps = [step('server.no-proxy', 'note', pod)]
    if (party.ambient) return { verdict: 'depends', steps: [...steps, step('waypoint', 'open')] }
    if (transport.mode === 'mutual')
      return { ...unavailable, steps: [...steps, step('mtls.server-cannot', 'stop', pod)] }
    return { verdict: 'allowed', steps: [...steps, step('mtls.plain', 'ok')] }
  }
  const { mode, step: peer } = peerMode(world, party, port ?? 0)
  const steps: Step[] = [peer]
  const isMutual = transport.mode === 'mutual' || (transport.mode === 'auto' && mode !== 'DISABLE')
  if (transport.mode === 'mutual' && mode === 'DISABLE')
    return { ...unavailable, steps: [...steps, step('mtls.server-off', 'stop')] }
  if (!isMutual && mode === 'STRICT') return { ...unavailable, steps: [...steps, step('mtls.strict-refuses', 'stop')] }
  steps.push(
    step(isMutual ? 'mtls.mutual' : transport.mode === 'own-tls' ? 'mtls.own-tls' : 'mtls.plain', 'ok', {
      principal: arrival.principal ?? '',
    }),
  )

  // TLS that the application itself ends is only bytes to the proxy.
  const http = isHttp && transport.mode !== 'own-tls'
  const token = http ? checkToken(world, 'server', party, arrival.claims, arrival.now) : undefined
  steps.push(...(token?.steps ?? []))
  if (token?.refused) return { ...token.refused, steps }
  const decision = authorize(world, 'server', party, {
    http,
    principal: isMutual ? arrival.principal : undefined,
    trustDomains: world.facts.trustDomains,
    authority: request.authority,
    method: request.method,
    path: request.path,
    headers: { ...request.headers, host: request.authority },
    claims: token?.claims,
    port,
    ip: arrival.ip,
    remoteIp: arrival.remoteIp,
    sni: undefined,
  })
  return { ...(decision.refused ?? { verdict: 'allowed' }), steps: [...steps, ...decision.steps] }
}

/** What a caller's certificate says. Source: https://istio.io/latest/docs/concepts/security/#istio-identity */
export const principalOf = (world: World, party: Party): string =>
  `${world.facts.trustDomains[0] ?? 'cluster.local'}/ns/${party.namespace}/sa/${party.account}`
