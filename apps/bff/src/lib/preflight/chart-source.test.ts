import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Server } from 'node:net'
import { AUTHORITY, SERVER } from '@meshdeck/kube-client/testing/certificates'
import { afterEach, describe, expect, it } from 'vitest'
import { askChartSource } from './chart-source.ts'

const servers: { closeAllConnections: () => void; server: Server }[] = []
afterEach(() => {
  for (const { closeAllConnections, server } of servers.splice(0)) {
    closeAllConnections()
    server.close()
  }
})

async function serve(answer: RequestListener, tls = false): Promise<string> {
  const server = tls ? createHttps(SERVER, answer) : createHttp(answer)
  servers.push({ closeAllConnections: () => server.closeAllConnections(), server })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `127.0.0.1:${address.port}`
}

const ask = (source: string, version = '1.30.3', allowLoopback = true) =>
  askChartSource(source, version, {
    policy: { allowLoopback },
    signal: AbortSignal.timeout(5_000),
    authority: AUTHORITY,
  })

const INDEX = `apiVersion: v1
entries:
  base:
  - apiVersion: v2
    name: base
    version: 1.30.3
  - version: "1.29.6"
`

describe('a repository of charts', () => {
  it('has the version, or not', async () => {
    const host = await serve((request, response) => {
      response.writeHead(request.url === '/charts/index.yaml' ? 200 : 404).end(INDEX)
    })
    expect(await ask(`http://${host}/charts/`)).toEqual({ state: 'found' })
    expect(await ask(`http://${host}/charts`, '1.29.6')).toEqual({ state: 'found' })
    expect(await ask(`http://${host}/charts`, '1.30.33')).toMatchObject({ state: 'absent' })
    expect(await ask(`http://${host}/other`)).toEqual({
      state: 'absent',
      message: `http://${host}/other/index.yaml answered 404`,
    })
  })

  it('may send on, but to no address that is denied', async () => {
    const target = await serve((_request, response) => response.end(INDEX))
    const host = await serve((request, response) => {
      const to = request.url?.startsWith('/good') ? `http://${target}/index.yaml` : 'http://169.254.169.254/latest'
      response.writeHead(302, { location: to }).end()
    })
    expect(await ask(`http://${host}/good`)).toEqual({ state: 'found' })
    expect(await ask(`http://${host}/bad`)).toEqual({ state: 'unreachable', message: 'its address is not allowed' })
  })

  it('is refused, silent, not allowed', async () => {
    const host = await serve((_request, response) => response.writeHead(403).end())
    expect(await ask(`http://${host}/charts`)).toMatchObject({ state: 'refused' })
    expect(await ask('http://127.0.0.1:1/charts')).toMatchObject({ state: 'unreachable' })
    expect(await ask(`http://${host}/charts`, '1.30.3', false)).toEqual({
      state: 'unreachable',
      message: 'its address is not allowed',
    })
  })
})

describe('a registry of charts', () => {
  it('gives the manifest for a token that it gives to everybody', async () => {
    const asked: string[] = []
    const host: string = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization ?? '-'}`)
      if (request.url?.startsWith('/token')) return response.end(JSON.stringify({ token: 'for-all' }))
      if (request.headers.authorization !== 'Bearer for-all')
        return response
          .writeHead(401, { 'www-authenticate': `Bearer realm="https://${host}/token",service="registry"` })
          .end()
      return response.writeHead(request.url === '/v2/istio/charts/base/manifests/1.30.3' ? 200 : 404).end()
    }, true)
    expect(await ask(`oci://${host}/istio/charts`)).toEqual({ state: 'found' })
    expect(asked[1]).toBe('/token?service=registry&scope=repository%3Aistio%2Fcharts%2Fbase%3Apull -')
    expect(await ask(`oci://${host}/istio/charts`, '1.29.0')).toMatchObject({ state: 'absent' })
  })

  it('that wants to know who asks is not to be read from here', async () => {
    const host = await serve((_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end()
    }, true)
    expect(await ask(`oci://${host}/istio`)).toMatchObject({ state: 'refused' })
  })
})

it('a folder is seen by the controller alone', async () => {
  expect(await ask('/charts/istio')).toEqual({ state: 'notSeen' })
})
