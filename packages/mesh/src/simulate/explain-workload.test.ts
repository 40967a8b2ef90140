import { describe, expect, it } from 'vitest'
import {
  destinationRule,
  httpRoute,
  peer,
  policy,
  request,
  service,
  serviceEntry,
  sidecar,
  to,
  virtualService,
} from '../analysis/corpus/objects.ts'
import { ask, BATCH, codesOf, inputWith, othersOf, stepOf, stepsOf } from './testing.ts'
import { explain } from './explain.ts'

const SUBSETS = {
  host: 'reviews',
  subsets: [
    { name: 'v1', labels: { version: 'v1' } },
    { name: 'v2', labels: { version: 'v2' } },
  ],
}

describe('what a workload calls', () => {
  it('goes to the service without any rule', () => {
    const answer = ask([])
    expect(answer.verdict).toBe('allowed')
    expect(answer.branches[0]?.cluster).toBe('outbound|9080||reviews.shop.svc.cluster.local')
    expect(codesOf(answer)).toEqual([
      'source.workload',
      'scope.all',
      'host.service',
      'port.protocol',
      'route.default',
      'destination.weight',
      'rule.none',
      'tls.auto',
      'endpoints.ready',
      'peer.mode',
      'mtls.mutual',
      'token.none-needed',
      'authz.none',
    ])
  })

  it.each(['reviews', 'reviews.shop', 'reviews.shop.svc', 'reviews.shop.svc.cluster.local', 'Reviews:9080'])(
    'means the service by %s',
    (host) => {
      expect(ask([], { host }).branches[0]?.host).toBe('reviews.shop.svc.cluster.local')
    },
  )

  it('has no bare names of other namespaces, and needs the port to be there', () => {
    expect(codesOf(ask([], { host: 'plain', port: 80 }))).toContain('host.unknown')
    expect(codesOf(ask([], { port: 1 })).at(-1)).toBe('port.missing')
  })

  it.each([
    ['ALLOW_ANY', 'allowed', undefined, 'outbound.allow-any'],
    ['REGISTRY_ONLY', 'fails', 502, 'outbound.registry-only'],
    [undefined, 'depends', undefined, 'outbound.unknown'],
  ] as const)('with %s calls to unknown hosts are %s', (outbound, verdict, status, code) => {
    const answer = ask([], { host: 'example.com', port: 80 }, outbound === undefined ? {} : { outbound })
    expect([answer.verdict, answer.status, codesOf(answer).at(-1)]).toEqual([verdict, status, code])
  })

  it('does not say of a caller without a proxy where a host leads that the mesh does not know', () => {
    const answer = ask([], { source: { from: 'outside' }, host: 'example.com', port: 80 })
    expect(answer.verdict).toBe('depends')
    expect(codesOf(answer)).toEqual(['source.outside', 'host.elsewhere'])
  })

  it('takes the word of a Sidecar for unknown hosts before that of the mesh', () => {
    const rule = sidecar('own', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })
    const answer = ask([rule], { host: 'example.com', port: 80 })
    expect(stepOf(answer, 'outbound.registry-only')?.place?.path).toBe('spec.outboundTrafficPolicy.mode')
  })

  it('passes by the mesh where a Sidecar or exportTo hides the service', () => {
    const scoped = ask([sidecar('own', { egress: [{ hosts: ['istio-system/*'] }] })])
    expect(scoped.branches[0]?.cluster).toBe('PassthroughCluster')
    expect(codesOf(scoped)).toContain('host.out-of-scope')
    const hidden = ask(
      [
        service(
          'far',
          [{ name: 'http', port: 80 }],
          {},
          { namespace: 'legacy', annotations: { 'networking.istio.io/exportTo': '.' } },
        ),
      ],
      { host: 'far.legacy', port: 80 },
    )
    expect(codesOf(hidden)).toContain('host.not-exported')
  })

  it('looks at a listener of the port before those for all ports', () => {
    const egress = [{ port: { number: 9080 }, hosts: ['~/*'] }, { hosts: ['./*'] }]
    expect(codesOf(ask([sidecar('own', { egress })]))).toContain('host.out-of-scope')
    expect(codesOf(ask([sidecar('own', { egress })], { host: 'db', port: 3306, protocol: 'tcp' }))).toContain(
      'host.service',
    )
  })

  it('is not found where a workload is not', () => {
    expect(ask([], { source: { from: 'workload', namespace: 'shop', name: 'nobody' } }).verdict).toBe('fails')
  })

  it('says that it depends on what is hidden', () => {
    const input = inputWith([])
    const config = {
      ...input.config,
      complete: new Set<never>(),
      objects: new Map([...input.config.objects].filter(([kind]) => kind === 'Pod')),
    }
    const answer = explain(
      { ...input, config },
      {
        source: { from: 'workload', namespace: 'shop', name: 'cart' },
        protocol: 'http',
        host: 'reviews',
        port: 9080,
        path: '/',
        method: 'GET',
        headers: {},
      },
    )
    expect(answer.verdict).toBe('depends')
    expect(codesOf(answer)).toContain('host.hidden')
  })
})

