import { regexFault } from '../analysis/regex.ts'
import { entries, fields, isEmpty, text, type Fields } from '../analysis/read.ts'
import { selectorFaults, targetFaults } from './common-faults.ts'
import { hasDuplicates, optionFaults, portFaults, tooLong, when, type ObjectFault } from './fault.ts'

const LISTENERS = ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER']
const ROUTES = ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']
const APPLY_TO = [...LISTENERS, ...ROUTES, 'CLUSTER', 'EXTENSION_CONFIG', 'BOOTSTRAP', 'LISTENER_FILTER']
const OPERATIONS = [
  'MERGE',
  'ADD',
  'REMOVE',
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'INSERT_FIRST',
  'REPLACE',
  'MERGE_AND_REPLACE_LIST',
]
const CONTEXTS = ['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']
const MATCHES = ['listener', 'routeConfiguration', 'cluster', 'waypoint'] as const
/** The filter whose inner filters can be matched, by its name and its old one. */
const HTTP_MANAGERS = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager']
/** Longer ones are passed over with a warning. */
const MAX_VERSION = 1024

/** Source: Istio, `ValidateEnvoyFilter`, and the CRD's own rules. What is patched in is Envoy's, and left to the server. */
export function envoyFilterFaults(spec: Fields): ObjectFault[] {
  return [
    ...when(spec['workloadSelector'] !== undefined && spec['targetRefs'] !== undefined, 'spec.targetRefs', 'oneTarget'),
    ...selectorFaults(fields(spec['workloadSelector'])['labels'], 'spec.workloadSelector.labels'),
    ...entries(spec['configPatches']).flatMap(({ at, value }) => patchFaults(value, `spec.configPatches[${at}]`)),
  ]
}

function patchFaults(config: Fields, field: string): ObjectFault[] {
  const match = fields(config['match'])
  const given = MATCHES.filter((each) => match[each] !== undefined)
  const isWaypoint = match['context'] === 'WAYPOINT'
  const shape = [
    ...optionFaults(config['applyTo'], [...APPLY_TO, 'INVALID'], `${field}.applyTo`),
    ...optionFaults(match['context'], CONTEXTS, `${field}.match.context`),
    ...optionFaults(fields(config['patch'])['operation'], [...OPERATIONS, 'INVALID'], `${field}.patch.operation`),
    ...when(given.length > 1 || isWaypoint !== given.includes('waypoint'), `${field}.match`, 'patchMatch'),
  ]
  // istiod looks no further into what is meant for waypoints.
  if (shape.length > 0 || isWaypoint) return shape
  const applyTo = text(config['applyTo'])
  if (!APPLY_TO.includes(applyTo)) return [{ field: `${field}.applyTo`, code: 'required' }]
  const patch = fields(config['patch'])
  const operation = text(patch['operation'])
  if (!OPERATIONS.includes(operation)) return [{ field: `${field}.patch.operation`, code: 'required' }]
  if (operation !== 'REMOVE' && patch['value'] === undefined)
    return [{ field: `${field}.patch.value`, code: 'required' }]
  const version = text(fields(match['proxy'])['proxyVersion'])
  const isUnread = version.length <= MAX_VERSION && version !== '' && regexFault(version) !== undefined
  return [
    ...when(isUnread, `${field}.match.proxy.proxyVersion`, 'regex'),
    ...matchFaults(applyTo, match, given[0], `${field}.match`),
  ]
}

function matchFaults(applyTo: string, match: Fields, given: string | undefined, field: string): ObjectFault[] {
  const wanted = LISTENERS.includes(applyTo)
    ? 'listener'
    : ROUTES.includes(applyTo)
      ? 'routeConfiguration'
      : applyTo === 'CLUSTER'
        ? 'cluster'
        : undefined
  if (given !== undefined && wanted !== undefined && given !== wanted) return [{ field, code: 'patchMatch' }]
  const chain = fields(fields(match['listener'])['filterChain'])
  if (wanted !== 'listener' || chain['filter'] === undefined) return []
  const filter = fields(chain['filter'])
  const place = `${field}.listener.filterChain.filter`
  if (text(filter['name']) === '') return [{ field: `${place}.name`, code: 'required' }]
  if (filter['subFilter'] === undefined) return []
  const isAllowed = applyTo === 'HTTP_FILTER' && HTTP_MANAGERS.includes(text(filter['name']))
  if (!isAllowed) return [{ field: `${place}.subFilter`, code: 'subFilter' }]
  return when(text(fields(filter['subFilter'])['name']) === '', `${place}.subFilter.name`, 'required')
}

const SCHEMES = /^(?:(?:https?|oci|file):\/\/\S+|(?!\w+:\/\/)[^\s:/?#]\S*)$/

/** Source: Istio, `ValidateWasmPlugin`, and the CRD's own rules. */
export function wasmPluginFaults(spec: Fields): ObjectFault[] {
  const targets = ['selector', 'targetRef', 'targetRefs'].filter((each) => spec[each] !== undefined)
  const url = text(spec['url'])
  const env = entries(fields(spec['vmConfig'])['env'])
  return [
    ...when(targets.length > 1, `spec.${targets[1] ?? 'targetRefs'}`, 'oneTarget'),
    ...selectorFaults(fields(spec['selector'])['matchLabels'], 'spec.selector.matchLabels'),
    ...targetFaults(isEmpty(spec['targetRef']) ? spec : { targetRefs: [spec['targetRef']] }),
    ...(url === '' ? when(true, 'spec.url', 'required') : when(!SCHEMES.test(url), 'spec.url', 'moduleUrl')),
    ...when(text(spec['sha256']) !== '' && !/^[a-f0-9]{64}$/.test(text(spec['sha256'])), 'spec.sha256', 'checksum'),
    ...tooLong(spec['imagePullSecret'], 253, 'spec.imagePullSecret'),
    ...tooLong(spec['pluginName'], 256, 'spec.pluginName'),
    ...(['imagePullSecret', 'pluginName'] as const).flatMap((name) =>
      when(spec[name] === '', `spec.${name}`, 'emptyText'),
    ),
    ...optionFaults(spec['failStrategy'], ['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD'], 'spec.failStrategy'),
    ...optionFaults(spec['imagePullPolicy'], ['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always'], 'spec.imagePullPolicy'),
    ...optionFaults(spec['phase'], ['UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS'], 'spec.phase'),
    ...optionFaults(spec['type'], ['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK'], 'spec.type'),
    ...when(hasDuplicates(env.map(({ value }) => text(value['name']))), 'spec.vmConfig.env', 'duplicate'),
    ...env.flatMap(({ at, value }) => [
      ...when(text(value['name']) === '', `spec.vmConfig.env[${at}].name`, 'required'),
      ...tooLong(value['name'], 256, `spec.vmConfig.env[${at}].name`),
      ...when(
        value['valueFrom'] === 'HOST' && value['value'] !== undefined,
        `spec.vmConfig.env[${at}].value`,
        'hostValue',
      ),
      ...optionFaults(value['valueFrom'], ['INLINE', 'HOST'], `spec.vmConfig.env[${at}].valueFrom`),
    ]),
    ...entries(spec['match']).flatMap(({ at, value }) => [
      ...optionFaults(value['mode'], ['UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER'], `spec.match[${at}].mode`),
      ...entries(value['ports']).flatMap(({ at: index, value: port }) =>
        portFaults(port['number'], `spec.match[${at}].ports[${index}].number`),
      ),
    ]),
  ]
}
