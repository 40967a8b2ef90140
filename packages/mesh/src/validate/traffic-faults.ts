import { hostCovers, fullHost } from '../analysis/hosts.ts'
import { entries, fields, isEmpty, text, texts, type Fields } from '../analysis/read.ts'
import { regexFault } from '../analysis/regex.ts'
import { exportFaults, labelFaults, selectorFaults } from './common-faults.ts'
import { each, fault, hasDuplicates, when, type ObjectFault } from './fault.ts'
import { localityFaults } from './locality-faults.ts'

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']
const GRPC_STATUS =
  /^(?:OK|CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|UNAUTHENTICATED)$/

/** Source: Istio, `ValidateVirtualService`; what the form's own rules say while typing is not said again. */
export function virtualServiceFaults(spec: Fields, namespace: string): ObjectFault[] {
  return [
    ...exportFaults(spec, namespace),
    ...entries(spec['http']).flatMap(({ at, value }) => routeFaults(value, `spec.http[${at}]`)),
    ...entries(spec['tls']).flatMap(({ at, value }) => sniFaults(spec, value, namespace, `spec.tls[${at}]`)),
  ]
}

function routeFaults(route: Fields, field: string): ObjectFault[] {
  const { fault: injected, rewrite, corsPolicy } = route
  const abort = fields(fields(injected)['abort'])
  const regexRewrite = text(fields(fields(rewrite)['uriRegexRewrite'])['match'])
  const cors = fields(corsPolicy)
  return [
    ...entries(route['match']).flatMap(({ at, value }) =>
      Object.entries(fields(value['sourceLabels'])).flatMap(([name, label]) =>
        labelFaults({ [name]: label }, `${field}.match[${at}].sourceLabels.${name}`),
      ),
    ),
    ...when(injected !== undefined && isEmpty(injected), `${field}.fault`, 'needsFault'),
    ...when(
      text(abort['grpcStatus']) !== '' && !GRPC_STATUS.test(text(abort['grpcStatus'])),
      `${field}.fault.abort.grpcStatus`,
      'grpcStatus',
    ),
    ...when(rewrite !== undefined && isEmpty(rewrite), `${field}.rewrite`, 'needsRewrite'),
    ...when(
      regexRewrite !== '' && regexFault(regexRewrite) !== undefined,
      `${field}.rewrite.uriRegexRewrite.match`,
      'regex',
    ),
    ...entries(cors['allowOrigins']).flatMap(({ at, value }) =>
      when(regexFault(text(value['regex'])) !== undefined, `${field}.corsPolicy.allowOrigins[${at}].regex`, 'regex'),
    ),
    ...each(texts(cors['allowMethods']), `${field}.corsPolicy.allowMethods`, 'method', (one) => !METHODS.includes(one)),
    ...(['allowHeaders', 'exposeHeaders'] as const).flatMap((name) =>
      each(
        texts(cors[name]),
        `${field}.corsPolicy.${name}`,
        'headerName',
        (one) => one !== '*' && !HEADER_NAME.test(one),
      ),
    ),
    ...(['request', 'response'] as const).flatMap((side) =>
      headerFaults(fields(fields(route['headers'])[side]), `${field}.headers.${side}`),
    ),
  ]
}

function headerFaults(change: Fields, field: string): ObjectFault[] {
  return [
    ...(['set', 'add'] as const).flatMap((name) =>
      when(Object.keys(fields(change[name])).includes(''), `${field}.${name}`, 'headerName'),
    ),
    ...each(texts(change['remove']), `${field}.remove`, 'headerName', (one) => one === ''),
  ]
}

function sniFaults(spec: Fields, route: Fields, namespace: string, field: string): ObjectFault[] {
  const hosts = texts(spec['hosts']).flatMap((host) => [host, fullHost(host, namespace)])
  return entries(route['match']).flatMap(({ at, value }) =>
    each(texts(value['sniHosts']), `${field}.match[${at}].sniHosts`, 'sniHosts', (sni) =>
      hosts.every((host) => !hostCovers(host, sni)),
    ),
  )
}

/** Source: Istio, `ValidateDestinationRule`. */
export function destinationRuleFaults(spec: Fields, namespace: string): ObjectFault[] {
  const subsets = entries(spec['subsets'])
  return [
    ...exportFaults(spec, namespace),
    ...selectorFaults(fields(spec['workloadSelector'])['matchLabels'], 'spec.workloadSelector.matchLabels'),
    ...when(hasDuplicates(subsets.map(({ value }) => text(value['name']))), 'spec.subsets', 'duplicate'),
    ...subsets.flatMap(({ at, value }) => [
      ...labelFaults(value['labels'], `spec.subsets[${at}].labels`),
      ...policyFaults(fields(value['trafficPolicy']), `spec.subsets[${at}].trafficPolicy`),
    ]),
    ...policyFaults(fields(spec['trafficPolicy']), 'spec.trafficPolicy'),
  ]
}

const POLICY = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls']

function policyFaults(policy: Fields, field: string): ObjectFault[] {
  const http = fields(fields(policy['connectionPool'])['http'])
  const locality = fields(policy['loadBalancer'])['localityLbSetting']
  return [
    ...clientTlsFaults(fields(policy['tls']), `${field}.tls`),
    ...when(
      http['useClientProtocol'] === true && http['h2UpgradePolicy'] === 'UPGRADE',
      `${field}.connectionPool.http.useClientProtocol`,
      'clientProtocol',
    ),
    ...localityFaults(locality, `${field}.loadBalancer.localityLbSetting`),
    ...entries(policy['portLevelSettings']).flatMap(({ at, value }) => {
      const own = `${field}.portLevelSettings[${at}]`
      return POLICY.every((part) => value[part] === undefined)
        ? [fault(`${own}.port.number`, 'needsPolicy')]
        : policyFaults(value, own)
    }),
  ]
}

function clientTlsFaults(tls: Fields, field: string): ObjectFault[] {
  const has = (name: string): boolean => text(tls[name]) !== ''
  const files = ['clientCertificate', 'privateKey', 'caCertificates'].filter(has)
  if (has('credentialName')) return when(files.length > 0, `${field}.credentialName`, 'credentialAlone')
  return tls['mode'] === 'MUTUAL'
    ? (['clientCertificate', 'privateKey'] as const).flatMap((name) =>
        when(!has(name), `${field}.${name}`, 'clientCertificate'),
      )
    : []
}
