import { describe, expect, it } from 'vitest'
import { peer, policy, SHOP } from '../analysis/corpus/objects.ts'
import { callersCutOff, otherAllowing } from './security.ts'
import { after, problems, specs, worldOf } from './testing.ts'

describe('wizards of security', () => {
  it('make mutual TLS strict for a mesh, a namespace or a service, keeping ports that are let off', () => {
    expect(after('mtls', { scope: 'mesh' })).toMatchObject([
      { metadata: { namespace: 'istio-system', name: 'default' }, spec: { mtls: { mode: 'STRICT' } } },
    ])
    const old = peer('old', { mtls: { mode: 'PERMISSIVE' } })
    expect(after('mtls', { scope: 'namespace', namespace: SHOP }, [old])).toEqual([
      { ...old, spec: { mtls: { mode: 'STRICT' } } },
    ])
    const own = peer('own', {
      selector: { matchLabels: { app: 'reviews' } },
      portLevelMtls: { 9090: { mode: 'DISABLE' } },
    })
    expect(specs('mtls', { scope: 'service' }, [old, own])).toEqual([{ ...Object(own.spec), mtls: { mode: 'STRICT' } }])
    expect(problems('mtls', { scope: 'namespace', namespace: 'No' })).toEqual(['namespace name'])
  })

  it('allow only some callers, and say whom that cuts off and who else lets callers in', () => {
    const principal = 'cluster.local/ns/shop/sa/frontend'
    const answers = { principals: principal, namespaces: 'jobs', methods: 'GET', paths: '/api/*' }
    const [made] = after('allow', answers)
    expect(made).toMatchObject({
      metadata: { namespace: SHOP, name: 'allow-reviews' },
      spec: {
        selector: { matchLabels: { app: 'reviews' } },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: [principal] } }, { source: { namespaces: ['jobs'] } }],
            to: [{ operation: { methods: ['GET'], paths: ['/api/*'] } }],
          },
        ],
      },
    })
    const wide = policy('wide', { rules: [{ from: [{ source: { namespaces: ['other'] } }] }] })
    const objects = [wide, ...(made ? [made] : [])]
    expect(otherAllowing(worldOf(objects))).toEqual(['shop/wide'])
    const again = after('allow', { namespaces: 'jobs' }, objects)
    expect(again.map(({ metadata }) => metadata.name)).toEqual(['allow-reviews'])
    const callers = [
      { namespace: 'shop', name: 'frontend', principal },
      { namespace: 'jobs', name: 'batch', principal: 'cluster.local/ns/jobs/sa/batch' },
      { namespace: 'jobs', name: 'plain', principal: undefined },
      { namespace: 'shop', name: 'cart', principal: 'cluster.local/ns/shop/sa/cart' },
    ]
    expect(callersCutOff(callers, answers, ['cluster.local']).map(({ name }) => name)).toEqual(['plain', 'cart'])
    expect(problems('allow', { paths: 'api' })).toEqual(['paths path', 'principals required'])
  })
})
