import { describe, expect, it } from 'vitest'
import { PrometheusError, type PrometheusErrorKind } from '../prometheus-error.ts'
import { createCircuit } from './circuit.ts'

function make() {
  const clock = { now: 0 }
  const circuit = createCircuit(() => clock.now)
  const fail = (kind: PrometheusErrorKind = 'unreachable') =>
    circuit.failed(new PrometheusError(kind, 'Prometheus at x cannot be reached: gone'), circuit.enter())
  return { clock, circuit, fail }
}

describe('createCircuit', () => {
  it('tells at once what failed three times in a row, and tries one question after a while', () => {
    const { clock, circuit, fail } = make()
    fail()
    fail('timeout')
    expect(() => circuit.check()).not.toThrow()
    fail()
    expect(() => circuit.check()).toThrow(/cannot be reached: gone\. It is asked again in 2 s/)
    expect(circuit.state).toMatchObject({ state: 'open', since: 0, retryAt: 2_000 })
    clock.now = 2_000
    const ticket = circuit.enter()
    expect(() => circuit.enter()).toThrow(/again in 1 s/)
    circuit.failed(new PrometheusError('timeout', 'still away'), ticket)
    expect(() => circuit.check()).toThrow(/still away\. It is asked again in 4 s/)
    clock.now = 6_000
    circuit.enter()
    circuit.succeeded()
    expect(circuit.state).toEqual({ state: 'closed' })
    expect(() => circuit.enter()).not.toThrow()
  })

  it('waits longer each time, up to half a minute', () => {
    const { clock, circuit, fail } = make()
    for (let round = 0; round < 3; round++) fail()
    const waits: number[] = []
    for (let round = 0; round < 6; round++) {
      const wait = (circuit.state.retryAt ?? 0) - clock.now
      waits.push(wait)
      clock.now += wait
      fail()
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  it('counts questions that were under way together once', () => {
    const { circuit } = make()
    const tickets = [circuit.enter(), circuit.enter(), circuit.enter(), circuit.enter()]
    for (const ticket of tickets) circuit.failed(new PrometheusError('unreachable', 'a blip'), ticket)
    expect(circuit.state.state).toBe('closed')
  })

  it('takes an answer for an answer, even one that refuses', () => {
    const { circuit, fail } = make()
    for (const kind of [
      'unreachable',
      'timeout',
      'bad-query',
      'unreachable',
      'overloaded',
      'timeout',
      'timeout',
    ] as const)
      fail(kind)
    expect(circuit.state.state).toBe('closed')
  })

  it('tries again when nobody waited for the end of the try', () => {
    const { clock, circuit, fail } = make()
    for (let round = 0; round < 3; round++) fail()
    clock.now = 2_000
    circuit.enter()
    circuit.abandoned()
    expect(() => circuit.enter()).not.toThrow()
  })
})