describe('routes', () => {
  const split = virtualService('split', {
    hosts: ['reviews'],
    http: [
      { match: [{ uri: { prefix: '/admin' } }, { headers: { user: { exact: 'ann' } } }], route: [to('reviews', 'v2')] },
      { name: 'rest', route: [to('reviews', 'v1', 90), to('reviews', 'v2', 10), to('reviews', 'v1', 0)] },
    ],
  })

  it('tells why earlier matches do not fit', () => {
    const answer = ask([split, destinationRule('reviews', SUBSETS)])
    expect(othersOf(answer, 'route.catch-all')).toEqual([
      'miss.uri spec.http[0].match[0]',
      'miss.header spec.http[0].match[1]',
    ])
    expect(answer.branches.map(({ subset, weight }) => [subset, weight])).toEqual([
      ['v1', 90],
      ['v2', 10],
    ])
    expect(answer.branches[1]?.cluster).toBe('outbound|9080|v2|reviews.shop.svc.cluster.local')
  })

  it('takes the first that fits', () => {
    const answer = ask([split, destinationRule('reviews', SUBSETS)], { headers: { user: 'ann' } })
    expect(stepOf(answer, 'route.match')?.place?.path).toBe('spec.http[0].match[1]')
  })

  it('has nowhere to go when a subset is missing', () => {
    const answer = ask([split])
    expect([answer.verdict, answer.status]).toEqual(['fails', 503])
    expect(codesOf(answer)).toContain('subset.missing')
  })

  it.each([
    [{ method: { exact: 'POST' } }, 'miss.method'],
    [{ scheme: { exact: 'https' } }, 'miss.scheme'],
    [{ authority: { exact: 'other' } }, 'miss.authority'],
    [{ port: 80 }, 'miss.port'],
    [{ sourceLabels: { app: 'other' } }, 'miss.source-labels'],
    [{ sourceNamespace: 'other' }, 'miss.source-namespace'],
    [{ gateways: ['front'] }, 'miss.gateway'],
    [{ queryParams: { a: { exact: '1' } } }, 'miss.query'],
    [{ withoutHeaders: { a: {} } }, undefined],
    [{ uri: { regex: '(?=x)' } }, 'miss.regex'],
    [{ uri: { exact: '/X' }, ignoreUriCase: true }, 'miss.uri'],
    [{ headers: { '@request.auth.claims.group': { exact: 'admin' } } }, 'miss.claim'],
  ])('%j: %s', (match, code) => {
    const answer = ask([
      virtualService('one', { hosts: ['reviews'], http: [{ match: [match], route: [to('reviews')] }] }),
    ])
    if (code === undefined) expect(answer.verdict).toBe('allowed')
    else {
      expect([answer.verdict, answer.status]).toEqual(['fails', 404])
      expect(stepsOf(answer).at(-1)?.others?.[0]?.code).toBe(code)
    }
  })

  it('prefers exact hosts, then what is private, then age', () => {
    const at = (name: string, creationTimestamp: string, spec: object) => {
      const object = virtualService(name, { hosts: ['reviews'], http: [{ route: [to('reviews')] }], ...spec })
      return { ...object, metadata: { ...object.metadata, creationTimestamp } }
    }
    const answer = ask([
      at('wild', '2020', { hosts: ['*.shop.svc.cluster.local'] }),
      at('old', '2021', {}),
      at('private', '2022', { exportTo: ['.'] }),
      at('edge', '2020', { gateways: ['front'] }),
      {
        ...at('foreign', '2020', { hosts: ['reviews.shop.svc.cluster.local'], exportTo: ['.'] }),
        metadata: { name: 'foreign', namespace: 'legacy' },
      },
    ])
    expect(stepOf(answer, 'routes.chosen')?.place?.name).toBe('private')
    expect(
      (stepOf(answer, 'routes.chosen')?.others ?? []).map((each) => `${each.place?.name} ${each.code}`).toSorted(),
    ).toEqual([
      'edge routes.other-gateway',
      'foreign routes.not-exported',
      'old routes.younger',
      'wild routes.less-specific',
    ])
  })

  it('follows delegates in the place where they are called', () => {
    const main = virtualService('main', {
      hosts: ['reviews'],
      http: [
        { match: [{ uri: { prefix: '/a' } }], delegate: { name: 'part' } },
        { match: [{ uri: { prefix: '/gone' } }], delegate: { name: 'gone' } },
        { route: [to('reviews')] },
      ],
    })
    const part = virtualService('part', { http: [{ match: [{ method: { exact: 'GET' } }], route: [to('reviews')] }] })
    const answer = ask([main, part], { path: '/a/b' })
    expect(stepOf(answer, 'route.match')?.place).toMatchObject({ name: 'part', path: 'spec.http[0].match[0]' })
    expect(codesOf(ask([main, part], { path: '/a', method: 'PUT' }))).toContain('route.catch-all')
    expect(codesOf(ask([main, part], { path: '/gone' }))).toContain('action.delegate-missing')
  })

  it.each([
    [{ redirect: { uri: '/new' } }, 'answered', 301, 'action.redirect'],
    [{ directResponse: { status: 418 } }, 'answered', 418, 'action.direct'],
    [{ fault: { abort: { httpStatus: 500, percentage: { value: 100 } } } }, 'answered', 500, 'action.fault-abort'],
    [{ fault: { abort: { httpStatus: 500, percentage: { value: 10 } } } }, 'depends', undefined, 'action.fault-abort'],
    [{ fault: { abort: { httpStatus: 500 } } }, 'allowed', undefined, 'action.fault-abort'],
    [
      { fault: { delay: { fixedDelay: '1s', percentage: { value: 100 } } } },
      'allowed',
      undefined,
      'action.fault-delay',
    ],
    [{ timeout: '5s' }, 'allowed', undefined, 'action.timeout'],
    [{ retries: { attempts: 2 } }, 'allowed', undefined, 'action.retries'],
    [{ mirror: { host: 'db' } }, 'allowed', undefined, 'action.mirror'],
    [{ headers: { request: { set: { a: 'b' } } } }, 'allowed', undefined, 'action.headers'],
  ])('%j', (more, verdict, status, code) => {
    const answer = ask([virtualService('one', { hosts: ['reviews'], http: [{ route: [to('reviews')], ...more }] })])
    expect([answer.verdict, answer.status]).toEqual([verdict, status])
    expect(codesOf(answer)).toContain(code)
  })

  it('shows the rewritten path to the policies of the server', () => {
    const rewrite = virtualService('one', {
      hosts: ['reviews'],
      http: [{ match: [{ uri: { prefix: '/old' } }], rewrite: { uri: '/new' }, route: [to('reviews')] }],
    })
    const deny = policy('deny', { action: 'DENY', rules: [{ to: [{ operation: { paths: ['/new/*'] } }] }] })
    expect(ask([rewrite, deny], { path: '/old/x' })).toMatchObject({ verdict: 'denied', status: 403 })
  })

  it('takes the HTTPRoute of a service, its best match first', () => {
    const route = httpRoute('reviews', {
      parentRefs: [{ group: '', kind: 'Service', name: 'reviews', port: 9080 }],
      rules: [
        { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'reviews', port: 9080 }] },
        {
          matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
          filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'x' } }],
        },
      ],
    })
    expect(ask([route], { path: '/api/1' })).toMatchObject({ verdict: 'answered', status: 302 })
    expect(codesOf(ask([route], { path: '/apix' }))).toContain('routes.chosen')
    expect(ask([route], { path: '/apix' }).verdict).toBe('allowed')
  })

  it('tells TCP ports from HTTP ones', () => {
    const rule = virtualService('db', { hosts: ['db'], tcp: [{ match: [{ port: 3306 }], route: [to('db')] }] })
    expect(codesOf(ask([rule], { host: 'db', port: 3306 }))).toContain('port.not-http')
    expect(stepOf(ask([rule], { host: 'db', port: 3306, protocol: 'tcp' }), 'route.match')?.place?.path).toBe(
      'spec.tcp[0].match[0]',
    )
    expect(ask([], { protocol: 'https' })).toMatchObject({ verdict: 'fails' })
  })

  it('routes TLS by its SNI', () => {
    const entry = serviceEntry('out', {
      hosts: ['api.example'],
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      resolution: 'DNS',
    })
    const rule = virtualService('out', {
      hosts: ['api.example'],
      tls: [
        { match: [{ port: 443, sniHosts: ['other.example'] }], route: [to('other.example')] },
        { match: [{ port: 443, sniHosts: ['*.example'] }], route: [to('api.example')] },
      ],
    })
    const answer = ask([entry, rule], { host: 'api.example', port: 443, protocol: 'https' })
    expect(othersOf(answer, 'route.match')).toEqual(['miss.sni spec.tls[0].match[0]'])
    expect(answer.branches[0]?.cluster).toBe('outbound|443||api.example')
    expect(codesOf(answer).slice(-2)).toEqual(['tls.external', 'endpoints.external'])
  })
})

