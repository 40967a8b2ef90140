import { expect, it } from 'vitest'
import type { Choices } from '../../resource-kit/form/choices.ts'
import { missingParts } from './missing-parts.ts'

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
