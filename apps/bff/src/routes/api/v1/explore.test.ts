import {
  monitoringPaths,
  type ExploreAnswer,
  type ExploreMetrics,
  type ExploreNames,
  type Problem,
  type RecordingRules,
} from '@meshdeck/contract'
import { fleetNamed } from '@meshdeck/sandbox'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const LOOKER = 'looker@example.com'
const GROUP = 'rbac.authorization.k8s.io'
/** Fleets, and their first queries, take their time on a machine that has other things to do. */
const START = 60_000
vi.setConfig({ testTimeout: 30_000 })
let fleet: SandboxHub
let app: BffApp

/** A mesh over two clusters, and one whose Prometheus is that of a cluster of the other; somebody may see one cluster only. */
beforeAll(async () => {
  const demo = fleetNamed('demo', 1)
  fleet = await startSandboxHub({ ...demo, people: [...demo.people, { id: 'looker', username: LOOKER, groups: [] }] })
  const hub = fleet.client('hub')
  const address = (name: string) => fleet.sandbox.prometheus.get(name)?.url ?? ''
  for (const [name, url] of [
    ['east-1', address('east-1')],
    ['east-2', address('east-2')],
    ['west-1', address('east-1')],
  ] as const) {
    const record = clusterRecord(name)
    await hub.create('Cluster', { ...record, spec: { ...record.spec, prometheus: { url } } })
  }
  await hub.create('Mesh', meshRecord('shop', ['east-1', 'east-2']))
  await hub.create('Mesh', meshRecord('billing', ['west-1']))
  for (const cluster of ['hub', 'east-2', 'west-1']) {
    const { cluster: api } = fleet.sandbox.cluster(cluster)
    api.create(`${GROUP}/clusterroles`, {
      apiVersion: `${GROUP}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'look' },
      rules: [{ apiGroups: ['', 'meshdeck.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    })
    api.create(`${GROUP}/clusterrolebindings`, {
      apiVersion: `${GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'look' },
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'look' },
      subjects: [{ kind: 'User', name: LOOKER, apiGroup: GROUP }],
    })
  }
  app = await fleet.start({ modes: ['local', 'bearer'] })
}, START)
afterAll(() => fleet.close())

const looker = () => ({ ...LOCAL, authorization: `Bearer ${fleet.sandbox.cluster('hub').token('looker')}` })
const ask = (path: string, query: Record<string, string> = {}, headers: Record<string, string> = LOCAL) =>
  app.inject({ url: `${path}?${new URLSearchParams(query)}`, headers })
const UP = 'sum by (reporter) (rate(istio_requests_total[1m]))'

describe('a query of the reader’s own', () => {
  it('is asked of every Prometheus, and answered by cluster', async () => {
    const answer = await ask(monitoringPaths.explore('shop'), { query: UP, range: '600' })
    expect(answer.statusCode, answer.body).toBe(200)
    const { series, total, failures } = answer.json<ExploreAnswer>()
    expect(failures).toEqual([])
    expect(total).toBe(4)
    expect(series.map(({ cluster, labels }) => `${cluster} ${labels['reporter']}`).toSorted()).toEqual([
      'east-1 destination',
      'east-1 source',
      'east-2 destination',
      'east-2 source',
    ])
    expect(series[0]?.points.length).toBeGreaterThan(3)
  })

  it('is cut to what matters most, and says so', async () => {
    const query = { query: 'istio_request_bytes_bucket', range: '300', cluster: 'east-1' }
    const { series, total } = (await ask(monitoringPaths.explore('shop'), query)).json<ExploreAnswer>()
    expect(series).toHaveLength(100)
    expect(total).toBeGreaterThan(100)
  })

  it.each([
    ['sum(', /parse error|unexpected/],
    ['istio_requests_total[5m]', /range vector|invalid/],
  ])('is refused in the words of Prometheus: %s', async (query, words) => {
    const answer = await ask(monitoringPaths.explore('shop'), { query })
    expect(answer.json<Problem>()).toMatchObject({ code: 'invalid-input', status: 400, fields: [{ field: 'query' }] })
    expect(answer.json<Problem>().detail).toMatch(words)
  })

  it('is not asked where the reader may not see all of the cluster', async () => {
    const answer = await ask(monitoringPaths.explore('shop'), { query: UP, range: '600' }, looker())
    const { series, failures } = answer.json<ExploreAnswer>()
    expect(new Set(series.map(({ labels }) => labels['reporter']))).toEqual(new Set(['source', 'destination']))
    expect(failures).toMatchObject([{ cluster: 'east-1', problem: { code: 'forbidden' } }])
    const east2 = await ask(monitoringPaths.explore('shop'), { query: UP, range: '600', cluster: 'east-2' })
    expect(series.map(({ labels }) => labels)).toEqual(east2.json<ExploreAnswer>().series.map(({ labels }) => labels))
  })

  it('is not asked of a Prometheus that holds a cluster which the reader may not see', async () => {
    const mine = await ask(monitoringPaths.explore('billing'), { query: UP }, looker())
    expect(mine.json<Problem>()).toMatchObject({ code: 'forbidden', status: 403, cluster: 'west-1' })
    expect((await ask(monitoringPaths.explore('billing'), { query: UP })).statusCode).toBe(200)
  })
})

