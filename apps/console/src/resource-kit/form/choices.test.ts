import type { ResourceRow } from '@meshdeck/contract'
import { describe, expect, it } from 'vitest'
import { toChoices } from './choices.ts'

const page = (...rows: [namespace: string, name: string, spec: unknown][]) => ({
  items: rows.map(([namespace, name, spec]): ResourceRow => ({
    cluster: 'alpha',
    resource: { apiVersion: 'v1', kind: 'X', metadata: { name, namespace }, spec },
  })),
  total: rows.length,
})

describe('toChoices', () => {
  const choices = toChoices('shop', {
    services: page(['shop', 'web', { ports: [{ port: 80 }] }], ['backend', 'orders', {}]),
    entries: page(['backend', 'bank', { hosts: ['api.bank.example'], ports: [{ number: 443 }] }]),
    rules: page(
      ['shop', 'web', { host: 'web', subsets: [{ name: 'v1' }, { name: 'v2' }] }],
      ['other', 'web', { host: 'web.shop.svc.cluster.local', subsets: [{ name: 'v3' }] }],
    ),
    gateways: page(['shop', 'edge', { servers: [{ hosts: ['a'] }] }], ['istio-system', 'main', {}]),
  })

  it('names services as shortly as the rule’s namespace allows', () => {
    expect(choices.hosts?.map(({ host, ports }) => [host, ports])).toEqual([
      ['web', [80]],
      ['api.bank.example', [443]],
      ['orders.backend.svc.cluster.local', []],
    ])
  })

  it('gathers the subsets of a host over all rules about it', () => {
    expect(choices.subsets?.get('web.shop.svc.cluster.local')).toEqual(['v1', 'v2', 'v3'])
  })

  it('names gateways of other namespaces with theirs', () => {
    expect(choices.gateways?.map(({ name }) => name)).toEqual(['edge', 'istio-system/main'])
  })

  it('knows what it does not know', () => {
    const none = { services: undefined, entries: undefined, rules: undefined, gateways: undefined }
    expect(toChoices('shop', none)).toMatchObject({ hosts: undefined, gateways: undefined, subsets: undefined })
  })
})
