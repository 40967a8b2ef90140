import { expect, it } from 'vitest'
import type { Choices } from '../../resource-kit/form/choices.ts'
import { missingInDestinations, missingParts, subsetsAt } from './missing-parts.ts'

const choices: Choices = {
  hosts: [
    { host: 'cart', full: 'cart.shop.svc.cluster.local', ports: [80, 81] },
    { host: '*.bank.example', full: '*.bank.example', ports: [443] },
  ],
  gateways: [],
  subsets: new Map([['cart.shop.svc.cluster.local', ['v1']]]),
}
const NONE = { host: false, subset: false, ports: undefined }
const judge = (host: string, subset = '', port: number | undefined = undefined, known: Choices = choices) =>
  missingParts({ host, subset, port }, 'shop', known)

it('marks a host, a subset and a port that are not there, and nothing else', () => {
  expect(judge('cart', 'v1', 80)).toEqual(NONE)
  expect(judge('api.bank.example', '', 443)).toEqual(NONE)
  expect(judge('carts')).toEqual({ ...NONE, host: true })
  expect(judge('cart', 'v9')).toEqual({ ...NONE, subset: true })
  expect(judge('cart', '', 8080)).toEqual({ ...NONE, ports: [80, 81] })
  expect(judge('')).toEqual(NONE)
})

it('marks nothing where the cluster could not be asked', () => {
  const unknown: Choices = { hosts: undefined, gateways: undefined, subsets: undefined }
  expect(judge('carts', 'v9', 1, unknown)).toEqual(NONE)
})

const SPEC = {
  http: [
    {
      route: [{ destination: { host: 'cart', subset: 'v1' } }, { destination: { host: 'carts', port: { number: 1 } } }],
    },
    { mirror: { host: 'cart', subset: 'v8', port: { number: 8080 } } },
  ],
  tls: [{ route: [{ destination: { host: 'api.bank.example', port: { number: 444 } } }] }],
  tcp: [{ route: [{}, { destination: { host: 'cart', subset: 'v9' } }] }],
}

it('finds what is not there in destinations of every protocol and in mirrors', () => {
  expect(missingInDestinations(SPEC, 'shop', choices)).toEqual([
    { field: 'spec.http[0].route[1].destination.host', code: 'host', values: { name: 'carts' } },
    { field: 'spec.http[1].mirror.subset', code: 'subset', values: { name: 'v8', host: 'cart' } },
    {
      field: 'spec.http[1].mirror.port.number',
      code: 'port',
      values: { name: 8080, host: 'cart', ports: '80, 81' },
    },
    {
      field: 'spec.tls[0].route[0].destination.port.number',
      code: 'port',
      values: { name: 444, host: 'api.bank.example', ports: '443' },
    },
    { field: 'spec.tcp[0].route[1].destination.subset', code: 'subset', values: { name: 'v9', host: 'cart' } },
  ])
  expect(missingInDestinations({ http: 'text', tcp: [null, { route: {} }] }, 'shop', choices)).toEqual([])
})

it('offers the subsets of the host that a field goes with', () => {
  const offers = subsetsAt(SPEC, 'shop', choices)
  expect(offers('spec.http[1].mirror.subset')).toEqual(['v1'])
  expect(offers('spec.tls[0].route[0].destination.subset')).toEqual([])
  expect(offers('spec.http[1].rewrite.uri')).toBeUndefined()
})
