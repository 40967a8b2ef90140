import { describe, expect, it } from 'vitest'
import { policy, request } from '../analysis/corpus/objects.ts'
import { ask, BATCH, codesOf, othersOf, stepOf } from './testing.ts'

const TOKENS = request('jwt', { jwtRules: [{ issuer: 'iss' }] })
const allow = (rule: object, more: object = {}) => policy('allow', { action: 'ALLOW', rules: [rule], ...more })
const from = (source: object): object => ({ from: [{ source }] })
const to = (operation: object): object => ({ to: [{ operation }] })
const when = (key: string, values: object): object => ({ when: [{ key, ...values }] })

describe('an ALLOW rule', () => {
  it.each([
    [{}, true],
    [from({ principals: ['cluster.local/ns/shop/sa/cart'] }), true],
    [from({ principals: ['*/sa/cart'] }), true],
    [from({ principals: ['cluster.local/ns/shop/*'] }), true],
    [from({ principals: ['cluster.local/ns/shop/sa/other'] }), false],
    [from({ notPrincipals: ['cluster.local/ns/shop/sa/cart'] }), false],
    [from({ namespaces: ['sh*'] }), true],
    [from({ namespaces: ['*op'], notNamespaces: ['shop'] }), false],
    [from({ serviceAccounts: ['cart'] }), true],
    [from({ serviceAccounts: ['legacy/cart'] }), false],
    [from({ trustDomains: ['cluster.*'] }), true],
    [from({ ipBlocks: ['10.1.0.0/16'] }), true],
    [from({ ipBlocks: ['10.2.0.0/16'] }), false],
    [from({ remoteIpBlocks: ['10.1.2.3'] }), true],
    [to({ methods: ['GET'] }), true],
    [to({ methods: ['POST', 'P*'] }), false],
    [to({ paths: ['/api/*'] }), true],
    [to({ paths: ['/api/{*}/items/{**}'] }), true],
    [to({ paths: ['/api/{*}'] }), false],
    [to({ notPaths: ['/api*'] }), false],
    [to({ hosts: ['REVIEWS:*'] }), true],
    [to({ hosts: ['reviews'] }), false],
    // The port of the pods, not of the service.
    [to({ ports: ['8080'] }), true],
    [to({ ports: ['9080'] }), false],
    [when('request.headers[X-User]', { values: ['ann'] }), true],
    [when('request.headers[x-user]', { notValues: ['ann'] }), false],
    [when('request.auth.claims[group]', { values: ['admin'] }), true],
    [when('request.auth.claims[a][b]', { values: ['c'] }), true],
    [when('request.auth.principal', { values: ['iss/ann'] }), true],
    [when('request.auth.audiences', { values: ['shop'] }), true],
    [when('request.auth.presenter', { values: ['app'] }), true],
    [when('source.namespace', { values: ['shop'] }), true],
    [when('source.ip', { values: ['10.0.0.0/8'] }), true],
    [when('remote.ip', { notValues: ['10.0.0.0/8'] }), false],
    [when('destination.port', { values: ['8080'] }), true],
    [{ ...from({ namespaces: ['shop'] }), ...to({ methods: ['PUT'] }) }, false],
    [{ from: [{ source: { namespaces: ['no'] } }, { source: { namespaces: ['shop'] } }] }, true],
  ])('%j: %s', (rule, fits) => {
    const answer = ask([allow(rule), TOKENS], {
      path: '/api/1/items/2/3?x=1',
      headers: { 'x-user': 'ann' },
      ip: '10.1.2.3',
      claims: { iss: 'iss', sub: 'ann', aud: 'shop', azp: 'app', group: ['user', 'admin'], a: { b: 'c' } },
    })
    expect([answer.verdict, answer.status]).toEqual(fits ? ['allowed', undefined] : ['denied', 403])
  })

  it('names the part that keeps it from fitting', () => {
    const answer = ask([allow({ ...from({ namespaces: ['shop'] }), ...to({ methods: ['PUT'], paths: ['/'] }) })])
    expect(stepOf(answer, 'authz.not-allowed')?.others?.[0]).toMatchObject({
      code: 'authz.miss',
      values: { field: 'methods', wanted: 'PUT', got: 'GET' },
      place: { path: 'spec.rules[0].to[0].operation.methods' },
    })
  })

  it('depends on what is not known', () => {
    const answer = ask([allow(from({ ipBlocks: ['10.0.0.0/8'] }))])
    expect([answer.verdict, stepOf(answer, 'authz.open')?.place?.path]).toEqual([
      'depends',
      'spec.rules[0].from[0].source.ipBlocks',
    ])
    expect(ask([allow(when('experimental.envoy.filters.a[b]', { values: ['c'] }))]).verdict).toBe('depends')
  })

  it('never knows a caller without mutual TLS', () => {
    const change = { source: BATCH, host: 'reviews.shop' }
    expect(ask([allow(from({ namespaces: ['legacy'] }))], change).verdict).toBe('denied')
    expect(ask([allow(from({ notNamespaces: ['other'] }))], change).verdict).toBe('allowed')
  })

  it('knows a principal by every trust domain of the mesh', () => {
    const rule = allow(from({ principals: ['old.domain/ns/shop/sa/cart'] }))
    expect(ask([rule]).verdict).toBe('denied')
    expect(ask([rule], {}, { trustDomains: ['new.domain', 'old.domain'] }).verdict).toBe('allowed')
  })
})

