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
    policy: { allowLoopback: true },
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

  it('looks at once at a cluster whose credential was renewed, by the new one alone', async () => {
    const tokens: string[] = []
    let valid = 'old'
    const member = await startEdgeServer(({ path, headers, body }, response) => {
      if (path === '/version') tokens.push(headers.authorization ?? '')
      if (headers.authorization !== `Bearer ${valid}`) return sendStatus(response, 401, 'Unauthorized')
      if (path === '/version') return sendJson(response, { gitVersion: 'v1.36.3' })
      if (path.endsWith('accessreviews')) return sendJson(response, { ...Object(body), status: { allowed: true } })
      sendJson(response, { metadata: { resourceVersion: '1' }, items: [] })
    })
    const renewed = object('Cluster', 'prod', { access: { secretRef: { name: 'cluster-prod' } } })
    const secretOf = (token: string, resourceVersion: string) => ({
      metadata: { namespace: 'meshdeck-system', name: 'cluster-prod', resourceVersion },
      data: { kubeconfig: Buffer.from(kubeconfigOf(member.url, token)).toString('base64') },
    })
    let secret = secretOf('old', '1')
    let watch: ServerResponse | undefined
    const { statuses } = await start(({ path, url }, response) => {
      const watching = url.searchParams.has('watch')
      if (path === `${API}/clusters` && !watching) {
        sendJson(response, { metadata: { resourceVersion: '1' }, items: [renewed] })
      } else if (path === `${API}/clusters/prod`) sendJson(response, renewed)
      else if (path.endsWith('/secrets/cluster-prod')) sendJson(response, secret)
      else if (path.endsWith('/secrets') && watching) {
        watch = response
        response.writeHead(200).flushHeaders()
      } else if (path.endsWith('/secrets')) {
        sendJson(response, { metadata: { resourceVersion: '1' }, items: [secret] })
      } else return false
      return true
    })
    const isReached = expect.objectContaining({
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Reachable', status: 'True' })]),
    })
    await until(() => expect(statuses).toContainEqual(isReached))
    await until(() => expect(watch).toBeDefined())
    valid = 'new'
    secret = secretOf('new', '2')
    watch?.write(`${JSON.stringify({ type: 'MODIFIED', object: secret })}\n`)
    // The next look by itself would be an hour from now.
    await until(() => expect(tokens).toEqual(['Bearer old', 'Bearer new']))
    await member.close()
  })
})

const kubeconfigOf = (server: string, token: string): string =>
  JSON.stringify({
    kind: 'Config',
    clusters: [{ name: 'x', cluster: { server } }],
    users: [{ name: 'x', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
  })
