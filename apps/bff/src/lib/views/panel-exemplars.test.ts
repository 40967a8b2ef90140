import type { PanelExemplars } from '@meshdeck/mesh/monitoring'
import { expect, it } from 'vitest'
import { toPanelExemplars } from './panel-exemplars.ts'

const PANEL: PanelExemplars = { promql: () => '', by: ['source_workload', 'source_workload_namespace'], valued: true }
const SHOWN = { reporter: 'source', range: { from: 0, to: 100 }, visible: (name: string) => name !== 'secret' } as const
const exemplar = (traceId: string, workload: string, namespace = 'shop') => ({
  metric: { source_workload: workload, source_workload_namespace: namespace, le: '10', prometheus_replica: traceId },
  at: 50,
  value: 7,
  traceId,
})

it('shows a trace once on a line, whoever tells of it, and names the cluster where several were asked', () => {
  const parts = [
    { cluster: 'east', exemplars: [exemplar('a', 'web'), exemplar('a', 'web'), exemplar('a', 'cart')] },
    { cluster: 'west', exemplars: [exemplar('a', 'web'), exemplar('b', 'web')] },
  ]
  const labels = (workload: string) => ({ source_workload: workload, source_workload_namespace: 'shop' })
  expect(toPanelExemplars(PANEL, parts, SHOWN)).toEqual({
    exemplars: [
      { at: 50, value: 7, traceId: 'a', labels: { ...labels('web'), cluster: 'east' } },
      { at: 50, value: 7, traceId: 'a', labels: { ...labels('cart'), cluster: 'east' } },
      { at: 50, value: 7, traceId: 'b', labels: { ...labels('web'), cluster: 'west' } },
    ],
    total: 3,
    hidden: 0,
  })
  expect(toPanelExemplars(PANEL, [{ cluster: 'east', exemplars: [exemplar('a', 'web')] }], SHOWN).exemplars).toEqual([
    { at: 50, value: 7, traceId: 'a', labels: labels('web') },
  ])
})

it('counts those of namespaces that are not to be seen, and gives no value that is not in the panel’s unit', () => {
  const parts = [{ cluster: 'east', exemplars: [exemplar('a', 'web'), exemplar('b', 'spy', 'secret')] }]
  const answer = toPanelExemplars({ ...PANEL, valued: false }, parts, SHOWN)
  expect(answer).toMatchObject({ total: 1, hidden: 1 })
  expect(answer.exemplars).toEqual([
    { at: 50, traceId: 'a', labels: { source_workload: 'web', source_workload_namespace: 'shop' } },
  ])
})
