import { readFileSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { stringify } from 'yaml'
import { addressDenial } from './address.ts'
import { identityHeaders, STORED, type Identity } from './identity.ts'
import { KubeconfigError } from './errors.ts'
import { chooseContext, fieldOf, own, readKubeconfigDocument, readString, type Section } from './kubeconfig-document.ts'
import { checkClientCertificate, decodeBase64, readCertificates } from './pem.ts'

/** All that is needed to reach one cluster; plain data. Holds secrets: never log it and never send it to a browser. */
export interface ClusterConnectionSpec {
  /** `https://host[:port][/prefix]`, without a slash at the end. */
  server: string
  /** PEM. The system's authorities are trusted when it is absent. */
  caData?: string
  clientCert?: string
  clientKey?: string
  token?: string
  /** Absolute path of a token that is replaced while we run (service accounts); read again every minute. */
  tokenFile?: string
  tlsServerName?: string
  insecureSkipTlsVerify: boolean
  /** Whether names may resolve to loopback; checked again at the moment of connecting. */
  allowLoopback: boolean
  contextName: string
  /** What is allowed, but should be said to whoever brought the kubeconfig. */
  warnings: readonly KubeconfigWarning[]
}

export interface KubeconfigWarning {
  code: 'insecure-skip-tls-verify'
  field: string
  message: string
}

export interface ParseKubeconfigOptions {
  /** The context to use; needed when there are several. With `source: 'file'` the current one is the default. */
  context?: string
  /** Loopback servers, and plain http to them. Default: only for `source: 'file'`. */
  allowLoopback?: boolean
  /** `user`: brought in through the console, so nothing in it may reach into our machine. `file`: named by the operator who started us. */
  source?: 'user' | 'file'
  /** Where relative paths in a kubeconfig of source `file` start. */
  directory?: string
  /** The time to judge certificates by. */
  now?: Date
}

/** Names of the contexts in a kubeconfig, and the current one. Throws `KubeconfigError`. */
export function listContexts(text: string): { names: string[]; current: string | undefined } {
  const document = readKubeconfigDocument(text)
  return { names: document.contexts.map((entry) => entry.name), current: document.currentContext }
}

/**
 * Reads one context of a kubeconfig. What would run a program (`exec`, `auth-provider`), reach a file or a proxy of our
 * machine, or lead to a metadata address is refused. Throws only `KubeconfigError`, whose message names the cure and
 * never holds secret material.
 */
export function parseKubeconfig(text: string, options: ParseKubeconfigOptions = {}): ClusterConnectionSpec {
  const source = options.source ?? 'user'
  const allowLoopback = options.allowLoopback ?? source === 'file'
  const document = readKubeconfigDocument(text)
  const context = chooseContext(document, options.context ?? (source === 'file' ? document.currentContext : undefined))
  const cluster = refer(context, 'cluster', document.clusters, 'cluster-missing')
  const user = refer(context, 'user', document.users, 'user-missing')
  const files: FileReader = source === 'file' ? operatorFiles(options.directory ?? '.') : noFiles

  refuse(cluster, 'proxy-url', 'proxy-not-allowed', 'remove it; Meshdeck connects to the server itself')
  const server = readServer(cluster, allowLoopback)
  const insecureSkipTlsVerify = own(cluster.fields, 'insecure-skip-tls-verify') === true
  const ca = readPem(cluster, 'certificate-authority', files)
  if (ca) readCertificates(ca.pem, ca.field)
  const tlsServerName = readString(cluster, 'tls-server-name')

  return {
    server,
    ...(ca ? { caData: ca.pem } : {}),
    ...readCredential(user, files, options.now ?? new Date()),
    ...(tlsServerName ? { tlsServerName } : {}),
    insecureSkipTlsVerify,
    allowLoopback,
    contextName: context.name,
    warnings: insecureSkipTlsVerify
      ? [
          {
            code: 'insecure-skip-tls-verify',
            field: fieldOf(cluster, 'insecure-skip-tls-verify'),
            message:
              'The server’s certificate is not checked, so anybody between Meshdeck and the cluster can read and change everything; give certificate-authority-data instead',
          },
        ]
      : [],
  }
}

/** Reads a kubeconfig file that the operator named on the command line. Throws `KubeconfigError`. */
export function readKubeconfigFile(path: string): { text: string; directory: string } {
  const absolute = resolve(path)
  try {
    return { text: readFileSync(absolute, 'utf8'), directory: resolve(absolute, '..') }
  } catch {
    throw new KubeconfigError(
      'file-unreadable',
      '',
      `The kubeconfig ${absolute} cannot be read; check the path and its permissions`,
    )
  }
}

/**
 * The smallest kubeconfig that says what a spec says: what is kept in a Secret, so that nothing unchecked is stored with
 * it; or what a program beside us is given to act as `identity`. It holds secrets: never log it.
 */
export function printKubeconfig(spec: ClusterConnectionSpec, identity: Identity = STORED): string {
  const base64 = (pem: string | undefined): string | undefined =>
    pem === undefined ? undefined : Buffer.from(pem).toString('base64')
  const name = spec.contextName
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: spec.server,
          'certificate-authority-data': base64(spec.caData),
          'tls-server-name': spec.tlsServerName,
          'insecure-skip-tls-verify': spec.insecureSkipTlsVerify || undefined,
        },
      },
    ],
    users: [
      {
        name,
        user:
          identity.kind === 'token'
            ? { token: identity.token }
            : {
                'client-certificate-data': base64(spec.clientCert),
                'client-key-data': base64(spec.clientKey),
                token: spec.token,
                tokenFile: spec.tokenFile,
                ...impersonation(identity),
              },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  })
}

/** Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo */
function impersonation(identity: Identity): Record<string, unknown> {
  if (identity.kind !== 'impersonate') return {}
  // The same checks as for headers: an empty name would be nobody, and the stored credential would act.
  identityHeaders(identity)
  return {
    as: identity.username,
    'as-uid': identity.uid,
    'as-groups': [...identity.groups],
    'as-user-extra': identity.extra,
  }
}

type FileReader = (path: string, field: string) => { absolute: string; read: () => string }

const noFiles: FileReader = (_path, field) => {
  throw new KubeconfigError(
    'file-path-not-allowed',
    field,
    `"${field}" points to a file, which exists only on your machine; put its content in "${field}-data" (kubectl config view --flatten --minify)`,
  )
}

function operatorFiles(directory: string): FileReader {
  return (path, field) => {
    const absolute = isAbsolute(path) ? path : resolve(directory, path)
    const read = (): string => {
      try {
        return readFileSync(absolute, 'utf8')
      } catch {
        throw new KubeconfigError(
          'file-unreadable',
          field,
          `The file that "${field}" points to cannot be read; check the path and its permissions`,
        )
      }
    }
    return { absolute, read }
  }
}

function refer<T extends { name: string }>(
  context: Section,
  key: string,
  entries: readonly T[],
  code: 'cluster-missing' | 'user-missing',
): T {
  const name = readString(context, key)
  const field = fieldOf(context, key)
  if (!name) throw new KubeconfigError(code, field, `"${field}" is empty; the context must name a ${key}`)
  const found = entries.find((entry) => entry.name === name)
  if (!found) throw new KubeconfigError(code, field, `"${field}" names a ${key} that the kubeconfig does not have`)
  return found
}

function refuse(
  section: Section,
  key: string,
  code:
    | 'exec-not-allowed'
    | 'auth-provider-not-allowed'
    | 'proxy-not-allowed'
    | 'basic-auth-not-allowed'
    | 'impersonation-not-allowed',
  cure: string,
): void {
  const value = own(section.fields, key)
  if (value === undefined || value === '') return
  const field = fieldOf(section, key)
  throw new KubeconfigError(code, field, `"${field}" is not allowed; ${cure}`)
}

