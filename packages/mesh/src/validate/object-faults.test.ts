import { describe, expect, it } from 'vitest'
import {
  destinationRule,
  gateway,
  peer,
  policy,
  request,
  serviceEntry,
  sidecar,
  telemetry,
  to,
  virtualService,
} from '../analysis/corpus/objects.ts'
import { objectFaults } from './object-faults.ts'

const routed = (route: object) => virtualService('v', { hosts: ['a'], http: [{ route: [to('a')], ...route }] })
const served = (server: object) =>
  gateway('g', { servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['a.example'], ...server }] })
const https = (tls: object | undefined) =>
  served({ port: { number: 443, name: 'https', protocol: 'HTTPS' }, ...(tls && { tls }) })
const ruled = (rule: object) => policy('p', { rules: [rule] })
const entry = (spec: object) =>
  serviceEntry('s', { hosts: ['a.example'], ports: [{ number: 80, name: 'http' }], resolution: 'DNS', ...spec })

/** The lab's webhook is asked about hundreds more; these keep one of each code without it. */
describe('objectFaults', () => {
  it.each([
    [virtualService('v', { exportTo: ['~'] }), 'spec.exportTo exportNobody'],
    [virtualService('v', { exportTo: ['*', 'a'] }), 'spec.exportTo exportMixed'],
    [virtualService('v', { exportTo: ['.', 'shop'] }), 'spec.exportTo exportDuplicate'],
    [virtualService('v', { exportTo: ['a b'] }), 'spec.exportTo[0] exportName'],
    [routed({ match: [{ sourceLabels: { app: 'a b' } }] }), 'spec.http[0].match[0].sourceLabels.app labelValue'],
    [routed({ fault: {} }), 'spec.http[0].fault needsFault'],
    [routed({ fault: { abort: { grpcStatus: 'X' } } }), 'spec.http[0].fault.abort.grpcStatus grpcStatus'],
    [routed({ rewrite: {} }), 'spec.http[0].rewrite needsRewrite'],
    [routed({ corsPolicy: { allowOrigins: [{ regex: '[' }] } }), 'spec.http[0].corsPolicy.allowOrigins[0].regex regex'],
    [routed({ corsPolicy: { allowMethods: ['X'] } }), 'spec.http[0].corsPolicy.allowMethods[0] method'],
    [routed({ headers: { request: { remove: [''] } } }), 'spec.http[0].headers.request.remove[0] headerName'],
    [
      virtualService('v', { hosts: ['a'], tls: [{ match: [{ sniHosts: ['b'] }] }] }),
      'spec.tls[0].match[0].sniHosts[0] sniHosts',
    ],
    [destinationRule('d', { subsets: [{ name: 'a' }, { name: 'a' }] }), 'spec.subsets duplicate'],
    [destinationRule('d', { subsets: [{ name: 'a', labels: { v: 'a b' } }] }), 'spec.subsets[0].labels labelValue'],
    [
      destinationRule('d', { trafficPolicy: { tls: { mode: 'MUTUAL', privateKey: '/k' } } }),
      'spec.trafficPolicy.tls.clientCertificate clientCertificate',
    ],
    [
      destinationRule('d', { trafficPolicy: { tls: { credentialName: 'c', privateKey: '/k' } } }),
      'spec.trafficPolicy.tls.credentialName credentialAlone',
    ],
    [
      destinationRule('d', { trafficPolicy: { portLevelSettings: [{ port: { number: 1 } }] } }),
      'spec.trafficPolicy.portLevelSettings[0].port.number needsPolicy',
    ],
    [served({ hosts: ['short'] }), 'spec.servers[0].hosts[0] shortName'],
    [served({ hosts: ['*foo.com'] }), 'spec.servers[0].hosts[0] partialWildcard'],
    [served({ hosts: ['~/a.example'] }), 'spec.servers[0].hosts[0] hostScope'],
    [served({ bind: '10.0.0.0/8' }), 'spec.servers[0].bind ip'],
    [served({ tls: { mode: 'SIMPLE', credentialName: 'c' } }), 'spec.servers[0].tls.mode plainPort'],
    [https(undefined), 'spec.servers[0].tls needsTls'],
    [https({ mode: 'ISTIO_MUTUAL', credentialName: 'c' }), 'spec.servers[0].tls.credentialName noCertificate'],
    [
      https({ mode: 'MUTUAL', serverCertificate: 'a', privateKey: 'b' }),
      'spec.servers[0].tls.caCertificates caCertificate',
    ],
    [entry({ hosts: ['*.example'] }), 'spec.hosts[0] wildcardHost'],
    [entry({ addresses: ['10.0.0.0/8'] }), 'spec.addresses[0] cidrResolution'],
    [entry({ endpoints: [{ address: '*.a' }] }), 'spec.endpoints[0].address endpointAddress'],
    [entry({ endpoints: [{ address: 'a.b', ports: { x: 1 } }] }), 'spec.endpoints[0].ports endpointPort'],
    [sidecar('s', { egress: [{ hosts: ['a'] }] }), 'spec.egress[0].hosts[0] namespaceHost'],
    [sidecar('s', { ingress: [{ defaultEndpoint: '10.0.0.1:1' }] }), 'spec.ingress[0].defaultEndpoint defaultEndpoint'],
    [policy('p', { action: 'CUSTOM' }), 'spec.provider.name needsProvider'],
    [policy('p', { provider: { name: 'a' } }), 'spec.provider.name surplusProvider'],
    [ruled({ from: [{ source: {} }] }), 'spec.rules[0].from[0].source emptyBlock'],
    [ruled({ to: [{ operation: { methods: [''] } }] }), 'spec.rules[0].to[0].operation.methods[0] emptyText'],
    [ruled({ to: [{ operation: { paths: ['/{a}'] } }] }), 'spec.rules[0].to[0].operation.paths[0] pathTemplate'],
    [
      ruled({ from: [{ source: { serviceAccounts: ['a/b/c'] } }] }),
      'spec.rules[0].from[0].source.serviceAccounts[0] accountFormat',
    ],
    [
      ruled({ from: [{ source: { serviceAccounts: ['a'], namespaces: ['b'] } }] }),
      'spec.rules[0].from[0].source.serviceAccounts accountAlone',
    ],
    [ruled({ when: [{ key: 'x', values: ['a'] }] }), 'spec.rules[0].when[0].key conditionKey'],
    [ruled({ when: [{ key: 'source.ip', values: ['a'] }] }), 'spec.rules[0].when[0].values[0] conditionValue'],
    [ruled({ when: [{ key: 'source.ip' }] }), 'spec.rules[0].when[0].values needsValues'],
    [policy('p', { targetRefs: [{ kind: 'Pod', group: '', name: 'a' }] }), 'spec.targetRefs[0].group targetGroup'],
    [peer('p', { portLevelMtls: { 80: { mode: 'STRICT' } } }), 'spec.selector.matchLabels needsSelector'],
    [peer('p', { selector: { matchLabels: { app: '*' } } }), 'spec.selector.matchLabels labelWildcard'],
    [request('r', { jwtRules: [{ issuer: 'a', jwks: 'b', jwksUri: 'c' }] }), 'spec.jwtRules[0].jwks jwksTwice'],
    [
      telemetry('t', { metrics: [{ overrides: [{ tagOverrides: { a: {} } }] }] }),
      'spec.metrics[0].overrides[0].tagOverrides.a.value tagValue',
    ],
  ])('%j', (object, expected) => {
    expect(objectFaults(object).map(({ field, code }) => `${field} ${code}`)).toEqual([expected])
  })

  it('has nothing against what is right, or of another kind', () => {
    expect(objectFaults(routed({}))).toEqual([])
    expect(objectFaults(https({ mode: 'SIMPLE', credentialName: 'c' }))).toEqual([])
    // As an editor has it before it is written whole.
    expect(objectFaults(JSON.parse('{"kind": "Gateway"}'))).toEqual([])
    expect(objectFaults({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })).toEqual([])
  })
})