describe('mutual TLS', () => {
  it.each([
    ['DISABLE', 'STRICT', 'fails', 'mtls.strict-refuses'],
    ['DISABLE', 'PERMISSIVE', 'allowed', 'mtls.plain'],
    ['ISTIO_MUTUAL', 'STRICT', 'allowed', 'mtls.mutual'],
    ['ISTIO_MUTUAL', 'DISABLE', 'fails', 'mtls.server-off'],
    ['', 'DISABLE', 'allowed', 'mtls.plain'],
    ['', 'STRICT', 'allowed', 'mtls.mutual'],
  ])('client %j, server %s: %s', (client, server, verdict, code) => {
    const rules = [
      destinationRule('reviews', {
        host: 'reviews',
        ...(client === '' ? {} : { trafficPolicy: { tls: { mode: client } } }),
      }),
      peer('all', { mtls: { mode: server } }),
    ]
    const answer = ask(rules)
    expect(answer.verdict).toBe(verdict)
    expect(codesOf(answer)).toContain(code)
  })

  it('refuses callers without a proxy where it is strict', () => {
    const strict = peer('all', { mtls: { mode: 'STRICT' } })
    expect(ask([strict], { source: BATCH, host: 'reviews.shop' })).toMatchObject({ verdict: 'fails', status: 503 })
    expect(ask([strict], { source: { from: 'outside' }, host: 'reviews.shop' }).verdict).toBe('fails')
    expect(ask([], { source: BATCH, host: 'reviews.shop' }).verdict).toBe('allowed')
  })

  it('cannot force it on a server without a proxy', () => {
    const rule = destinationRule('plain', {
      host: 'plain.legacy.svc.cluster.local',
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
    })
    expect(codesOf(ask([rule], { host: 'plain.legacy', port: 80 }))).toContain('mtls.server-cannot')
    expect(ask([], { host: 'plain.legacy', port: 80 }).verdict).toBe('allowed')
  })

  it('takes the workload before the namespace before the mesh, and its port before all', () => {
    const rules = [
      peer('mesh', { mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' }),
      peer('space', { mtls: { mode: 'DISABLE' } }),
      peer('work', {
        selector: { matchLabels: { app: 'reviews' } },
        mtls: { mode: 'UNSET' },
        portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
      }),
    ]
    const answer = ask(rules, { source: BATCH, host: 'reviews.shop' })
    expect(stepOf(answer, 'peer.mode')).toMatchObject({
      values: { mode: 'PERMISSIVE' },
      place: { name: 'work', path: 'spec.portLevelMtls.8080.mode' },
    })
    expect(othersOf(answer, 'peer.mode')).toEqual(['peer.narrower', 'peer.narrower'])
    // What a narrower policy leaves open, the wider one says.
    const inherited = ask(
      rules.map((each) =>
        each.metadata.name === 'work' ? peer('work', { selector: { matchLabels: { app: 'reviews' } } }) : each,
      ),
    )
    expect(stepOf(inherited, 'peer.mode')?.values['mode']).toBe('DISABLE')
  })
})

describe('what is behind a destination', () => {
  it('differs between versions when policies do', () => {
    const deny = policy('v2', { selector: { matchLabels: { version: 'v2' } }, action: 'DENY', rules: [{}] })
    expect(ask([deny]).verdict).toBe('depends')
    expect(codesOf(ask([deny])).filter((code) => code === 'endpoints.groups')).toHaveLength(2)
  })

  it('fails without pods that are ready', () => {
    expect(ask([service('none')], { host: 'none' })).toMatchObject({ verdict: 'fails', status: 503 })
  })
})

describe('tokens', () => {
  const jwt = request('jwt', { jwtRules: [{ issuer: 'https://id.example', audiences: ['shop'] }] })
  it.each([
    [undefined, 'allowed', undefined, 'token.absent'],
    [{ iss: 'https://id.example', aud: ['shop'] }, 'allowed', undefined, 'token.valid'],
    [{ iss: 'https://other.example' }, 'denied', 401, 'token.issuer'],
    [{ iss: 'https://id.example', aud: 'bank' }, 'denied', 403, 'token.audience'],
    [{ iss: 'https://id.example', aud: 'shop', exp: 1 }, 'denied', 401, 'token.expired'],
  ])('%j: %s', (claims, verdict, status, code) => {
    const answer = ask([jwt], claims === undefined ? {} : { claims })
    expect([answer.verdict, answer.status]).toEqual([verdict, status])
    expect(codesOf(answer)).toContain(code)
  })

  it('counts for nothing where nobody checks it', () => {
    const needs = policy('needs', { rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] })
    const claims = { iss: 'https://id.example', sub: 'ann', aud: 'shop' }
    expect(ask([needs], { claims }).verdict).toBe('denied')
    expect(ask([needs, jwt], { claims }).verdict).toBe('allowed')
  })
})
