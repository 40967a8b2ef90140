import { entries, fields, isEmpty, text, texts, type Fields } from '../analysis/read.ts'
import { selectorFaults, targetFaults } from './common-faults.ts'
import { each, fault, when, type ObjectFault } from './fault.ts'

/** Source: Istio, `ValidateAuthorizationPolicy`. */
export function authorizationFaults(spec: Fields): ObjectFault[] {
  const isCustom = spec['action'] === 'CUSTOM'
  const provider = text(fields(spec['provider'])['name'])
  return [
    ...selectorFaults(fields(spec['selector'])['matchLabels'], 'spec.selector.matchLabels'),
    ...targetFaults(spec),
    ...when(isCustom && provider === '', 'spec.provider.name', 'needsProvider'),
    ...when(!isCustom && spec['provider'] !== undefined, 'spec.provider.name', 'surplusProvider'),
    ...entries(spec['rules']).flatMap(({ at, value }) => ruleFaults(value, `spec.rules[${at}]`)),
  ]
}

function ruleFaults(rule: Fields, field: string): ObjectFault[] {
  const blocks = (list: 'from' | 'to', inner: 'source' | 'operation') =>
    entries(rule[list]).map(({ at, value }) => ({
      place: `${field}.${list}[${at}].${inner}`,
      block: fields(value[inner]),
    }))
  const [sources, operations] = [blocks('from', 'source'), blocks('to', 'operation')]
  return [
    ...[...sources, ...operations].flatMap(({ place, block }) => [
      ...when(isEmpty(block), place, 'emptyBlock'),
      ...Object.keys(block).flatMap((name) =>
        each(texts(block[name]), `${place}.${name}`, 'emptyText', (one) => one === ''),
      ),
    ]),
    ...sources.flatMap(({ place, block }) => accountFaults(place, block)),
    ...operations.flatMap(({ place, block }) =>
      (['paths', 'notPaths'] as const).flatMap((name) =>
        each(texts(block[name]), `${place}.${name}`, 'pathTemplate', (path) => path !== '' && !isPathPattern(path)),
      ),
    ),
    ...entries(rule['when']).flatMap(({ at, value }) => conditionFaults(value, `${field}.when[${at}]`)),
  ]
}

function accountFaults(place: string, block: Fields): ObjectFault[] {
  const pairs = [
    ['serviceAccounts', ['principals', 'namespaces']],
    ['notServiceAccounts', ['notPrincipals', 'notNamespaces']],
  ] as const
  return pairs.flatMap(([name, others]) => [
    ...each(texts(block[name]), `${place}.${name}`, 'accountFormat', (one) => one.split('/').length > 2),
    ...when(
      texts(block[name]).length > 0 && others.some((other) => texts(block[other]).length > 0),
      `${place}.${name}`,
      'accountAlone',
    ),
  ])
}

/** Braces only as whole parts, `{**}` only once and only the last of them. Source: Istio, `security.CheckValidPathTemplate`. */
function isPathPattern(path: string): boolean {
  if (!/[{}]/.test(path)) return true
  const parts = path.split('/')
  const open = parts.indexOf('{**}')
  const isOpenLast = open < 0 || !parts.slice(open + 1).some((part) => part.startsWith('{'))
  return isOpenLast && parts.every((part) => part === '{*}' || part === '{**}' || !/[{}*]/.test(part))
}

const PLAIN_KEYS = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.principal',
  'source.serviceAccount',
  'source.trustDomain',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
]
const NAMED_KEY =
  /^(?:request\.headers\[[^\]]+\]|request\.auth\.claims(?:\[[^\]]+\])+|experimental\.envoy\.filters\..+)$/
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$|^[\da-fA-F:]*:[\da-fA-F:.]*(?:\/\d{1,3})?$/

