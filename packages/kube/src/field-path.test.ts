import { describe, expect, it } from 'vitest'
import { readPath } from './field-path.ts'

describe('readPath', () => {
  const gateway = { spec: { servers: [{ hosts: ['a', 'b'] }, {}, { hosts: ['c'] }], selector: { istio: 'ingress' } } }
  it('gathers over arrays', () => expect(readPath(gateway, 'spec.servers.*.hosts')).toEqual(['a', 'b', 'c']))
  it('reads a plain path', () => expect(readPath(gateway, 'spec.selector.istio')).toBe('ingress'))
  it('gives undefined for what is not there, whatever stands in the way', () => {
    expect(readPath(gateway, 'spec.servers.name')).toBeUndefined()
    expect(readPath('text', 'spec.x')).toBeUndefined()
    expect(readPath(gateway, 'status.addresses.*.value')).toEqual([])
  })
})
