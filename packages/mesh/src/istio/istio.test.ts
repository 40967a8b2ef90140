import { describe, expect, it } from 'vitest'
import { isGatewayName, isGatewayWorkload } from './gateways.ts'
import { finiteSample, share } from './numbers.ts'

describe('finiteSample', () => {
  it.each([
    ['1.5', 1.5],
    ['0', 0],
    ['NaN', undefined],
    ['+Inf', undefined],
    ['-Inf', undefined],
    ['', undefined],
    ['five', undefined],
  ])('%j is %s', (text, value) => {
    expect(finiteSample(text)).toBe(value)
  })
})

describe('share', () => {
  it('has no value without traffic, and stays between 0 and 1', () => {
    expect([share(0, 0), share(1, Number.NaN), share(1, 4), share(1.000_000_1, 1)]).toEqual([
      undefined,
      undefined,
      0.25,
      1,
    ])
  })
})

describe('gateways', () => {
  it.each([
    [{ istio: 'ingressgateway' }, undefined, true],
    [{ istio: 'ingress' }, undefined, true],
    [{ istio: 'pilot' }, undefined, false],
    [{ 'gateway.networking.k8s.io/gateway-name': 'front' }, undefined, true],
    [{}, { 'inject.istio.io/templates': 'sidecar, gateway' }, true],
    [{}, { 'inject.istio.io/templates': 'sidecar' }, false],
    [undefined, undefined, false],
  ])('labels %j with annotations %j: %s', (labels, annotations, expected) => {
    expect(isGatewayWorkload(labels, annotations)).toBe(expected)
  })

  it('knows the names that installers give', () => {
    expect(['istio-ingressgateway', 'istio-eastwestgateway', 'istio-egress', 'api-gateway'].map(isGatewayName)).toEqual(
      [true, true, true, false],
    )
  })
})
