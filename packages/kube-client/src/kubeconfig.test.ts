import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { KubeconfigError } from './errors.ts'
import { STORED, type Identity } from './identity.ts'
import { listContexts, parseKubeconfig, printKubeconfig, type ParseKubeconfigOptions } from './kubeconfig.ts'
import { AUTHORITY, CLIENT, EXPIRED_CLIENT, SERVER } from './testing/certificates.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

interface Parts {
  cluster?: Record<string, unknown>
  user?: Record<string, unknown>
  root?: Record<string, unknown>
}

const kubeconfig = ({ cluster, user, root }: Parts = {}): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'one',
    clusters: [
      {
        name: 'c',
        cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': base64(AUTHORITY), ...cluster },
      },
    ],
    users: [{ name: 'u', user: user ?? { token: 'secret-token' } }],
    contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }],
    ...root,
  })

/** The error that a kubeconfig is refused with. */
function refusal(text: string, options?: ParseKubeconfigOptions): KubeconfigError {
  try {
    parseKubeconfig(text, options)
  } catch (error) {
    if (error instanceof KubeconfigError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const clientCertificate = { 'client-certificate-data': base64(CLIENT.cert), 'client-key-data': base64(CLIENT.key) }

describe('parseKubeconfig', () => {
  it('reads a token', () => {
    expect(parseKubeconfig(kubeconfig())).toEqual({
      server: 'https://10.0.0.1:6443',
      caData: AUTHORITY,
      token: 'secret-token',
      insecureSkipTlsVerify: false,
      allowLoopback: false,
      contextName: 'one',
      warnings: [],
    })
  })

  it('reads a client certificate, a server name and a path behind the server', () => {
    const cluster = { server: 'https://rancher.example/k8s/clusters/c-1/', 'tls-server-name': 'kube' }
    const spec = parseKubeconfig(kubeconfig({ cluster, user: clientCertificate }))
    expect(spec).toMatchObject({
      server: 'https://rancher.example/k8s/clusters/c-1',
      tlsServerName: 'kube',
      clientCert: CLIENT.cert,
      clientKey: CLIENT.key,
    })
  })

  it('warns of a server that is not checked', () => {
    const { warnings, insecureSkipTlsVerify } = parseKubeconfig(
      kubeconfig({ cluster: { 'insecure-skip-tls-verify': true } }),
    )
    expect(insecureSkipTlsVerify).toBe(true)
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['insecure-skip-tls-verify', 'clusters[0].cluster.insecure-skip-tls-verify'],
    ])
  })

  it.each<[string, Parts, string, string]>([
    ['exec', { user: { exec: { command: 'sh' } } }, 'exec-not-allowed', 'users[0].user.exec'],
    [
      'an auth provider',
      { user: { 'auth-provider': { name: 'gcp' } } },
      'auth-provider-not-allowed',
      'users[0].user.auth-provider',
    ],
    ['a password', { user: { username: 'a', password: 'b' } }, 'basic-auth-not-allowed', 'users[0].user.username'],
    ['impersonation', { user: { token: 't', as: 'root' } }, 'impersonation-not-allowed', 'users[0].user.as'],
    ['a proxy', { cluster: { 'proxy-url': 'http://p' } }, 'proxy-not-allowed', 'clusters[0].cluster.proxy-url'],
    [
      'an authority file',
      { cluster: { 'certificate-authority': '/etc/passwd' } },
      'file-path-not-allowed',
      'clusters[0].cluster.certificate-authority',
    ],
    [
      'a certificate file',
      { user: { 'client-certificate': 'a.crt' } },
      'file-path-not-allowed',
      'users[0].user.client-certificate',
    ],
    [
      'a key file beside inline data',
      { user: { ...clientCertificate, 'client-key': '/a' } },
      'file-path-not-allowed',
      'users[0].user.client-key',
    ],
    ['a token file', { user: { tokenFile: '/proc/self/environ' } }, 'file-path-not-allowed', 'users[0].user.tokenFile'],
    ['no credential', { user: {} }, 'credential-missing', 'users[0].user'],
    [
      'a certificate without key',
      { user: { 'client-certificate-data': base64(CLIENT.cert) } },
      'credential-missing',
      'users[0].user.client-key-data',
    ],
    [
      'a key of another certificate',
      { user: { 'client-certificate-data': base64(CLIENT.cert), 'client-key-data': base64(SERVER.key) } },
      'client-key-mismatch',
      'users[0].user.client-key-data',
    ],
    [
      'broken base64',
      { cluster: { 'certificate-authority-data': 'no*base64' } },
      'base64-invalid',
      'clusters[0].cluster.certificate-authority-data',
    ],
    [
      'base64 of something else',
      { cluster: { 'certificate-authority-data': base64('hello') } },
      'pem-invalid',
      'clusters[0].cluster.certificate-authority-data',
    ],
    [
      'a broken key',
      {
        user: {
          ...clientCertificate,
          'client-key-data': base64('-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----'),
        },
      },
      'pem-invalid',
      'users[0].user.client-key-data',
    ],
    ['a token with a line break', { user: { token: 'a\nb: c' } }, 'field-invalid', 'users[0].user.token'],
    ['a token that is a number', { user: { token: 12 } }, 'field-invalid', 'users[0].user.token'],
    [
      'a metadata address',
      { cluster: { server: 'https://169.254.169.254' } },
      'server-address-denied',
      'clusters[0].cluster.server',
    ],
    [
      'a metadata address as a number',
      { cluster: { server: 'https://0xa9fea9fe/latest' } },
      'server-address-denied',
      'clusters[0].cluster.server',
    ],
    [
      'loopback',
      { cluster: { server: 'https://localhost:6443' } },
      'server-address-denied',
      'clusters[0].cluster.server',
    ],
    ['plain http', { cluster: { server: 'http://10.0.0.1' } }, 'server-not-https', 'clusters[0].cluster.server'],
    [
      'another protocol',
      { cluster: { server: 'file://10.0.0.1/etc/passwd' } },
      'server-not-https',
      'clusters[0].cluster.server',
    ],
    [
      'a password in the address',
      { cluster: { server: 'https://a:b@10.0.0.1' } },
      'server-invalid',
      'clusters[0].cluster.server',
    ],
    ['no server', { cluster: { server: '' } }, 'server-invalid', 'clusters[0].cluster.server'],
    ['no such user', { root: { users: [] } }, 'user-missing', 'contexts[0].context.user'],
    ['no such cluster', { root: { clusters: [] } }, 'cluster-missing', 'contexts[0].context.cluster'],
    ['no context', { root: { contexts: [] } }, 'context-missing', 'contexts'],
    [
      'two entries of one name',
      {
        root: {
          users: [
            { name: 'u', user: { token: 'a' } },
            { name: 'u', user: { token: 'b' } },
          ],
        },
      },
      'field-invalid',
      'users[1].name',
    ],
    ['another kind', { root: { kind: 'Pod' } }, 'not-a-kubeconfig', 'kind'],
  ])('refuses %s', (_what, parts, code, field) => {
    const error = refusal(kubeconfig(parts))
    expect({ code: error.code, field: error.field }).toEqual({ code, field })
  })

  it('refuses a client certificate that has ended, and says when', () => {
    const user = {
      'client-certificate-data': base64(EXPIRED_CLIENT.cert),
      'client-key-data': base64(EXPIRED_CLIENT.key),
    }
    expect(refusal(kubeconfig({ user })).message).toContain('2020-02-01')
    expect(parseKubeconfig(kubeconfig({ user }), { now: new Date('2020-01-15') }).clientCert).toBe(EXPIRED_CLIENT.cert)
  })

  it('asks which of several contexts is meant, and names them', () => {
    const contexts = ['one', 'two'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } }))
    const text = kubeconfig({ root: { contexts } })
    expect(refusal(text)).toMatchObject({ code: 'context-ambiguous', message: expect.stringContaining('"one", "two"') })
    expect(refusal(text, { context: 'three' })).toMatchObject({
      code: 'context-missing',
      message: expect.stringContaining('"three"'),
    })
    expect(parseKubeconfig(text, { context: 'two' }).contextName).toBe('two')
    expect(parseKubeconfig(text, { source: 'file' }).contextName).toBe('one')
    expect(listContexts(text)).toEqual({ names: ['one', 'two'], current: 'one' })
  })

  it.each([
    ['', 'not-a-kubeconfig'],
    ['just words', 'not-a-kubeconfig'],
    ['a: [', 'not-yaml'],
    ['a: &x [*x]\nb: *y', 'not-yaml'],
    ['- 1', 'not-a-kubeconfig'],
    [`a: ${'x'.repeat(1024 * 1024)}`, 'too-large'],
  ])('refuses what is no kubeconfig (%#)', (text, code) => {
    expect(refusal(text).code).toBe(code)
  })

  it('never tells a secret in an error', () => {
    const secret = 'TOP-SECRET-TOP-SECRET'
    const texts = [
      kubeconfig({ user: { token: `${secret} ${secret}` } }),
      kubeconfig({ user: { ...clientCertificate, 'client-key-data': base64(secret) } }),
      kubeconfig({ user: { ...clientCertificate, 'client-key-data': `${secret}!` } }),
      `users: [{token: ${secret}`,
      `users:\n  token: ${secret}\n token: ${secret}`,
      kubeconfig({ user: { password: secret } }),
    ]
    for (const text of texts) expect(refusal(text).message + refusal(text).field).not.toContain(secret)
  })

  it('lets the operator’s own file use paths and loopback, but not programs', () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
    writeFileSync(join(directory, 'ca.crt'), AUTHORITY)
    writeFileSync(join(directory, 'token'), 'from-file\n')
    const cluster = {
      server: 'http://127.0.0.1:8080',
      'certificate-authority-data': undefined,
      'certificate-authority': 'ca.crt',
    }
    const text = kubeconfig({ cluster, user: { tokenFile: 'token' } })
    expect(parseKubeconfig(text, { source: 'file', directory })).toMatchObject({
      server: 'http://127.0.0.1:8080',
      caData: AUTHORITY,
      tokenFile: join(directory, 'token'),
      allowLoopback: true,
    })
    expect(refusal(text, { source: 'file', directory: join(directory, 'other') }).code).toBe('file-unreadable')
    expect(refusal(kubeconfig({ user: { exec: {} } }), { source: 'file' }).code).toBe('exec-not-allowed')
    expect(refusal(kubeconfig({ cluster: { server: 'https://169.254.169.254' } }), { source: 'file' }).code).toBe(
      'server-address-denied',
    )
  })
})

