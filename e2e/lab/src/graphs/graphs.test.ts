import { describe, expect, it } from 'vitest'
import { graphObjects } from '../graph-objects.ts'
import { GRAPHS, graphFor, graphNamed } from './index.ts'

describe.each(Object.entries(GRAPHS))('the graph %s', (_, graph) => {
  const keys = graph.workloads.map(({ namespace, name }) => `${namespace}/${name}`)

  it('names each workload once, in a namespace that it declares or that Istio made', () => {
    expect(new Set(keys).size).toBe(keys.length)
    const namespaces = graph.namespaces.map(({ name }) => name)
    for (const { namespace, exists } of graph.workloads) expect(exists || namespaces.includes(namespace)).toBe(true)
  })

  it('has edges between workloads that are there, and calls only what listens', () => {
    for (const { from, to } of graph.edges) {
      expect(keys).toContain(from)
      if (!('workload' in to)) continue
      expect(keys).toContain(to.workload)
      expect(graph.workloads[keys.indexOf(to.workload)]?.port).toBeDefined()
    }
  })

  it('loses no more requests than there are', () => {
    for (const edge of graph.edges) {
      if (edge.protocol === 'tcp') continue
      const failed = (edge.failures ?? []).reduce((sum, { share }) => sum + share, 0)
      expect(failed).toBeLessThan(1)
      expect(edge.latencyMs.p99).toBeGreaterThan(edge.latencyMs.median)
    }
  })

  it('becomes objects: each namespace before what lives in it, one Service per app, nothing twice', () => {
    const objects = graphObjects(graph).map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
    )
    expect(new Set(objects.filter((one) => !one.startsWith('ServiceAccount'))).size).toBe(
      objects.filter((one) => !one.startsWith('ServiceAccount')).length,
    )
    for (const { namespace, exists } of graph.workloads) {
      if (exists) continue
      expect(objects.indexOf(`Namespace /${namespace}`)).toBeGreaterThanOrEqual(0)
      expect(objects.indexOf(`Namespace /${namespace}`)).toBeLessThan(
        objects.findIndex((one) => one.includes(` ${namespace}/`)),
      )
    }
    const apps = new Set(
      graph.workloads
        .filter(({ port, exists }) => port && !exists)
        .map(({ namespace, app }) => `Service ${namespace}/${app}`),
    )
    expect(new Set(objects.filter((one) => one.startsWith('Service ')))).toEqual(apps)
  })
})

it('the first cluster gets the shop, and every other the stock', () => {
  expect([0, 1, 5].map(graphFor)).toEqual(['shop', 'stock', 'stock'])
  expect(() => graphNamed('nothing')).toThrow('no graph "nothing"; there are shop, stock')
})
