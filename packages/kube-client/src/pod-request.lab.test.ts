import { readFileSync } from 'node:fs'
import { labState } from '@meshdeck/lab'
import type { Pod } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConnection, type ClusterConnection } from './connection.ts'
import { KubeStatusError, PodTunnelError } from './errors.ts'
import type { Identity } from './identity.ts'
import { parseKubeconfig } from './kubeconfig.ts'
import { createResourceClient } from './resource-client.ts'

let connection: ClusterConnection
let istiod: { namespace: string; pod: string }
let people: Awaited<ReturnType<typeof labState>>['users']

const as = ({ name, groups }: { name: string; groups: readonly string[] }): Identity => ({
  kind: 'impersonate',
  username: name,
  groups,
})

beforeAll(async () => {
  const state = await labState()
  people = state.users
  connection = createConnection(parseKubeconfig(readFileSync(state.kubeconfig, 'utf8'), { source: 'file' }))
  const client = createResourceClient(connection, { kind: 'stored' })
  const { items } = await client.list<Pod>('Pod', { labelSelector: 'app=istiod' })
  const [pod] = items
  istiod = { namespace: pod?.metadata.namespace ?? '', pod: pod?.metadata.name ?? '' }
})

afterAll(() => connection.close())

describe('requests to pods through a real API server', () => {
  it('reach the debug interface of a real istiod, as an impersonated caller', async () => {
    const call = { ...istiod, port: 15_014, path: '/debug/syncz', identity: as(people.admin) }
    const { status, contentType, body } = await connection.requestPod(call)
    expect(status).toBe(200)
    expect(contentType).toContain('json')
    expect(Array.isArray(JSON.parse(body))).toBe(true)
  })

  it('carry long answers whole', async () => {
    const { body } = await connection.requestPod({ ...istiod, port: 15_014, path: '/metrics' })
    expect(body.length).toBeGreaterThan(10_000)
    expect(body.trimEnd().split('\n').at(-1)).toMatch(/^\S+(\{.*\})? \S+$/)
  })

  it('are refused, with the right that is missing, to who may only look', async () => {
    const call = connection.requestPod({ ...istiod, port: 15_014, path: '/debug/syncz', identity: as(people.viewer) })
    const error = await call.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(KubeStatusError)
    expect(error).toMatchObject({ httpStatus: 403 })
    expect(String(error)).toContain('cannot get resource "pods/portforward" in API group "" in the namespace')
  })

  it('say that nothing listens on a port, and that there is no such pod', async () => {
    const closed = await connection
      .requestPod({ ...istiod, port: 15_999, path: '/' })
      .catch((reason: unknown) => reason)
    expect(closed).toBeInstanceOf(PodTunnelError)
    expect(closed).toMatchObject({ reason: 'port-closed' })
    const gone = await connection
      .requestPod({ ...istiod, pod: 'nobody', port: 15_014, path: '/' })
      .catch((reason: unknown) => reason)
    expect(gone).toMatchObject({ httpStatus: 404, message: 'pods "nobody" not found' })
  })
})
