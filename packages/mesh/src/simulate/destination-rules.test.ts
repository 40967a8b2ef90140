import { describe, expect, it } from 'vitest'
import { destinationRule, to, virtualService } from '../analysis/corpus/objects.ts'
import { policyOf } from './destination-rules.ts'
import { ask, codesOf, stepOf } from './testing.ts'

const HOST = 'reviews.shop.svc.cluster.local'
const rule = (name: string, spec: object = {}, namespace = 'shop') =>
  destinationRule(name, { host: HOST, ...spec }, { namespace })
const inForce = (...rules: ReturnType<typeof rule>[]): string | undefined =>
  stepOf(ask(rules), 'rule.in-force')?.place?.name

describe('the destination rule in force', () => {
  it('is looked for where the caller is, where the service is, and in the root namespace', () => {
    const [own, root] = [rule('own'), rule('root', {}, 'istio-system')]
    expect(inForce(root, own)).toBe('own')
    expect(inForce(root)).toBe('root')
    expect(inForce(rule('foreign', {}, 'legacy'))).toBeUndefined()
    expect(stepOf(ask([root, own]), 'rule.in-force')?.others?.[0]?.code).toBe('rule.other-namespace')
  })

  it('is the most specific, and has to be exported', () => {
    expect(inForce(rule('wild', { host: '*.shop.svc.cluster.local' }), rule('exact'))).toBe('exact')
    expect(inForce(rule('root', { exportTo: ['.'] }, 'istio-system'))).toBeUndefined()
    expect(codesOf(ask([rule('root', { exportTo: ['.'] }, 'istio-system')]))).toContain('rule.none')
  })

  it('can be for some workloads of its namespace alone', () => {
    const selected = (app: string) => rule('selected', { workloadSelector: { matchLabels: { app } } })
    expect(inForce(selected('cart'), rule('all'))).toBe('selected')
    expect(inForce(selected('other'), rule('all'))).toBe('all')
  })

  it('is joined by more subsets of others for the same host', () => {
    const objects = [
      rule('a', { subsets: [{ name: 'v1', labels: { version: 'v1' } }] }),
      rule('b', { subsets: [{ name: 'v2', labels: { version: 'v2' } }] }),
      virtualService('r', { hosts: ['reviews'], http: [{ route: [to('reviews', 'v2')] }] }),
    ]
    expect(codesOf(ask(objects))).toContain('rule.merged')
    expect(stepOf(ask(objects), 'subset.found')?.place?.name).toBe('b')
  })
})

describe('policyOf', () => {
  const pools = (size: number) => ({ connectionPool: { tcp: { maxConnections: size } } })
  const rules = [
    rule('a', {
      trafficPolicy: {
        ...pools(1),
        tls: { mode: 'ISTIO_MUTUAL' },
        portLevelSettings: [{ port: { number: 80 }, ...pools(2) }],
      },
      subsets: [
        { name: 'plain' },
        { name: 'own', trafficPolicy: pools(3) },
        {
          name: 'port',
          trafficPolicy: { ...pools(4), portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] },
        },
      ],
    }),
  ]
  it.each([
    ['', 81, { connectionPool: 'spec.trafficPolicy.connectionPool', tls: 'spec.trafficPolicy.tls' }],
    // A port's settings leave nothing of the wider ones.
    ['', 80, { connectionPool: 'spec.trafficPolicy.portLevelSettings[0].connectionPool' }],
    ['plain', 81, { connectionPool: 'spec.trafficPolicy.connectionPool', tls: 'spec.trafficPolicy.tls' }],
    ['own', 81, { connectionPool: 'spec.subsets[1].trafficPolicy.connectionPool', tls: 'spec.trafficPolicy.tls' }],
    ['port', 80, { tls: 'spec.subsets[2].trafficPolicy.portLevelSettings[0].tls' }],
  ])('of subset %j at port %i', (subset, port, expected) => {
    const policy = policyOf(rules, subset, port)
    expect(Object.fromEntries(Object.entries(policy).map(([name, part]) => [name, part.path]))).toEqual(expected)
  })

  it('shows limits that may stop a request', () => {
    const limits = rule('limits', {
      trafficPolicy: {
        ...pools(1),
        outlierDetection: { consecutive5xxErrors: 5 },
        loadBalancer: { simple: 'RANDOM', localityLbSetting: { enabled: true } },
      },
    })
    expect(codesOf(ask([limits]))).toEqual(
      expect.arrayContaining(['policy.pool', 'policy.outlier', 'policy.balancer', 'policy.locality']),
    )
    expect(stepOf(ask([limits]), 'policy.pool')?.values['settings']).toBe('tcp.maxConnections: 1')
  })
})