describe('printKubeconfig', () => {
  it('says the same again, and no more', () => {
    const text = kubeconfig({ user: { ...clientCertificate, note: 'dropped' }, root: { extensions: ['dropped'] } })
    const spec = parseKubeconfig(text)
    const printed = printKubeconfig(spec)
    expect(parseKubeconfig(printed)).toEqual(spec)
    expect(printed).not.toContain('dropped')
  })

  it('acts as who asks: with the own token alone, or impersonating by the stored credential', () => {
    const spec = parseKubeconfig(kubeconfig({ user: clientCertificate }))
    const userOf = (identity: Identity): unknown => parse(printKubeconfig(spec, identity)).users[0].user
    expect(userOf({ kind: 'token', token: 'mine' })).toEqual({ token: 'mine' })
    expect(userOf({ kind: 'impersonate', username: 'ada', groups: ['ops', 'dev'] })).toMatchObject({
      'client-certificate-data': expect.any(String),
      as: 'ada',
      'as-groups': ['ops', 'dev'],
    })
    expect(userOf(STORED)).not.toHaveProperty('as')
    expect(() => printKubeconfig(spec, { kind: 'impersonate', username: '', groups: [] })).toThrow('empty')
  })
})

describe('any input', () => {
  const holds = (text: string): void => {
    for (const source of ['user', 'file'] as const) {
      try {
        parseKubeconfig(text, { source, directory: '/nonexistent' })
        listContexts(text)
      } catch (error) {
        if (!(error instanceof KubeconfigError)) throw error
      }
    }
  }

  it('is read or refused with a KubeconfigError: text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), holds))
  })

  it('is read or refused with a KubeconfigError: values in every place', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.webUrl(),
      fc.base64String(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constant(base64(CLIENT.cert)),
    )
    const fields = (...names: string[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
    const entry = (key: string, inner: fc.Arbitrary<unknown>) =>
      fc.array(fc.record({ name: fc.constantFrom('a', 'b', '__proto__'), [key]: inner }), { maxLength: 2 })
    const config = fc.record({
      'current-context': fc.constantFrom('a', 'b', 'toString'),
      contexts: entry(
        'context',
        fc.oneof(fc.record({ cluster: fc.constantFrom('a', 'b'), user: fc.constantFrom('a', 'b') }), value),
      ),
      clusters: entry(
        'cluster',
        fc.oneof(
          fields('server', 'certificate-authority', 'certificate-authority-data', 'tls-server-name', 'proxy-url'),
          value,
        ),
      ),
      users: entry(
        'user',
        fc.oneof(
          fields('token', 'tokenFile', 'client-certificate', 'client-certificate-data', 'client-key-data', 'exec'),
          value,
        ),
      ),
    })
    fc.assert(
      fc.property(config, (document) => holds(JSON.stringify(document))),
      { numRuns: 500 },
    )
  })
})
