import { describe, expect, it } from 'vitest'
import { parseSearch } from '../../lib/search-params.ts'
import { explainSchema } from './explain-search.ts'
import { toRequest } from './to-request.ts'

const FULL = { source: 'shop/cart', host: 'reviews', port: '9080' }
const ask = (search: Record<string, string>) => toRequest(parseSearch(explainSchema, search))

describe('toRequest', () => {
  it('takes what an address says', () => {
    expect(ask({ ...FULL, headers: 'X-User: ann\n\nb:', claims: '{"iss":"i"}', ip: ' 10.0.0.1 ' }).request).toEqual({
      source: { from: 'workload', namespace: 'shop', name: 'cart' },
      protocol: 'http',
      host: 'reviews',
      port: 9080,
      path: '/',
      method: 'GET',
      headers: { 'x-user': 'ann', b: '' },
      claims: { iss: 'i' },
      ip: '10.0.0.1',
    })
  })

  it('leaves HTTP out where there is none', () => {
    expect(ask({ ...FULL, protocol: 'tcp', headers: 'a: b' }).request).toEqual({
      source: { from: 'workload', namespace: 'shop', name: 'cart' },
      protocol: 'tcp',
      host: 'reviews',
      port: 9080,
    })
  })

  it('knows gateways of both kinds, and clients without a proxy', () => {
    expect(ask({ ...FULL, from: 'gateway', source: 'K8sGateway/shop/front' }).request?.source).toEqual({
      from: 'gateway',
      kind: 'K8sGateway',
      namespace: 'shop',
      name: 'front',
    })
    expect(ask({ ...FULL, from: 'outside', source: '' }).request?.source).toEqual({ from: 'outside' })
  })

  it.each([
    [{ source: 'cart' }, 'source'],
    [{ source: 'a/b/c' }, 'source'],
    [{ from: 'gateway', source: 'shop/front' }, 'source'],
    [{ host: ' ' }, 'host'],
    [{ port: '0' }, 'port'],
    [{ port: 'http' }, 'port'],
    [{ path: 'a' }, 'path'],
    [{ headers: 'no colon' }, 'headers'],
    [{ claims: '[1]' }, 'claims'],
    [{ claims: '{' }, 'claims'],
  ])('names what is wrong: %j', (change, field) => {
    const { request, problems } = ask({ ...FULL, ...change })
    expect([request, [...problems]]).toEqual([undefined, [field]])
  })
})
