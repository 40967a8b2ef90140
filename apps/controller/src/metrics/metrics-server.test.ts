import { afterEach, expect, it } from 'vitest'
import { createMetrics } from './controller-metrics.ts'
import { startMetricsServer } from './metrics-server.ts'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

async function start(ready: () => boolean, port = 0) {
  const metrics = createMetrics()
  const server = await startMetricsServer({ registry: metrics.registry, ready, host: '127.0.0.1', port })
  close = server.close
  const get = async (path: string) => {
    const answer = await fetch(`${server.url}${path}`)
    return { status: answer.status, text: await answer.text() }
  }
  return { metrics, get, server }
}

it('serves what the controller did', async () => {
  const { metrics, get } = await start(() => true)
  metrics.reconciled('Cluster', { outcome: 'done', seconds: 0.2 })
  metrics.reconciled('Cluster', { outcome: 'retry', seconds: 0.2, error: new Error('x') })
  metrics.statusWritten('Mesh')
  metrics.leading(true)
  metrics.observeQueues(() => ({ Cluster: 3 }))
  const { text } = await get('/metrics')
  for (const line of [
    'meshdeck_controller_reconcile_total{kind="Cluster",result="done"} 1',
    'meshdeck_controller_reconcile_total{kind="Cluster",result="error"} 1',
    'meshdeck_controller_reconcile_duration_seconds_count{kind="Cluster"} 2',
    'meshdeck_controller_status_writes_total{kind="Mesh"} 1',
    'meshdeck_controller_leader 1',
    'meshdeck_controller_queue_depth{kind="Cluster"} 3',
    'process_resident_memory_bytes',
  ])
    expect(text).toContain(line)
})

it('is alive always, and ready when the hub was heard', async () => {
  let heard = false
  const { get } = await start(() => heard)
  expect([(await get('/healthz')).status, (await get('/readyz')).status]).toEqual([200, 503])
  heard = true
  expect([(await get('/readyz?verbose')).status, (await get('/other')).status]).toEqual([200, 404])
})

it('rejects when the port is taken', async () => {
  const { server } = await start(() => true)
  const { registry } = createMetrics()
  const port = Number(new URL(server.url).port)
  await expect(startMetricsServer({ registry, ready: () => true, host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
