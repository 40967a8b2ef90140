import type { ClusterStatus } from '@meshdeck/kube'
import { afterEach, describe, expect, it } from 'vitest'
import { sendJson, sendStatus, startEdgeServer, type EdgeServer } from '../testing/edge-server.ts'
import { readInventory } from './inventory.ts'

const signal = new AbortController().signal
const BEFORE: ClusterStatus = {
  clusterUid: 'before',
  nodes: 99,
  istio: [{ revision: 'before', version: '1.29.0', namespace: 'istio-system' }],
  platform: 'OpenShift',
}
const ISTIOD = {
  metadata: { name: 'istiod', namespace: 'istio-system' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'discovery', image: 'pilot:1.30.3' }] } } },
  status: { readyReplicas: 1 },
}
const FOUND = [{ revision: 'default', version: '1.30.3', namespace: 'istio-system', ready: 1, replicas: 1 }]

let server: EdgeServer | undefined
afterEach(() => server?.close())

/** A cluster that answers with an error for the last parts of some paths. */
async function read(errors: Readonly<Record<string, number>>, groups: readonly string[] = ['apps']) {
  server = await startEdgeServer(({ path, url }, response) => {
    const part = path.split('/').at(-1) ?? ''
    const code = errors[part]
    if (code !== undefined) return sendStatus(response, code, `no ${part}`)
    if (part === 'kube-system') return sendJson(response, { metadata: { name: part, uid: 'now' } })
    if (part === 'nodes')
      return sendJson(response, { metadata: { remainingItemCount: 4 }, items: [{ metadata: { name: 'n' } }] })
    if (part === 'apis') return sendJson(response, { groups: groups.map((name) => ({ name })) })
    const wanted = part === 'deployments' && url.searchParams.get('labelSelector') === 'app=istiod'
    sendJson(response, { metadata: {}, items: wanted ? [ISTIOD] : [] })
  })
  return readInventory(server.client, BEFORE, signal)
}

describe('inventory of a cluster', () => {
  it('is its uid, its nodes, and its Istio', async () => {
    expect(await read({})).toEqual({ clusterUid: 'now', nodes: 5, istio: FOUND, platform: 'Kubernetes' })
  })

  it('knows OpenShift by the groups that it serves', async () => {
    expect((await read({}, ['apps', 'config.openshift.io'])).platform).toBe('OpenShift')
    await server?.close()
    expect((await read({ apis: 403 })).platform).toBe('OpenShift')
  })

  it('goes without kinds that are not installed', async () => {
    expect((await read({ istiorevisions: 404 })).istio).toEqual(FOUND)
  })

  it('lacks what the credential may not read', async () => {
    const inventory = await read({ 'kube-system': 403, nodes: 403, deployments: 403 })
    expect(inventory).toEqual({ clusterUid: undefined, nodes: undefined, istio: undefined, platform: 'Kubernetes' })
  })

  it('keeps what was known of parts that the API server fails to give', async () => {
    const inventory = await read({ 'kube-system': 500, nodes: 500, deployments: 500, apis: 500 })
    expect(inventory).toEqual(BEFORE)
    await server?.close()
    expect((await read({ mutatingwebhookconfigurations: 500 })).istio).toEqual(BEFORE.istio)
  })

  it('tells of an istiod though the operator’s conversion webhook is down', async () => {
    expect((await read({ istiorevisions: 500 })).istio).toEqual(FOUND)
  })

  it('fails when the credential is refused, and when the cluster has gone', async () => {
    await expect(read({ nodes: 401 })).rejects.toMatchObject({ httpStatus: 401 })
    const gone = await startEdgeServer(() => undefined)
    await gone.close()
    await expect(readInventory(gone.client, BEFORE, signal)).rejects.toMatchObject({ name: 'ClusterUnreachableError' })
  })
})
