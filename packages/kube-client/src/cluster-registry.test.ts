import { expect, it } from 'vitest'
import { createClusterRegistry } from './cluster-registry.ts'
import { createConnection } from './connection.ts'
import { sendJson, startFakeApiServer } from './testing/fake-api-server.ts'

it('ends at once, though the hub accepts a question and never answers it', async () => {
  const asked = Promise.withResolvers<void>()
  const cluster = {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'alpha', resourceVersion: '1' },
    spec: { access: { secretRef: { name: 'cluster-alpha' } } },
  }
  const server = await startFakeApiServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub')
    if (url.pathname.includes('/secrets/')) return asked.resolve()
    if (url.searchParams.has('watch')) return void response.writeHead(200).flushHeaders()
    sendJson(response, { kind: 'ClusterList', metadata: { resourceVersion: '1' }, items: [cluster] })
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
