import { describe, expect, it } from 'vitest'
import { gateway, INGRESS, server, serviceEntry, SHOP } from '../analysis/corpus/objects.ts'
import { after, problems, specs } from './testing.ts'

describe('wizards of the edge', () => {
  const secure = { host: 'shop.example.com', port: '9080', tls: 'true', credential: 'shop-tls', redirect: 'true' }

  it('expose a service with TLS, by a new gateway or one that exists', () => {
    const made = after('expose', { ...secure, selector: 'istio=ingressgateway' })
    expect(made.map(({ spec }) => spec)).toEqual([
      {
        selector: INGRESS,
        servers: [
          { ...server('shop.example.com'), tls: { httpsRedirect: true } },
          {
            port: { number: 443, name: 'https-shop-example-com', protocol: 'HTTPS' },
            hosts: ['shop.example.com'],
            tls: { mode: 'SIMPLE', credentialName: 'shop-tls' },
          },
        ],
      },
      {
        hosts: ['shop.example.com'],
        gateways: ['reviews'],
        http: [{ route: [{ destination: { host: 'reviews', port: { number: 9080 } } }] }],
      },
    ])
    expect(after('expose', { ...secure, gateway: 'shop/reviews', credential: 'next' }, made)).toMatchObject([
      { kind: 'Gateway', spec: { servers: [{}, { tls: { credentialName: 'next' } }] } },
    ])
    const alone = after('expose', { ...secure, redirect: 'false', selector: 'istio=ingressgateway' })
    expect(alone[0]?.spec).toMatchObject({ servers: [{ port: { number: 443 } }] })
    const present = gateway('edge', { selector: INGRESS, servers: [server('other.example.com')] })
    const extended = after('expose', { host: 'shop.example.com', port: '9080', gateway: 'shop/edge' }, [present])
    expect(extended[0]?.spec).toEqual({
      selector: INGRESS,
      servers: [server('other.example.com'), server('shop.example.com')],
    })
    expect(problems('expose', { host: 'no host', port: '0', tls: 'true' })).toEqual([
      'host host',
      'port range',
      'credential required',
      'selector required',
    ])
  })

  it('let the mesh reach a host outside, with TLS begun by the sidecar if wanted', () => {
    const answers = { host: 'api.bank.example', namespace: SHOP, port: '443', protocol: 'TLS' }
    expect(specs('external', answers)).toEqual([
      {
        hosts: ['api.bank.example'],
        ports: [{ number: 443, name: 'tls-443', protocol: 'TLS' }],
        location: 'MESH_EXTERNAL',
        resolution: 'DNS',
      },
    ])
    const entry = serviceEntry('bank', {
      hosts: ['api.bank.example'],
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      resolution: 'DNS',
    })
    const [extended, rule] = after('external', { ...answers, originate: 'true' }, [entry])
    expect(extended).toMatchObject({
      metadata: { name: 'bank' },
      spec: {
        ports: [
          { number: 443, name: 'tls' },
          { number: 80, targetPort: 443 },
        ],
      },
    })
    expect(rule?.spec).toEqual({
      host: 'api.bank.example',
      trafficPolicy: {
        portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE', sni: 'api.bank.example' } }],
      },
    })
    expect(problems('external', {})).toEqual([
      'host required',
      'namespace required',
      'port required',
      'protocol required',
    ])
  })
})