describe('several policies', () => {
  it('goes through CUSTOM, DENY and ALLOW', () => {
    const custom = policy('ask', { action: 'CUSTOM', provider: { name: 'opa' }, rules: [to({ paths: ['/api*'] })] })
    const deny = policy('deny', { action: 'DENY', rules: [to({ methods: ['DELETE'] })] })
    const rules = [custom, deny, allow({}), policy('log', { action: 'AUDIT', rules: [{}] })]
    expect(codesOf(ask(rules)).filter((code) => code.startsWith('authz.'))).toEqual([
      'authz.audit',
      'authz.miss',
      'authz.miss',
      'authz.allowed',
    ])
    expect(ask(rules, { method: 'DELETE' })).toMatchObject({ verdict: 'denied', status: 403 })
    expect(stepOf(ask(rules, { path: '/api' }), 'authz.custom')?.values['provider']).toBe('opa')
    expect(ask(rules, { path: '/api' }).verdict).toBe('depends')
    expect(ask(rules, { path: '/api', method: 'DELETE' }).verdict).toBe('denied')
  })

  it('allows everything without an ALLOW policy, nothing with an empty one', () => {
    expect(codesOf(ask([policy('deny', { action: 'DENY', rules: [to({ methods: ['PUT'] })] })]))).toContain(
      'authz.no-allow',
    )
    const empty = ask([policy('nothing', {})])
    expect([empty.verdict, othersOf(empty, 'authz.not-allowed')]).toEqual(['denied', ['authz.empty']])
  })

  it('reads those of the workload, its namespace and the root namespace, and no others', () => {
    const nothing = (spec: object, metadata: object) => ask([policy('p', spec, metadata)]).verdict
    expect(nothing({}, { namespace: 'istio-system' })).toBe('denied')
    expect(nothing({}, { namespace: 'legacy' })).toBe('allowed')
    expect(nothing({ selector: { matchLabels: { app: 'reviews' } } }, {})).toBe('denied')
    expect(nothing({ selector: { matchLabels: { app: 'cart' } } }, {})).toBe('allowed')
    expect(nothing({ targetRefs: [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'x' }] }, {})).toBe(
      'allowed',
    )
  })

  it('leaves HTTP out of TCP: of an ALLOW the rule, of a DENY the field', () => {
    const db = { host: 'db', port: 3306, protocol: 'tcp' as const }
    const http = { ...from({ namespaces: ['shop'] }), ...to({ methods: ['GET'] }) }
    const allowed = ask([allow(http)], db)
    expect([allowed.verdict, allowed.status, othersOf(allowed, 'authz.not-allowed')]).toEqual([
      'denied',
      undefined,
      ['authz.http-only spec.rules[0]'],
    ])
    expect(ask([policy('deny', { action: 'DENY', rules: [http] })], db).verdict).toBe('denied')
  })
})
