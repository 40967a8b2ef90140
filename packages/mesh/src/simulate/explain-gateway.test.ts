import { describe, expect, it } from 'vitest'
import {
  gateway,
  httpRoute,
  INGRESS,
  k8sGateway,
  pod,
  policy,
  request,
  server,
  service,
  to,
  virtualService,
} from '../analysis/corpus/objects.ts'
import type { Question } from './question.ts'
import { ask, codesOf, othersOf, stepOf } from './testing.ts'

const FRONT = { from: 'gateway', kind: 'Gateway', namespace: 'shop', name: 'front' } as const
const edge = (servers: readonly object[] = [server()]) => gateway('front', { selector: INGRESS, servers })
const route = (name = 'front', more: object = {}, created = '2020') =>
  virtualService(
    name,
    { hosts: ['shop.example.com'], gateways: ['front'], http: [{ route: [to('reviews')] }], ...more },
    { creationTimestamp: created },
  )
const IN: Partial<Question> = { source: FRONT, host: 'shop.example.com', port: 80 }

describe('a gateway of Istio', () => {
  it('takes a request by port and host and routes it', () => {
    const answer = ask([edge(), route()], IN)
    expect(answer.verdict).toBe('allowed')
    expect(answer.branches[0]?.cluster).toBe('outbound|9080||reviews.shop.svc.cluster.local')
    expect(stepOf(answer, 'mtls.mutual')?.values['principal']).toBe('cluster.local/ns/istio-system/sa/default')
  })

  it.each([
    [{ host: 'other.example.com' }, 404, 'gateway.server-host'],
    [{ port: 81 }, undefined, 'gateway.server-port'],
    [{ protocol: 'https' as const }, undefined, 'gateway.server-tls'],
  ])('does not take %j', (change, status, code) => {
    const answer = ask([edge(), route()], { ...IN, ...change })
    expect([answer.verdict, answer.status]).toEqual(['fails', status])
    expect(othersOf(answer, 'gateway.no-server')).toEqual([`${code} spec.servers[0]`])
  })

  it('prefers the more specific server, and joins gateways of the same pods', () => {
    const wide = gateway('wide', { selector: INGRESS, servers: [server('*.example.com')] })
    const answer = ask([wide, edge(), route('wide', { gateways: ['wide'] })], IN)
    expect(stepOf(answer, 'gateway.server')?.place?.name).toBe('front')
    expect(answer.verdict).toBe('allowed')
  })

  it('tries the routes of all virtual services of a host, oldest first', () => {
    const old = route('old', { http: [{ match: [{ uri: { exact: '/old' } }], route: [to('reviews')] }] }, '2019')
    const answer = ask([edge(), route('young', {}, '2021'), old], IN)
    expect(stepOf(answer, 'routes.chosen')?.values['name']).toBe('shop/old, shop/young')
    expect(stepOf(answer, 'route.catch-all')?.others?.[0]?.place?.name).toBe('old')
  })

  it('tries what takes everything last, whoever is older, and nothing that stands behind it', () => {
    const old = route(
      'old',
      { http: [{ route: [to('reviews')] }, { match: [{ uri: { prefix: '/late' } }], redirect: { uri: '/' } }] },
      '2019',
    )
    const young = route(
      'young',
      { http: [{ match: [{ uri: { prefix: '/api' } }], directResponse: { status: 200 } }] },
      '2021',
    )
    expect(ask([edge(), old, young], { ...IN, path: '/api' }).verdict).toBe('answered')
    expect(ask([edge(), old, young], { ...IN, path: '/late' }).verdict).toBe('allowed')
  })

  it.each([
    [route('mesh', { gateways: ['mesh'] }), 'routes.other-gateway'],
    [route('wild', { hosts: ['*.example.com'] }), 'routes.less-specific'],
    [route('mine', { exportTo: ['.'] }), 'routes.not-exported'],
  ])('leaves %j out', (other, code) => {
    expect(othersOf(ask([edge(), route(), other], IN), 'routes.chosen')).toEqual([code])
  })

  it('answers 404 without a route, 301 where it asks for HTTPS', () => {
    expect(ask([edge()], IN)).toMatchObject({ verdict: 'fails', status: 404 })
    const redirecting = edge([server('shop.example.com', 80, { tls: { httpsRedirect: true } })])
    expect(ask([redirecting, route()], IN)).toMatchObject({ verdict: 'answered', status: 301 })
  })

  it('ends TLS, or passes it through by its SNI', () => {
    const ended = edge([server('shop.example.com', 443, { tls: { mode: 'SIMPLE', credentialName: 'c' } })])
    expect(codesOf(ask([ended, route()], { ...IN, protocol: 'https', port: 443 }))).toContain('gateway.tls')
    const passed = edge([server('shop.example.com', 443, { tls: { mode: 'PASSTHROUGH' } })])
    const sni = route('sni', {
      http: [],
      tls: [{ match: [{ sniHosts: ['shop.example.com'] }], route: [to('reviews')] }],
    })
    const answer = ask([passed, sni], { ...IN, protocol: 'https', port: 443 })
    expect(stepOf(answer, 'route.match')?.place?.path).toBe('spec.tls[0].match[0]')
  })

  it('has policies and tokens of its own, and keeps a token that it has checked', () => {
    const at = { namespace: 'istio-system' }
    const jwt = (more: object = {}) =>
      request('jwt', { selector: { matchLabels: INGRESS }, jwtRules: [{ issuer: 'iss', ...more }] }, at)
    const deny = policy(
      'deny',
      {
        selector: { matchLabels: INGRESS },
        action: 'DENY',
        rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }],
      },
      at,
    )
    expect(ask([edge(), route(), jwt(), deny], IN)).toMatchObject({ verdict: 'denied', status: 403 })
    const claims = { iss: 'iss', sub: 'ann' }
    expect(ask([edge(), route(), jwt(), deny], { ...IN, claims }).verdict).toBe('allowed')
    const inside = [
      request('inside', { jwtRules: [{ issuer: 'iss' }] }),
      policy('needs', { rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }),
    ]
    expect(ask([edge(), route(), jwt(), ...inside], { ...IN, claims }).verdict).toBe('denied')
    expect(ask([edge(), route(), jwt({ forwardOriginalToken: true }), ...inside], { ...IN, claims }).verdict).toBe(
      'allowed',
    )
  })

  it('routes by a claim of a token', () => {
    const jwt = request(
      'jwt',
      { selector: { matchLabels: INGRESS }, jwtRules: [{ issuer: 'iss' }] },
      { namespace: 'istio-system' },
    )
    const only = route('front', {
      http: [{ match: [{ headers: { '@request.auth.claims.group': { exact: 'admin' } } }], route: [to('reviews')] }],
    })
    expect(ask([edge(), only, jwt], IN).status).toBe(404)
    expect(ask([edge(), only, jwt], { ...IN, claims: { iss: 'iss', group: ['admin'] } }).verdict).toBe('allowed')
  })

  it('means the port of its pods in policies', () => {
    const ports = policy(
      'ports',
      { selector: { matchLabels: INGRESS }, rules: [{ to: [{ operation: { ports: ['8080'] } }] }] },
      { namespace: 'istio-system' },
    )
    const front = service(
      'ingress',
      [{ name: 'http', port: 80, targetPort: 8080 }],
      { selector: INGRESS },
      { namespace: 'istio-system' },
    )
    expect(ask([edge(), route(), ports], IN).verdict).toBe('denied')
    expect(ask([edge(), route(), ports, front], IN).verdict).toBe('allowed')
  })

  it('needs to be there, with pods', () => {
    expect(codesOf(ask([], IN))).toEqual(['gateway.missing'])
    expect(codesOf(ask([gateway('front', { selector: { istio: 'nobody' }, servers: [server()] })], IN))).toEqual([
      'gateway.no-pods',
    ])
  })
})

