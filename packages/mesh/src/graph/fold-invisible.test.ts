import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'
import { foldInvisible } from './fold-invisible.ts'
import { sample, samplesOf } from './sample-fixtures.ts'

const secret = { fromNamespace: 'secret', from: 'vault-v1' }
const toSecret = { toNamespace: 'secret', to: 'vault-v1' }
const outward = { to: 'unknown', host: 'bank.example.com' }

const graph = assembleGraph(
  samplesOf({
    requests: [
      sample(1),
      sample(2, toSecret),
      sample(4, { toNamespace: 'secret', to: 'safe-v1', labels: { response_code: '500' } }),
      sample(8, { ...secret, to: 'safe-v1', toNamespace: 'secret' }),
      sample(16, { ...secret, ...outward }),
      sample(32, { to: 'unknown', host: 'api.example.com' }),
    ],
    tcpSent: [sample(100, secret)],
  }),
  { view: 'workload' },
)
const canSee = (namespace: string) => namespace !== 'secret'

describe('foldInvisible', () => {
  const folded = foldInvisible(graph, canSee)

  it('changes nothing for those who may see all', () => {
    expect(foldInvisible(graph, () => true)).toBe(graph)
  })

  it('names nothing that is hidden, not even what only the hidden call', () => {
    expect(JSON.stringify(folded)).not.toMatch(/secret|vault|safe|bank/)
    expect(folded.nodes.map(({ id }) => id)).toEqual([
      'external:api.example.com',
      'other',
      'workload:c1/shop/frontend-v1',
      'workload:c1/shop/reviews-v1',
    ])
  })

  it('adds up what became one edge', () => {
    const edge = folded.edges.find(({ target }) => target === 'other')
    expect(edge).toMatchObject({ requestRate: 6, codes: { '200': 2, '500': 4 }, health: 'critical' })
    expect(edge?.errorRate).toBeCloseTo(4 / 6)
    expect(edge).not.toHaveProperty('host')
    expect(folded.edges.find(({ source }) => source === 'other')).toMatchObject({ protocol: 'tcp', sentRate: 100 })
  })

  it('leaves what the hidden do among themselves out of every number', () => {
    expect(folded.totals.requestRate).toBe(1 + 2 + 4 + 32)
    expect(folded.nodes.find(({ id }) => id === 'other')?.outbound).toEqual({ requestRate: 0, bytesRate: 100 })
  })

  it('shows nobody anything', () => {
    expect(foldInvisible(graph, () => false)).toMatchObject({ nodes: [], edges: [] })
  })

  it('never tells a hidden name, whoever calls whom', () => {
    const workload = fc.record({ name: fc.constantFrom('one', 'two'), hidden: fc.boolean() })
    const calls = fc.array(fc.record({ from: workload, to: workload, external: fc.boolean() }), { maxLength: 12 })
    fc.assert(
      fc.property(calls, (list) => {
        const requests = list.map(({ from, to, external }) => {
          const place = (hidden: boolean) => (hidden ? 'hidden' : 'open')
          const call = { from: `${place(from.hidden)}${from.name}`, fromNamespace: place(from.hidden) }
          return external
            ? sample(1, { ...call, to: 'unknown', host: `${place(from.hidden)}.example.com` })
            : sample(1, { ...call, to: `${place(to.hidden)}${to.name}`, toNamespace: place(to.hidden) })
        })
        for (const view of ['workload', 'service', 'version', 'namespace'] as const) {
          const whole = assembleGraph(samplesOf({ requests }), { view })
          expect(JSON.stringify(foldInvisible(whole, (namespace) => namespace === 'open'))).not.toContain('hidden')
        }
      }),
    )
  })
})