function conditionFaults(condition: Fields, field: string): ObjectFault[] {
  const key = text(condition['key'])
  const values = [...texts(condition['values']), ...texts(condition['notValues'])]
  if (key === '') return []
  if (!PLAIN_KEYS.includes(key) && !NAMED_KEY.test(key)) return [fault(`${field}.key`, 'conditionKey')]
  if (values.length === 0) return [fault(`${field}.values`, 'needsValues')]
  const isAddress = ['source.ip', 'remote.ip', 'destination.ip'].includes(key)
  const isPort = key === 'destination.port'
  return (['values', 'notValues'] as const).flatMap((name) =>
    each(texts(condition[name]), `${field}.${name}`, 'conditionValue', (value) => {
      if (isAddress) return !ADDRESS.test(value)
      return isPort && !(/^\d{1,5}$/.test(value) && Number(value) <= 65_535)
    }),
  )
}

/** Source: Istio, `ValidatePeerAuthentication`, and the CRD's own rules. */
export function peerAuthenticationFaults(spec: Fields): ObjectFault[] {
  const selector = fields(spec['selector'])['matchLabels']
  return [
    ...selectorFaults(selector, 'spec.selector.matchLabels'),
    ...when(!isEmpty(spec['portLevelMtls']) && isEmpty(selector), 'spec.selector.matchLabels', 'needsSelector'),
    ...when(fields(spec['mtls'])['mode'] === '', 'spec.mtls.mode', 'required'),
  ]
}

const HEADER_NAME = /^[-_A-Za-z0-9]+$/

/** Source: Istio, `validateJwtRule`, and the CRD's own rules. */
export function requestAuthenticationFaults(spec: Fields): ObjectFault[] {
  return [
    ...selectorFaults(fields(spec['selector'])['matchLabels'], 'spec.selector.matchLabels'),
    ...targetFaults(spec),
    ...entries(spec['jwtRules']).flatMap(({ at, value }) => {
      const field = `spec.jwtRules[${at}]`
      return [
        ...when(text(value['jwks']) !== '' && text(value['jwksUri']) !== '', `${field}.jwks`, 'jwksTwice'),
        ...(['audiences', 'fromParams', 'fromCookies'] as const).flatMap((name) =>
          each(texts(value[name]), `${field}.${name}`, 'emptyText', (one) => one === ''),
        ),
        ...entries(value['outputClaimToHeaders']).flatMap(({ at: index, value: claim }) =>
          when(
            text(claim['header']) !== '' && !HEADER_NAME.test(text(claim['header'])),
            `${field}.outputClaimToHeaders[${index}].header`,
            'headerName',
          ),
        ),
      ]
    }),
  ]
}

/** Source: Istio, `ValidateTelemetry`, and the CRD's own rules. */
export function telemetryFaults(spec: Fields): ObjectFault[] {
  return [
    ...selectorFaults(fields(spec['selector'])['matchLabels'], 'spec.selector.matchLabels'),
    ...targetFaults(spec),
    ...entries(spec['tracing']).flatMap(({ at, value }) =>
      Object.entries(fields(value['customTags'])).flatMap(([name, tag]) =>
        when(fields(fields(tag)['literal'])['value'] === '', `spec.tracing[${at}].customTags.${name}`, 'emptyText'),
      ),
    ),
    ...entries(spec['metrics']).flatMap(({ at, value }) =>
      entries(value['overrides']).flatMap(({ at: index, value: override }) =>
        Object.entries(fields(override['tagOverrides'])).flatMap(([name, tag]) => {
          const { operation = 'UPSERT', value: content } = fields(tag)
          const hasValue = text(content) !== ''
          return when(
            operation === 'REMOVE' ? hasValue : !hasValue,
            `spec.metrics[${at}].overrides[${index}].tagOverrides.${name}.value`,
            'tagValue',
          )
        }),
      ),
    ),
    ...entries(spec['accessLogging']).flatMap(({ at, value }) =>
      when(
        value['filter'] !== undefined && text(fields(value['filter'])['expression']).trim() === '',
        `spec.accessLogging[${at}].filter.expression`,
        'required',
      ),
    ),
  ]
}
