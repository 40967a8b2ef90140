import { isRecord } from '@meshdeck/kube'
import { afterEach, describe, expect, it } from 'vitest'
import { sendJson, sendStatus, startEdgeServer, type EdgeServer } from '../testing/edge-server.ts'
import { checkPermissions } from './permissions.ts'

const signal = new AbortController().signal

let server: EdgeServer | undefined
afterEach(() => server?.close())

/** A cluster whose authoriser refuses what is named, as `verb resource`. */
async function check(refused: (right: string) => boolean) {
  const asked: string[] = []
  server = await startEdgeServer(({ body }, response) => {
    const spec = isRecord(body) ? body['spec'] : undefined
    const right = isRecord(spec) ? spec['resourceAttributes'] : undefined
    const text = isRecord(right) ? `${right['verb']} ${right['resource']}` : ''
    asked.push(isRecord(right) && right['group'] !== '' ? `${text}.${right['group']}` : text)
    sendJson(response, { status: { allowed: !refused(text) } }, 201)
  })
  const { client } = server
  const { finding, missing } = await checkPermissions(client, signal)
  return { finding, missing, asked, again: () => checkPermissions(client, signal, missing) }
}

describe('rights of a stored credential', () => {
  it('are complete when all that is watched may be watched, and users may be acted for', async () => {
    const { finding, asked } = await check(() => false)
    expect(finding).toMatchObject({ type: 'Permitted', status: 'True', reason: 'AllRights' })
    expect(asked).toEqual(
      expect.arrayContaining([
        'list pods',
        'watch virtualservices.networking.istio.io',
        'impersonate users',
        'impersonate groups',
      ]),
    )
    expect(new Set(asked).size).toBe(asked.length)
    // Meshdeck's own records are on the hub only.
    expect(asked.filter((right) => /meshdeck/.test(right))).toEqual([])
  })

  it('are named when they are missing, with what follows from it', async () => {
    const { finding } = await check((right) => / pods$|virtualservices$|watch nodes|impersonate/.test(right))
    expect(finding).toMatchObject({ status: 'False', reason: 'RightsMissing' })
    for (const words of [
      'list and watch pods',
      'list and watch virtualservices.networking.istio.io',
      'watch nodes',
      'impersonate users',
      'Without impersonation',
      'ClusterRoleBinding',
    ])
      expect(finding.message).toContain(words)
    expect(finding.message).not.toContain('services;')
  })

  it('are counted when many are missing', async () => {
    const { finding, asked } = await check(() => true)
    const resources = new Set(asked.map((right) => right.split(' ')[1])).size
    expect(finding.message).toContain(`and ${resources - 8} more`)
    expect(finding.message.length).toBeLessThan(1024)
  })

  it('are asked for again only as far as they are missing, and in full once those have come', async () => {
    let refused = /impersonate/
    const { asked, again } = await check((right) => refused.test(right))
    const all = asked.splice(0).length
    expect((await again()).missing).toHaveLength(2)
    expect(asked.splice(0)).toEqual(['impersonate users', 'impersonate groups'])
    refused = /never/
    expect((await again()).finding).toMatchObject({ status: 'True' })
    expect(asked).toHaveLength(2 + all)
  })

  it('are unknown when the cluster does not review them', async () => {
    server = await startEdgeServer((_, response) => sendStatus(response, 500, 'webhook down'))
    expect(await checkPermissions(server.client, signal)).toMatchObject({
      finding: { status: 'Unknown', reason: 'ReviewFailed', message: expect.stringContaining('webhook down') },
    })
  })

  it.each([401])('are not judged when the credential itself is refused (%i)', async (code) => {
    server = await startEdgeServer((_, response) => sendStatus(response, code, 'Unauthorized'))
    await expect(checkPermissions(server.client, signal)).rejects.toMatchObject({ httpStatus: code })
  })
})
