import type { Condition, KubeResource } from '@meshdeck/kube'
import { afterEach, describe, expect, it } from 'vitest'
import { sendJson, sendStatus, startEdgeServer, type EdgeRequest, type EdgeServer } from '../testing/edge-server.ts'
import { writeStatus } from './write-status.ts'

const mesh: KubeResource & { status?: { conditions?: Condition[]; phase?: string } } = {
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop', uid: 'u1', resourceVersion: '7' },
  status: { conditions: [], phase: 'Running' },
}
const signal = new AbortController().signal

let server: EdgeServer | undefined
afterEach(() => server?.close())

async function write(code: number, phase: string) {
  const seen: EdgeRequest[] = []
  const written: string[] = []
  server = await startEdgeServer((request, response) => {
    seen.push(request)
    if (code === 200) sendJson(response, request.body)
    else sendStatus(response, code, 'no')
  })
  const writer = { hub: server.client, onWrite: (kind: string, name: string) => written.push(`${kind} ${name}`) }
  const outcome = writeStatus(writer, 'Mesh', mesh, { conditions: [], phase }, signal)
  return { outcome, seen, written }
}

describe('writing a status', () => {
  it('applies it to the status alone, for this very object and no resourceVersion', async () => {
    const { outcome, seen, written } = await write(200, 'Degraded')
    await expect(outcome).resolves.toBe('done')
    expect(seen).toMatchObject([{ method: 'PATCH', path: '/apis/meshdeck.io/v1alpha1/meshes/shop/status' }])
    expect(Object.fromEntries(seen[0]?.url.searchParams ?? [])).toEqual({
      fieldManager: 'meshdeck-controller',
      force: 'true',
    })
    expect(seen[0]?.body).toEqual({
      apiVersion: 'meshdeck.io/v1alpha1',
      kind: 'Mesh',
      metadata: { name: 'shop', uid: 'u1' },
      status: { conditions: [], phase: 'Degraded' },
    })
    expect(written).toEqual(['Mesh shop'])
  })

  it('writes nothing when nothing is new', async () => {
    const { outcome, seen } = await write(200, 'Running')
    await expect(outcome).resolves.toBe('done')
    expect(seen).toEqual([])
  })

  it.each([
    [404, 'gone'],
    [409, 'retry'],
  ])('takes a %i for %s', async (code, expected) => {
    const { outcome, written } = await write(code, 'Degraded')
    await expect(outcome).resolves.toBe(expected)
    expect(written).toEqual([])
  })

  it('hands on what the hub says otherwise', async () => {
    const { outcome } = await write(403, 'Degraded')
    await expect(outcome).rejects.toMatchObject({ httpStatus: 403 })
  })
})
