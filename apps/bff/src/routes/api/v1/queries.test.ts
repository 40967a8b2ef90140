import { queryPaths, type Problem, type QueryOverview } from '@meshdeck/contract'
import { fleetNamed } from '@meshdeck/sandbox'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { DEFAULT_LIMITS } from '../../../lib/prometheus/governor/query-limits.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const LOOKER = 'looker@example.com'
const GROUP = 'rbac.authorization.k8s.io'
const START = 60_000
vi.setConfig({ testTimeout: 30_000 })
let fleet: SandboxHub
let app: BffApp

/** Two clusters that share a Prometheus, written in two ways, and one whose credential is not there; somebody sees one cluster only. */
beforeAll(async () => {
  const demo = fleetNamed('demo', 1)
  fleet = await startSandboxHub({ ...demo, people: [...demo.people, { id: 'looker', username: LOOKER, groups: [] }] })
  const hub = fleet.client('hub')
  const address = fleet.sandbox.prometheus.get('east-1')?.url ?? ''
  for (const [name, prometheus] of [
    ['east-1', { url: address }],
    ['east-2', { url: `${address}/` }],
    ['west-1', { url: address, auth: { secretRef: { name: 'gone' } } }],
  ] as const) {
    const record = clusterRecord(name)
    await hub.create('Cluster', { ...record, spec: { ...record.spec, prometheus } })
  }
  await hub.create('Mesh', meshRecord('shop', ['east-1', 'east-2']))
  const { cluster: api } = fleet.sandbox.cluster('east-1')
  api.create(`${GROUP}/clusterroles`, {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'look' },
    rules: [{ apiGroups: [''], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
  })
  api.create(`${GROUP}/clusterrolebindings`, {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'look' },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'look' },
    subjects: [{ kind: 'User', name: LOOKER, apiGroup: GROUP }],
  })
  app = await fleet.start({ modes: ['local', 'bearer'], queryLimits: { ...DEFAULT_LIMITS, maxSamples: 100_000 } })
}, START)
afterAll(() => fleet.close())

const read = async (headers: Record<string, string> = LOCAL) => app.inject({ url: queryPaths.load, headers })
const explore = (query: string, range: string) =>
  app.inject({
    url: `/api/v1/meshes/shop/monitoring/-explore?${new URLSearchParams({ query, range })}`,
    headers: LOCAL,
  })

describe('the overview of queries', () => {
  it('has one Prometheus for all clusters that name it, with what it is and what was asked of it', async () => {
    expect((await explore('sum(up{job="very-secret"})', '600')).statusCode).toBe(200)
    const answer = await read()
    expect(answer.statusCode, answer.body).toBe(200)
    const { servers, limits, hidden } = answer.json<QueryOverview>()
    expect(hidden).toBe(0)
    expect(limits.find(({ flag }) => flag === 'prometheus-max-samples')).toMatchObject({ value: 100_000 })
    expect(servers.map(({ clusters }) => clusters)).toEqual([['east-1', 'east-2'], ['west-1']])
    expect(servers[0]).toMatchObject({
      make: 'Prometheus',
      version: '2.42.0',
      load: { circuit: { state: 'closed' }, slowest: [{ shape: 'sum(up{job="…"})' }] },
    })
    expect(servers[0]?.series).toBeGreaterThan(100)
    expect(Math.abs(servers[0]?.skewSeconds ?? 99)).toBeLessThan(5)
    expect(servers[1]?.problem).toMatchObject({ detail: expect.stringMatching(/gone/) })
    expect(answer.body).not.toContain('very-secret')
  })

  it('counts what was refused, which says why and what to do', async () => {
    const answer = await explore('sum(rate({__name__=~".+"}[1m]))', '86400')
    expect(answer.json<Problem>()).toMatchObject({
      code: 'prometheus-query-too-costly',
      status: 422,
      detail: expect.stringMatching(/at most 100,000 are allowed\. Choose fewer namespaces/),
      params: { limit: 100_000 },
    })
    const { servers } = (await read()).json<QueryOverview>()
    expect(servers[0]?.load?.minutes.at(-1)?.refused.cost).toBeGreaterThan(0)
    const metrics = (await app.inject({ url: '/metrics', headers: LOCAL })).body
    const { host } = new URL(fleet.sandbox.prometheus.get('east-1')?.url ?? '')
    expect(metrics).toContain(`meshdeck_bff_prometheus_refused_total{prometheus="${host}",reason="cost"}`)
    expect(metrics).toMatch(/meshdeck_bff_prometheus_query_duration_seconds_count\{prometheus="[^"]+"\} \d+/)
    expect(metrics).toContain(`meshdeck_bff_prometheus_up{prometheus="${host}"} 1`)
  })

  it('is for those who may see all clusters of a Prometheus', async () => {
    const looker = { ...LOCAL, authorization: `Bearer ${fleet.sandbox.cluster('hub').token('looker')}` }
    const answer = await read(looker)
    expect(answer.json<Problem>()).toMatchObject({ code: 'forbidden', missing: { resource: 'services' } })
  })
})