describe('names for the editor', () => {
  it('are metrics, labels of a metric, and values of a label, with what a metric is', async () => {
    const names = async (query: Record<string, string>) =>
      (await ask(monitoringPaths.exploreNames('shop'), query)).json<ExploreNames>().names
    expect(await names({ label: '__name__' })).toEqual(expect.arrayContaining(['istio_requests_total', 'pilot_xds']))
    expect(await names({ metric: 'pilot_xds_pushes' })).toEqual(expect.arrayContaining(['app', 'type']))
    expect(await names({ metric: 'pilot_xds_pushes', label: 'type' })).toEqual(['cds', 'eds', 'lds', 'rds'])
    const { metrics } = (await ask(monitoringPaths.exploreMetrics('shop'))).json<ExploreMetrics>()
    expect(metrics['pilot_xds_pushes']).toMatchObject({ type: 'counter' })
  })

  it('are for those who may see the whole', async () => {
    const answer = await ask(monitoringPaths.exploreNames('billing'), {}, looker())
    expect(answer.statusCode).toBe(403)
    const bad = await ask(monitoringPaths.exploreNames('shop'), { label: 'a"b' })
    expect(bad.statusCode).toBe(400)
  })
})

describe('the recording rules', () => {
  it('are looked for in every Prometheus that the reader may see all of, with the series that there are', async () => {
    const { sources, failures } = (await ask(monitoringPaths.recordingRules('shop'))).json<RecordingRules>()
    expect(failures).toEqual([])
    expect(sources.map(({ clusters, state }) => [clusters, state])).toEqual([
      [['east-1'], 'absent'],
      [['east-2'], 'absent'],
    ])
    for (const { rawSeries, recordedSeries } of sources) {
      expect(rawSeries).toBeGreaterThan(100)
      expect(recordedSeries).toBeUndefined()
    }
    const mine = (await ask(monitoringPaths.recordingRules('shop'), {}, looker())).json<RecordingRules>()
    expect(mine.sources.map(({ clusters }) => clusters)).toEqual([['east-2']])
    expect(mine.failures).toMatchObject([{ cluster: 'east-1', problem: { code: 'forbidden' } }])
  })

  it('are handed out in both forms', async () => {
    const file = await app.inject({ url: monitoringPaths.recordingRulesFile('shop', 'file'), headers: LOCAL })
    const object = await app.inject({ url: monitoringPaths.recordingRulesFile('shop', 'operator'), headers: LOCAL })
    expect(file.headers['content-type']).toMatch(/^application\/yaml/)
    expect(parse(object.body)).toMatchObject({ kind: 'PrometheusRule', spec: parse(file.body) })
  })
})
