import type { MeshOverview } from '@meshdeck/contract'
import { describe, expect, it } from 'vitest'
import { attentionOf, type AttentionInput } from './attention.ts'

const NOW = Date.parse('2026-11-29T00:00:00Z')
const inDays = (days: number): string => new Date(NOW + days * 86_400_000).toISOString()
const mesh: MeshOverview['mesh'] = {
  name: 'shop',
  mode: 'Dedicated',
  phase: 'Running',
  version: '1.30.3',
  namespace: 'istio-system',
  controlPlaneCluster: 'alpha',
  clusters: [{ name: 'alpha', state: 'reachable' }],
  conditions: [],
  protected: false,
  counters: { clusters: { healthy: 1, total: 1 } },
}
const keysOf = (input: Partial<AttentionInput>, more: Partial<MeshOverview['mesh']> = {}): string[] =>
  attentionOf({
    overview: { mesh: { ...mesh, ...more }, components: [], failures: [] },
    findings: undefined,
    pending: undefined,
    certificates: [],
    now: NOW,
    ...input,
  }).map(({ key, tone }) => `${tone} ${key}`)

describe('what needs attention', () => {
  it('is nothing in a mesh that is well, nor while nothing is known', () => {
    expect(keysOf({})).toEqual([])
    expect(keysOf({ findings: { error: 0, warning: 0, info: 9 }, pending: 0 })).toEqual([])
  })

  it('is told with the worst first', () => {
    const counters = {
      ...mesh.counters,
      services: { healthy: 3, total: 5 },
      proxyVersions: [
        { version: '1.30.3-distroless', pods: 4 },
        { version: '1.29.6', pods: 2 },
      ],
    }
    const all = { phase: 'Degraded', protected: true, upgrade: '1.30.4', counters } as const
    expect(keysOf({ findings: { error: 1, warning: 2, info: 0 }, pending: 3 }, all)).toEqual([
      'error phase.Degraded',
      'error findings.error',
      'warning findings.warning',
      'warning services',
      'warning pending',
      'warning outdated',
      'info upgrade',
      'info protected',
    ])
  })

  it('is a certificate that ends within 30 days, and one that has ended', () => {
    const certificate = (days: number) =>
      ({ what: 'root', source: 'cacerts', cluster: 'a', notAfter: inDays(days) }) as const
    expect(keysOf({ certificates: [certificate(31), certificate(29), certificate(-1)] })).toEqual([
      'error certificate.ended.root',
      'warning certificate.ends.root',
    ])
  })
})