describe('a gateway of the Gateway API', () => {
  const listener = { name: 'http', port: 80, protocol: 'HTTP', hostname: '*.example.com' }
  const k8s = (more: object = {}) =>
    k8sGateway('k8s', { gatewayClassName: 'istio', listeners: [{ ...listener, ...more }] })
  const attached = (more: object = {}, place = 'shop') =>
    httpRoute(
      'r',
      {
        parentRefs: [{ name: 'k8s', namespace: 'shop' }],
        hostnames: ['shop.example.com'],
        rules: [
          {
            backendRefs: [
              { name: 'reviews', namespace: 'shop', port: 9080, weight: 1 },
              { name: 'reviews', namespace: 'shop', port: 9080, weight: 3 },
            ],
          },
        ],
        ...more,
      },
      { namespace: place },
    )
  const own = pod('k8s-istio', { 'gateway.networking.k8s.io/gateway-name': 'k8s' })
  const asked = { ...IN, source: { from: 'gateway', kind: 'K8sGateway', namespace: 'shop', name: 'k8s' } } as const

  it('routes by attached HTTPRoutes', () => {
    const answer = ask([k8s(), attached(), own], asked)
    expect(answer.branches.map(({ weight }) => weight)).toEqual([25, 75])
    expect(answer.verdict).toBe('allowed')
  })

  it.each([
    [attached({ parentRefs: [{ name: 'other' }] }), 'routes.other-gateway'],
    [attached({ parentRefs: [{ name: 'k8s', sectionName: 'https' }] }), 'routes.other-gateway'],
    [attached({}, 'legacy'), 'routes.not-exported'],
  ])('has no route by %j', (object, code) => {
    expect(othersOf(ask([k8s(), object, own], asked), 'routes.none')).toEqual([code])
  })

  it('takes routes of namespaces that it allows', () => {
    const open = k8s({ allowedRoutes: { namespaces: { from: 'All' } } })
    expect(ask([open, attached({}, 'legacy'), own], asked).verdict).toBe('allowed')
  })
})