/** A PEM given inline (`KEY-data`) or, where files are allowed, by path (`KEY`); inline wins, as in kubectl. */
function readPem(section: Section, key: string, files: FileReader): { pem: string; field: string } | undefined {
  const data = readString(section, `${key}-data`)
  const path = readString(section, key)
  const field = fieldOf(section, path && !data ? key : `${key}-data`)
  if (path) {
    const file = files(path, fieldOf(section, key))
    if (!data) return { pem: file.read(), field }
  }
  return data ? { pem: decodeBase64(data, field), field } : undefined
}

function readCredential(
  user: Section,
  files: FileReader,
  now: Date,
): Pick<ClusterConnectionSpec, 'clientCert' | 'clientKey' | 'token' | 'tokenFile'> {
  const longLived = 'make a service account and use its token, or a client certificate'
  refuse(user, 'exec', 'exec-not-allowed', `it would run a program; ${longLived}`)
  refuse(user, 'auth-provider', 'auth-provider-not-allowed', `it would need a plug-in; ${longLived}`)
  for (const key of ['username', 'password'])
    refuse(user, key, 'basic-auth-not-allowed', `Kubernetes no longer knows passwords; ${longLived}`)
  for (const key of ['as', 'as-uid', 'as-groups', 'as-user-extra']) {
    refuse(user, key, 'impersonation-not-allowed', 'Meshdeck impersonates its own users; give the credential itself')
  }
  const cert = readPem(user, 'client-certificate', files)
  const key = readPem(user, 'client-key', files)
  if (cert && !key)
    throw new KubeconfigError(
      'credential-missing',
      fieldOf(user, 'client-key-data'),
      `"${cert.field}" has no key beside it; add "client-key-data"`,
    )
  if (key && !cert)
    throw new KubeconfigError(
      'credential-missing',
      fieldOf(user, 'client-certificate-data'),
      `"${key.field}" has no certificate beside it; add "client-certificate-data"`,
    )
  if (cert && key) checkClientCertificate(cert.pem, cert.field, key.pem, key.field, now)
  const token = readToken(user, files)
  if (!cert && !token) {
    throw new KubeconfigError(
      'credential-missing',
      user.path,
      `"${user.path}" holds no credential; it needs "token", or "client-certificate-data" and "client-key-data"`,
    )
  }
  return { ...(cert && key ? { clientCert: cert.pem, clientKey: key.pem } : {}), ...token }
}

function readToken(user: Section, files: FileReader): Pick<ClusterConnectionSpec, 'token' | 'tokenFile'> | undefined {
  const path = readString(user, 'tokenFile')
  if (path) {
    const file = files(path, fieldOf(user, 'tokenFile'))
    file.read()
    return { tokenFile: file.absolute }
  }
  const token = readString(user, 'token')
  if (!token) return undefined
  const field = fieldOf(user, 'token')
  if (!/^[A-Za-z0-9._~+/=:-]+$/.test(token))
    throw new KubeconfigError(
      'field-invalid',
      field,
      `"${field}" holds characters that no bearer token has; copy it again`,
    )
  return { token }
}

/** The server's address: https, no password in it, and not one that leads into our own machine or a metadata service. */
function readServer(cluster: Section, allowLoopback: boolean): string {
  const field = fieldOf(cluster, 'server')
  const text = readString(cluster, 'server')
  if (!text)
    throw new KubeconfigError(
      'server-invalid',
      field,
      `"${field}" is empty; it must be the address of the API server, such as https://10.0.0.1:6443`,
    )
  const url = URL.parse(text.trim())
  if (
    !url ||
    url.hostname === '' ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new KubeconfigError(
      'server-invalid',
      field,
      `"${field}" is not an address of an API server; it must look like https://10.0.0.1:6443`,
    )
  }
  const denial = addressDenial(url.hostname, { allowLoopback })
  if (denial !== undefined)
    throw new KubeconfigError(
      'server-address-denied',
      field,
      `"${field}" leads to an address that Meshdeck does not connect to: ${denial}. Give the address that other machines reach this cluster by`,
    )
  const plainLoopback = url.protocol === 'http:' && allowLoopback && addressDenial(url.hostname) !== undefined
  if (url.protocol !== 'https:' && !plainLoopback)
    throw new KubeconfigError('server-not-https', field, `"${field}" must begin with https://`)
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}
