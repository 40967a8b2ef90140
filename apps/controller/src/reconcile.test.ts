import type { ServerResponse } from 'node:http'
import { isRecord } from '@meshdeck/kube'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics/controller-metrics.ts'
import { reconcileUntil } from './reconcile.ts'
import { sendJson, sendStatus, startEdgeServer, type EdgeRequest, type EdgeServer } from './testing/edge-server.ts'

const API = '/apis/meshdeck.io/v1alpha1'
const HOUR_MS = 3_600_000

const object = (kind: string, name: string, spec: object) => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind,
  metadata: { name, uid: name, generation: 1, resourceVersion: '1' },
  spec,
})
const cluster = object('Cluster', 'prod', { access: { kubeconfigContext: 'prod' } })
const mesh = object('Mesh', 'shop', { mode: 'External', controlPlane: { cluster: 'prod' } })

let hub: EdgeServer
let log = ''
let stop: () => Promise<void>
afterEach(async () => {
  await stop()
  await hub.close()
})

/** A hub with one Cluster and one Mesh. `answer` stands in for some of its answers; `statuses` are those written to it. */
async function start(answer: (request: EdgeRequest, response: ServerResponse) => boolean) {
  const statuses: unknown[] = []
  log = ''
  hub = await startEdgeServer((request, response) => {
    const { method, path, url, body } = request
    if (answer(request, response)) return
    if (url.searchParams.has('watch')) return void response.writeHead(200).flushHeaders()
    if (path.endsWith('/status')) statuses.push(isRecord(body) ? body['status'] : undefined)
    if (method === 'PATCH') return sendJson(response, body)
    if (path === `${API}/clusters`) return sendJson(response, { metadata: { resourceVersion: '1' }, items: [cluster] })
    if (path === `${API}/meshes`) return sendJson(response, { metadata: { resourceVersion: '1' }, items: [mesh] })
    if (path === `${API}/clusters/prod`) return sendJson(response, cluster)
    if (path === `${API}/meshes/shop`) return sendJson(response, mesh)
    sendStatus(response, 404, 'NotFound')
  })
  const term = new AbortController()
  const ended = reconcileUntil(term.signal, {
    hub: hub.connection,
    policy: {},
    resyncMs: HOUR_MS,
    logger: createLogger('info', { write: (line) => void (log += line) }),
    metrics: createMetrics(),
  })
  stop = () => {
    term.abort()
    return ended
  }
  const times = (request: string): number => hub.requests.filter((one) => one === request).length
  return { statuses, times }
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 10 })

describe('the leader’s work', () => {
  it('calls no mesh broken as long as the Clusters of the hub are not known', async () => {
    const { statuses, times } = await start(({ path }, response) => {
      if (path !== `${API}/clusters`) return false
      sendStatus(response, 403, 'clusters.meshdeck.io is forbidden')
      return true
    })
    // It is asked for again and again, and nothing is said of it.
    await until(() => expect(times(`GET ${API}/meshes/shop`)).toBeGreaterThan(1))
    expect(statuses).toEqual([])
    expect(log).toContain('the Clusters of the hub are not known')
  })

  it('looks again soon at a cluster that is not well, long before the resync', async () => {
    const { statuses, times } = await start(() => false)
    await until(() => expect(times(`GET ${API}/clusters/prod`)).toBeGreaterThan(1))
    expect(statuses).toContainEqual(
      expect.objectContaining({
        observedGeneration: 1,
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'Reachable', status: 'False', reason: 'CredentialNotHere' }),
        ]),
      }),
    )
    expect(statuses).toContainEqual(expect.objectContaining({ phase: 'Pending' }))
  })

  it('writes again what the hub refused for a conflict', async () => {
    let conflicts = 0
    const { statuses } = await start(({ path }, response) => {
      if (path !== `${API}/meshes/shop/status` || conflicts > 0) return false
      conflicts++
      sendStatus(response, 409, 'please apply your changes to the latest version')
      return true
    })
    await until(() => expect(statuses).toContainEqual(expect.objectContaining({ phase: 'Pending' })))
    expect(conflicts).toBe(1)
  })
})
