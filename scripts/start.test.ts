import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXPIRED_CLIENT } from '../packages/kube-client/src/testing/certificates.ts'
import { ROOT } from './steps.ts'

/** A hub that takes no credential, though it tells anybody its version, as API servers do. */
const hub = createServer(({ url }, response) => {
  const code = url === '/version' ? 200 : 401
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'Unauthorized' }
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(code === 200 ? { gitVersion: 'v1.36.3' } : status))
})
const directory = mkdtempSync(join(tmpdir(), 'meshdeck-start-'))
let hubUrl: string

beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  hubUrl = urlOf(hub.address())
})
afterAll(async () => {
  rmSync(directory, { recursive: true })
  hub.closeAllConnections()
  await new Promise((resolve) => hub.close(resolve))
})

const urlOf = (address: AddressInfo | string | null): string =>
  `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`

/** Writes a kubeconfig with one context, `prod`; returns its path. */
function kubeconfig(name: string, parts: { server?: string; user?: object; current?: string } = {}): string {
  const path = join(directory, name)
  const config = {
    clusters: [{ name: 'prod', cluster: { server: parts.server ?? hubUrl } }],
    users: [{ name: 'prod', user: parts.user ?? { token: 'opens-doors' } }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'prod' } }],
    'current-context': parts.current ?? 'prod',
  }
  writeFileSync(path, JSON.stringify(config))
  return path
}

/** Runs the start script to its end. */
function start(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { KUBECONFIG: _, ...env } = process.env
  return new Promise((resolve) => {
    const script = join(ROOT, 'scripts/start.ts')
    execFile(process.execPath, [script, '--no-open', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

describe('npm start that cannot start', { timeout: 30_000 }, () => {
  it('names the fleets there are', async () => {
    const { code, stderr } = await start('--fleet', 'armada', '--port', '0')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^--fleet armada: there is no such fleet; there are demo, bookinfo, .*S50P200.*\n$/)
  })

  it.each([
    ['a missing file', () => join(directory, 'missing'), 'cannot be read; check the path and its permissions'],
    ['an unknown context', () => kubeconfig('unknown', { current: 'nope' }), 'no context "nope"; it has "prod"'],
    ['no current context', () => kubeconfig('none', { current: '' }), 'kubectl config use-context NAME'],
    [
      'an expired certificate',
      () => kubeconfig('expired', { user: expiredUser() }),
      'get a new kubeconfig for this cluster',
    ],
    [
      'a hub that is down',
      () => kubeconfig('down', { server: 'https://127.0.0.1:1' }),
      'prod refuses connections; its API server is not running',
    ],
    [
      'a token that has ended',
      () => kubeconfig('ended'),
      'the hub does not accept the credential of the current context (401); sign in',
    ],
  ])('says in one line what is wrong with %s, and how to cure it', async (_, path, words) => {
    const { code, stdout, stderr } = await start('--kubeconfig', path(), '--port', '0')
    expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, stdout: '', lines: 1 })
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('opens-doors')
  })

  it('says that the port is taken before it touches the hub', async () => {
    const { code, stderr } = await start('--kubeconfig', kubeconfig('port'), '--port', new URL(hubUrl).port)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^Meshdeck could not start: 127\.0\.0\.1:\d+ is taken, perhaps by another Meshdeck; .*--port 0.*\n$/,
    )
  })

  it('names the contexts when --prometheus names none of them', async () => {
    const { code, stderr } = await start(
      '--kubeconfig',
      kubeconfig('prom'),
      '--prometheus',
      'dev=http://localhost:9090',
    )
    expect([code, stderr]).toEqual([1, '--prometheus dev: no such context; there are prod\n'])
  })
})

const expiredUser = () => ({
  'client-certificate-data': btoa(EXPIRED_CLIENT.cert),
  'client-key-data': btoa(EXPIRED_CLIENT.key),
})
