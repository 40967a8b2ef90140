import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { domainError } from './domain-name.ts'
import type { Verdict } from './validate-istio.ts'

export function validateDestinationRule(object: KubeObject): Verdict {
  const errors: string[] = []
  const spec = recordAt(object, 'spec')
  const error = domainError(textAt(spec, 'host') ?? '')
  if (error !== undefined) errors.push(error)
  const names = new Set<string>()
  for (const subset of listAt(spec, 'subsets')) {
    const name = textAt(subset, 'name') ?? ''
    if (name === '') errors.push('subset name cannot be empty')
    else if (names.has(name)) errors.push(`duplicate subset names: ${name}`)
    names.add(name)
  }
  return { errors, warnings: [] }
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'GRPC', 'GRPC-WEB', 'HTTP2', 'MONGO', 'REDIS', 'MYSQL', 'TCP', 'TLS']
const SUPPORTED = 'HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP'
const WITH_TLS = new Set(['HTTPS', 'TLS'])

export function validateGateway(object: KubeObject): Verdict {
  const errors: string[] = []
  const servers = listAt(object, 'spec', 'servers')
  if (servers.length === 0) errors.push('gateway must have at least one server')
  for (const server of servers) {
    if (listAt(server, 'hosts').length === 0) errors.push('server config must contain at least one host')
    const protocol = textAt(server, 'port', 'protocol') ?? ''
    if (!PROTOCOLS.includes(protocol.toUpperCase())) {
      errors.push(`invalid protocol "${protocol}", supported protocols are ${SUPPORTED}`)
      continue
    }
    errors.push(...tlsErrors(recordAt(server)['tls'], WITH_TLS.has(protocol.toUpperCase())))
  }
  return { errors, warnings: [] }
}

function tlsErrors(tls: unknown, needed: boolean): string[] {
  if (!isRecord(tls)) return needed ? ['server must have TLS settings for HTTPS/TLS protocols'] : []
  const mode = textAt(tls, 'mode') ?? 'PASSTHROUGH'
  if (textAt(tls, 'credentialName') !== undefined || listAt(tls, 'credentialNames').length > 0) return []
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return []
  const errors: string[] = []
  if (textAt(tls, 'serverCertificate') === undefined) errors.push(`${mode} TLS requires a server certificate`)
  if (textAt(tls, 'privateKey') === undefined) errors.push(`${mode} TLS requires a private key`)
  if (mode === 'MUTUAL' && textAt(tls, 'caCertificates') === undefined)
    errors.push('MUTUAL TLS requires a client CA bundle')
  return errors
}
