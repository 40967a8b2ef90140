import { entries, fields, number, text, texts, type Fields } from '../analysis/read.ts'
import { exportFaults, labelFaults, selectorFaults } from './common-faults.ts'
import { each, fault, hasDuplicates, when, type ObjectFault } from './fault.ts'
import { isHostOrAddress, isWildcardDomain } from './hosts.ts'

const isIp = (value: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$|^[\da-fA-F:]*:[\da-fA-F:.]*$/.test(value)
/** A name of one label means nothing at an edge. Source: Istio, `ValidateFQDN`. */
const isShort = (host: string): boolean => host !== '*' && host !== '' && !host.includes('.') && !isIp(host)

/** Source: Istio, `ValidateGateway`. */
export function gatewayFaults(spec: Fields): ObjectFault[] {
  return entries(spec['servers']).flatMap(({ at, value }) => {
    const field = `spec.servers[${at}]`
    const port = fields(value['port'])
    const protocol = text(port['protocol']).toUpperCase()
    return [
      ...each(
        texts(value['hosts']),
        `${field}.hosts`,
        'hostScope',
        (host) => host.startsWith('~/') || host.split('/').length > 2,
      ),
      ...each(texts(value['hosts']), `${field}.hosts`, 'shortName', (host) => isShort(host.split('/').at(-1) ?? '')),
      ...each(texts(value['hosts']), `${field}.hosts`, 'partialWildcard', (host) => /^(?:[^/]*\/)?\*[^./]/.test(host)),
      ...when(text(value['bind']).includes('/'), `${field}.bind`, 'ip'),
      ...when(protocol === '', `${field}.port.protocol`, 'required'),
      ...serverTlsFaults(value['tls'] === undefined ? undefined : fields(value['tls']), protocol, `${field}.tls`),
    ]
  })
}

function serverTlsFaults(tls: Fields | undefined, protocol: string, field: string): ObjectFault[] {
  const isTls = protocol === 'HTTPS' || protocol === 'TLS'
  if (tls === undefined) return when(isTls, field, 'needsTls')
  const mode = text(tls['mode']) || 'PASSTHROUGH'
  const has = (name: string): boolean => text(tls[name]) !== ''
  const isBare = tls['mode'] === undefined && !has('credentialName')
  if (!isTls && protocol === 'HTTP') return when(!isBare, `${field}.mode`, 'plainPort')
  const missing = (names: readonly string[], code: 'serverCertificate' | 'caCertificate'): ObjectFault[] =>
    names.flatMap((name) => when(!has(name), `${field}.${name}`, code))
  const names = ['credentialName', 'serverCertificate', 'privateKey'] as const
  if (mode === 'ISTIO_MUTUAL') return names.flatMap((name) => when(has(name), `${field}.${name}`, 'noCertificate'))
  if (has('credentialName') || Array.isArray(tls['credentialNames'])) return []
  const certificates = missing(['serverCertificate', 'privateKey'], 'serverCertificate')
  if (mode === 'SIMPLE') return certificates
  return mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL'
    ? [...certificates, ...missing(['caCertificates'], 'caCertificate')]
    : []
}

/** Source: Istio, `ValidateServiceEntry`, and the CRD's own rules. */
export function serviceEntryFaults(spec: Fields, namespace: string): ObjectFault[] {
  const resolution = text(spec['resolution']) || 'NONE'
  const ports = entries(spec['ports'])
  const endpoints = entries(spec['endpoints'])
  const names = ports.map(({ value }) => text(value['name']))
  const isDns = resolution.startsWith('DNS')
  return [
    ...exportFaults(spec, namespace, true),
    ...selectorFaults(fields(spec['workloadSelector'])['labels'], 'spec.workloadSelector.labels'),
    ...each(
      texts(spec['hosts']),
      'spec.hosts',
      'wildcardHost',
      (host) => host === '*' || (isDns && endpoints.length === 0 && host.startsWith('*')),
    ),
    ...(resolution === 'NONE' || resolution === 'STATIC'
      ? []
      : each(texts(spec['addresses']), 'spec.addresses', 'cidrResolution', (address) => address.includes('/'))),
    ...when(
      hasDuplicates(names) || hasDuplicates(ports.map(({ value }) => String(value['number']))),
      'spec.ports',
      'duplicate',
    ),
    ...endpoints.flatMap(({ at, value }) => [
      ...when(isDns && !isDnsAddress(text(value['address'])), `spec.endpoints[${at}].address`, 'endpointAddress'),
      ...Object.entries(fields(value['ports'])).flatMap(([name, port]) =>
        when(!names.includes(name) || (number(port) ?? 0) < 1, `spec.endpoints[${at}].ports`, 'endpointPort'),
      ),
      ...labelFaults(value['labels'], `spec.endpoints[${at}].labels`),
    ]),
  ]
}

const isDnsAddress = (address: string): boolean =>
  address === '' || (!address.startsWith('*') && isHostOrAddress(address)) || address.startsWith('unix://')

const ENDPOINT = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\]):\d+$|^unix:\/\/.+$/

/** Source: Istio, `ValidateSidecar`. */
export function sidecarFaults(spec: Fields): ObjectFault[] {
  return [
    ...selectorFaults(fields(spec['workloadSelector'])['labels'], 'spec.workloadSelector.labels'),
    ...entries(spec['egress']).flatMap(({ at, value }) =>
      texts(value['hosts']).flatMap((entry, index) => {
        const field = `spec.egress[${at}].hosts[${index}]`
        const [, host, ...more] = entry.split('/')
        if (host === undefined || more.length > 0) return [fault(field, 'namespaceHost')]
        return when(isWildcardDomain(host) && isShort(host), field, 'shortName')
      }),
    ),
    ...entries(spec['ingress']).flatMap(({ at, value }) => {
      const endpoint = text(value['defaultEndpoint'])
      return when(endpoint !== '' && !ENDPOINT.test(endpoint), `spec.ingress[${at}].defaultEndpoint`, 'defaultEndpoint')
    }),
  ]
}
