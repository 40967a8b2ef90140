import type { MonitoringPanel } from '@meshdeck/contract'
import { findDashboard, panelsOf, type Panel } from '@meshdeck/mesh/monitoring'
import { describe, expect, it } from 'vitest'
import { grafanaExplore, isOutsideLink, traceOf, tracesOf } from '../../lib/outside-links.ts'
import { panelCsv } from './panel-csv.ts'
import { seriesName } from './series-name.ts'
import { sortedBy, toFigureTable } from './table-rows.ts'

const panelOf = (dashboard: string, id: string): Panel => {
  const found = findDashboard(dashboard)
  const panel = found && panelsOf(found).find((each) => each.id === id)
  if (panel === undefined) throw new Error(`no panel ${id}`)
  return panel
}
const words = { query: (id: string) => `<${id}>`, secured: 'mTLS', plain: 'plain' }

describe('seriesName', () => {
  it('is made of labels, namespaces behind their names', () => {
    const panel = panelOf('services', 'clients-requests')
    const labels = {
      source_workload: 'web-v1',
      source_workload_namespace: 'shop',
      response_code: '503',
      connection_security_policy: 'none',
      cluster: 'east-1',
    }
    expect(seriesName(panel, { query: 'requests', labels, points: [] }, words)).toBe(
      'web-v1.shop · 503 · east-1 · plain',
    )
  })

  it('has the name of its query where labels do not tell it from others', () => {
    expect(seriesName(panelOf('performance', 'cpu'), { query: 'ingress', labels: {}, points: [] }, words)).toBe(
      '<ingress>',
    )
    const labels = { destination_service: 'cart.shop.svc.cluster.local', connection_security_policy: 'unknown' }
    expect(seriesName(panelOf('workloads', 'outbound-success'), { query: 'success', labels, points: [] }, words)).toBe(
      'cart.shop',
    )
  })
})

describe('panelCsv', () => {
  it('has a row for each point, and lets no name become a formula', () => {
    const panel: MonitoringPanel = {
      id: 'p',
      queries: [],
      total: 2,
      hidden: 0,
      warnings: [],
      failures: [],
      series: [
        {
          query: 'requests',
          labels: { pod: '=1+1', type: 'a,"b"' },
          points: [
            [0, 1.5],
            [60, -2],
          ],
        },
        { query: 'requests', labels: { pod: 'p' }, points: [[0, 3]] },
      ],
    }
    expect(panelCsv(panel)).toBe(
      [
        'time,query,pod,type,value',
        `1970-01-01T00:00:00.000Z,requests,'=1+1,"a,""b""",1.5`,
        `1970-01-01T00:01:00.000Z,requests,'=1+1,"a,""b""",-2`,
        '1970-01-01T00:00:00.000Z,requests,p,,3',
        '',
      ].join('\r\n'),
    )
  })
})

describe('a table of figures', () => {
  const labels = (name: string) => ({ destination_workload: name })
  const { columns, rows } = toFigureTable(panelOf('mesh', 'httpWorkloads'), [
    { query: 'requests', labels: labels('a'), points: [[1, 5]] },
    { query: 'requests', labels: labels('b'), points: [[1, 9]] },
    { query: 'duration', labels: { ...labels('a'), quantile: 'p99' }, points: [[1, 40]] },
    { query: 'duration', labels: { ...labels('a'), quantile: 'p50' }, points: [[1, 10]] },
  ])

  it('has a column for each query and quantile, each in its unit', () => {
    expect(columns.map(({ id, unit }) => [id, unit])).toEqual([
      ['requests', 'requestsPerSecond'],
      ['duration p50', 'milliseconds'],
      ['duration p99', 'milliseconds'],
      ['success', 'share'],
    ])
  })

  it('is sorted by a column, what has no figure last either way', () => {
    const names = (column: string, descending: boolean) =>
      sortedBy(rows, column, descending).map((row) => row.labels['destination_workload'])
    expect(names('requests', true)).toEqual(['b', 'a'])
    expect(names('requests', false)).toEqual(['a', 'b'])
    expect(names('duration p99', true)).toEqual(['a', 'b'])
    expect(names('duration p99', false)).toEqual(['a', 'b'])
  })
})

describe('addresses outside', () => {
  it('cannot be left by what is put into them', () => {
    expect(tracesOf('https://t.example/{service}?a={from}&b={to}', { service: 'a/../b?&', from: 1, to: 2 })).toBe(
      'https://t.example/a%2F..%2Fb%3F%26?a=1000&b=2000',
    )
    const url = new URL(grafanaExplore('https://g.example', [{ id: 'a', promql: 'up{a="&b"}' }], { from: 1, to: 2 }))
    expect(JSON.parse(url.searchParams.get('left') ?? '')).toMatchObject({ queries: [{ expr: 'up{a="&b"}' }] })
  })

  it('lead to one trace where they have a place for it', () => {
    const about = { service: 'cart.shop', from: 1, to: 2 }
    const trace = '../a b?&'
    expect(traceOf('https://t.example/trace/{trace}?s={service}', { ...about, trace })).toBe(
      'https://t.example/trace/..%2Fa%20b%3F%26?s=cart.shop',
    )
    expect(traceOf('https://t.example/?s={service}', { ...about, trace })).toBeUndefined()
    // An address of single traces alone is none for a service.
    expect(tracesOf('https://t.example/trace/{trace}', about)).toBeUndefined()
    expect(tracesOf('https://t.example/?s={service}&t={trace}', about)).toBe('https://t.example/?s=cart.shop&t=')
    expect(tracesOf('https://t.example/', about)).toBe('https://t.example/')
  })

  it('are of the web alone', () => {
    expect(['https://t.example/{service}', 'http://localhost:3000', 'http://[::1]:3000/a'].map(isOutsideLink)).toEqual([
      true,
      true,
      true,
    ])
    expect(
      [
        'javascript:alert(1)',
        'ftp://a',
        'https://',
        'https://a b',
        'data:text/html,x',
        `https://a/${'x'.repeat(2_048)}`,
      ].map(isOutsideLink),
    ).toEqual([false, false, false, false, false, false])
  })
})
