import { describe, expect, it } from 'vitest'
import { prometheusAccess, PrometheusAccessError, readPrometheusAccess } from './prometheus-access.ts'
import { AUTHORITY, CLIENT, SERVER } from './testing/certificates.ts'

const URL_ = 'https://mimir.example/prometheus/'

describe('prometheusAccess', () => {
  it('is an address without what a path would stumble over', () => {
    expect(prometheusAccess({ url: 'http://prometheus:9090/?q=1#top' }).base).toBe('http://prometheus:9090')
    expect(prometheusAccess({ url: 'http://vm:8481/select/0/prometheus//' }).base).toBe(
      'http://vm:8481/select/0/prometheus',
    )
  })

  it('carries tenants, a credential and certificates', () => {
    const settings = {
      url: URL_,
      headers: [
        { name: 'X-Scope-OrgID', value: 'team a|team b' },
        { name: 'THANOS-TENANT', value: 'default' },
      ],
      tls: { serverName: 'mimir.internal' },
    }
    const secret = { token: 's3cret', 'ca.crt': AUTHORITY, 'tls.crt': CLIENT.cert, 'tls.key': CLIENT.key }
    expect(prometheusAccess(settings, secret)).toEqual({
      base: 'https://mimir.example/prometheus',
      headers: { 'x-scope-orgid': 'team a|team b', 'thanos-tenant': 'default', authorization: 'Bearer s3cret' },
      tls: { ca: AUTHORITY, cert: CLIENT.cert, key: CLIENT.key, servername: 'mimir.internal' },
    })
  })

  it.each([
    ['Authorization', 'Bearer x', 'reserved'],
    ['Host', 'x', 'reserved'],
    ['X Y', 'x', 'name'],
    ['X-Y', 'a\r\nHost: b', 'value'],
    ['X-Y', '', 'value'],
    ['X-Y', ' a', 'value'],
    ['X-Y', 'ä', 'value'],
  ])('does not send the header %s: %j', (name, value, fault) => {
    expect(() => prometheusAccess({ url: URL_, headers: [{ name, value }] })).toThrow(
      new RegExp(String.raw`cannot be sent \(${fault}\)`),
    )
  })

  it.each([
    [{}, 'token', /needs a key "token"/],
    [{ token: 'a\nb' }, 'token', /one line/],
    [{ username: 'me' }, 'token', /"username" and "password"/],
    [{ 'tls.crt': CLIENT.cert }, 'tls.key', /needs both/],
    [{ token: 'x', 'tls.key': CLIENT.key }, 'tls.crt', /needs both/],
    [{ 'tls.crt': CLIENT.cert, 'tls.key': SERVER.key }, 'tls.key', /not the key/],
    [{ 'ca.crt': 'not PEM' }, 'ca.crt', /no certificate/],
  ])('says which key of a Secret is amiss: %#', (secret, field, words) => {
    const error = catching(() => prometheusAccess({ url: URL_ }, secret, 'Secret x'))
    expect(error).toMatchObject({ field, message: expect.stringMatching(words) })
    // Whatever is wrong, no message repeats what is secret.
    expect(error.message).not.toContain('a\nb')
  })

  it('reads the Secret that the settings name, and no other', async () => {
    const asked: unknown[] = []
    const hub = {
      get: (kind: string, ref: object) => {
        asked.push([kind, ref])
        return Promise.resolve({ data: { username: btoa('ali'), password: btoa('baba\n') } } as never)
      },
    }
    const settings = { url: URL_, auth: { secretRef: { name: 'prometheus-east' } } }
    expect((await readPrometheusAccess(hub, settings)).headers).toEqual({ authorization: `Basic ${btoa('ali:baba')}` })
    expect(asked).toEqual([['Secret', { namespace: 'meshdeck-system', name: 'prometheus-east' }]])
    expect((await readPrometheusAccess(hub, { url: URL_ })).headers).toEqual({})
    expect(asked).toHaveLength(1)
  })
})

function catching(act: () => unknown): PrometheusAccessError {
  try {
    act()
  } catch (error) {
    if (error instanceof PrometheusAccessError) return error
    throw error
  }
  throw new Error('it did not throw')
}
