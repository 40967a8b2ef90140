import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClusterRegistry } from './cluster-registry.ts'
import { createConnection } from './connection.ts'
import { sendJson, sendStatus, startFakeApiServer } from './testing/fake-api-server.ts'

const ALPHA = {
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'alpha', resourceVersion: '1' },
  spec: { access: { secretRef: { name: 'cluster-alpha' } } },
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const part of open.splice(0)) await part.close()
})

it('ends at once, though the hub accepts a question and never answers it', async () => {
  const asked = Promise.withResolvers<void>()
  const server = await startFakeApiServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub')
    if (url.pathname.includes('/secrets/')) return asked.resolve()
    if (url.searchParams.has('watch')) return void response.writeHead(200).flushHeaders()
    sendJson(response, { kind: 'ClusterList', metadata: { resourceVersion: '1' }, items: [ALPHA] })
  })
  // No deadline of its own: only the end can end it.
  const hub = createConnection(server.spec, { name: 'hub', timeoutMs: 3_600_000 })
  const registry = createClusterRegistry({ hub })
  await registry.clusters.settled
  const connection = registry.connection('alpha')
  connection.catch(() => undefined)
  await asked.promise
  await registry.close()
  await expect(connection).rejects.toMatchObject({ name: 'AbortError' })
  await hub.close()
  await server.close()
})

describe('a credential that is changed on the hub', () => {
  const kubeconfigOf = (server: string, token: string): string =>
    JSON.stringify({
      kind: 'Config',
      clusters: [{ name: 'x', cluster: { server } }],
      users: [{ name: 'x', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    })

  /** A hub with one Cluster and the Secret that it names, and the cluster itself, which tells who asks. */
  async function start() {
    const tokens: (string | undefined)[] = []
    const alpha = await startFakeApiServer((request, response) => {
      tokens.push(request.headers.authorization)
      sendJson(response, { gitVersion: 'v1.36.3' })
    })
    let version = 1
    let secret: object | undefined
    const watches = new Set<ServerResponse>()
    const put = (token: string): void => {
      const type = secret === undefined ? 'ADDED' : 'MODIFIED'
      secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: 'meshdeck-system', name: 'cluster-alpha', resourceVersion: String(++version) },
        data: { kubeconfig: Buffer.from(kubeconfigOf(alpha.spec.server, token)).toString('base64') },
      }
      for (const watch of watches) watch.write(`${JSON.stringify({ type, object: secret })}\n`)
    }
    const hubServer = await startFakeApiServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://hub')
      const secrets = url.pathname.includes('/secrets')
      if (url.searchParams.has('watch')) {
        response.writeHead(200).flushHeaders()
        return secrets ? void watches.add(response) : undefined
      }
      if (url.pathname.endsWith('/secrets/cluster-alpha'))
        return secret ? sendJson(response, secret) : sendStatus(response, 404, 'secrets "cluster-alpha" not found')
      const items = secrets ? [secret].filter(Boolean) : [ALPHA]
      sendJson(response, { metadata: { resourceVersion: String(version) }, items })
    })
    const hub = createConnection(hubServer.spec, { name: 'hub' })
    const registry = createClusterRegistry({ hub, allowLoopback: true })
    await registry.clusters.settled
    const told: string[] = []
    registry.onChange((name, what) => void (what === 'credential' && told.push(name)))
    open.push(registry, hub, hubServer, alpha)
    return { registry, put, told, tokens, watching: () => vi.waitFor(() => expect(watches.size).toBe(1)) }
  }

  it('is used from the next request on, and told to whoever holds the old connection', async () => {
    const { registry, put, told, tokens, watching } = await start()
    put('old')
    const before = await registry.connection('alpha')
    await before?.request({ path: '/version' })
    await watching()
    expect(told).toEqual([])
    put('new')
    await vi.waitFor(() => expect(told).toEqual(['alpha']))
    const after = await registry.connection('alpha')
    await after?.request({ path: '/version' })
    expect(tokens).toEqual(['Bearer old', 'Bearer new'])
    expect(await registry.kubeconfig('alpha')).toContain('token: new')
    await expect(before?.request({ path: '/version' })).rejects.toMatchObject({ reason: 'closed' })
  })

  it('is told when it comes to a cluster that had none', async () => {
    const { registry, put, told, watching } = await start()
    await expect(registry.connection('alpha')).rejects.toMatchObject({ code: 'secret-missing' })
    await watching()
    put('first')
    await vi.waitFor(() => expect(told).toEqual(['alpha']))
    expect(await registry.kubeconfig('alpha')).toContain('token: first')
  })
})
