import { entries, fields, isEmpty, text, texts, type Fields } from '../analysis/read.ts'
import { identityOf, namesOf } from '../istio/trust-domains.ts'
import { claimAt } from './route-match.ts'
import { and, inBlocks, matchesPattern, not, or, type Tri } from './string-match.ts'

/** What a server's proxy knows of a request when it authorizes it. */
export interface AuthorizationContext {
  /** Without HTTP, fields of HTTP cannot be asked for. */
  http: boolean
  /** `cluster.local/ns/shop/sa/cart` by the caller's certificate; undefined without mutual TLS. */
  principal: string | undefined
  trustDomains: readonly string[]
  authority: string
  method: string
  path: string
  headers: Readonly<Record<string, string>>
  claims: Readonly<Record<string, unknown>> | undefined
  /** The port that the server listens on, not the service's; undefined when a name of a port hides it. */
  port: number | undefined
  /** Of the connection, and of whoever sent the request at first. */
  ip: string | undefined
  remoteIp: string | undefined
  sni: string | undefined
  /** Namespace of the policy, which short names of service accounts mean. */
  policyNamespace: string
}

/** What a rule says to a request, and which part of it keeps it from fitting. */
export interface RuleMatch {
  fits: Tri
  /** Below the rule: `from[0].source.principals`. */
  path: string
  wanted: string
  got: string
  /** It names fields of HTTP, which a TCP connection does not have. */
  httpOnly: boolean
}

interface Part {
  path: string
  wanted: readonly string[]
  got: string
  fits: Tri
  httpOnly: boolean
}

/**
 * A rule fits when one of its sources, one of its operations and all of its conditions do. Source:
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule
 */
export function matchRule(rule: Fields, context: AuthorizationContext): RuleMatch {
  const alternatives = (list: 'from' | 'to', inner: 'source' | 'operation'): Part[][] =>
    entries(rule[list]).map(({ at, value }) =>
      partsOf(fields(value[inner]), `${list}[${at}].${inner}`, (field) =>
        list === 'from' ? sourceTest(field, context) : operationTest(field, context),
      ),
    )
  const conditions = entries(rule['when']).map(({ at, value }) => conditionPart(value, `when[${at}]`, context))
  const groups = [alternatives('from', 'source'), alternatives('to', 'operation'), [conditions]].filter(
    (group) => group.length > 0,
  )
  const all = groups.flat(2)
  // A TCP filter leaves out what only HTTP knows; whether it then keeps the rule depends on the action.
  const told = (parts: readonly Part[]): Tri =>
    and(parts.filter((part) => context.http || !part.httpOnly).map(({ fits }) => fits))
  const fits = and(groups.map((group) => or(group.map(told))))
  const blocking = groups.find((group) => or(group.map(told)) !== true)?.flat() ?? []
  const part = blocking.find((each) => each.fits === fits) ?? blocking[0]
  return {
    fits,
    path: part?.path ?? '',
    wanted: part?.wanted.join(', ') ?? '',
    got: part?.got ?? '',
    httpOnly: !context.http && all.some(({ httpOnly }) => httpOnly),
  }
}

/** How one field is asked: what is there, and whether one of the values fits it. */
interface FieldTest {
  got: string
  fits: (values: readonly string[]) => Tri
  httpOnly: boolean
}

/** `principals` and `notPrincipals` are the same question, and the other way round. */
function partsOf(block: Fields, path: string, testOf: (field: string) => FieldTest | undefined): Part[] {
  return Object.keys(block).flatMap((name) => {
    const values = texts(block[name])
    const isNot = /^not[A-Z]/.test(name)
    const field = isNot ? name.charAt(3).toLowerCase() + name.slice(4) : name
    const test = testOf(field)
    if (values.length === 0 || test === undefined) return []
    const fits = test.fits(values)
    return [
      {
        path: `${path}.${name}`,
        wanted: values,
        got: test.got,
        fits: isNot ? not(fits) : fits,
        httpOnly: test.httpOnly,
      },
    ]
  })
}

function test(got: string | undefined, fits: (value: string, pattern: string) => boolean, httpOnly = false): FieldTest {
  return {
    got: got ?? '',
    httpOnly,
    fits: (values) => got !== undefined && values.some((pattern) => fits(got, pattern)),
  }
}

function sourceTest(field: string, context: AuthorizationContext): FieldTest | undefined {
  const { principal, claims } = context
  const identity = identityOf(principal)
  switch (field) {
    case 'principals':
      return test(principal, (value, pattern) =>
        namesOf(value, context.trustDomains).some((each) => matchesPattern(pattern, each)),
      )
    case 'namespaces':
      return test(identity?.namespace, (value, pattern) => matchesWild(pattern, value))
    case 'serviceAccounts':
      return test(
        identity && `${identity.namespace}/${identity.account}`,
        (value, pattern) => (pattern.includes('/') ? pattern : `${context.policyNamespace}/${pattern}`) === value,
      )
    case 'trustDomains':
      return test(identity?.domain, (value, pattern) => matchesWild(pattern, value))
    case 'requestPrincipals':
      return test(requestPrincipal(claims), (value, pattern) => matchesPattern(pattern, value), true)
    case 'ipBlocks':
      return { got: context.ip ?? '', fits: (values) => inBlocks(context.ip, values), httpOnly: false }
    case 'remoteIpBlocks':
      return { got: context.remoteIp ?? '', fits: (values) => inBlocks(context.remoteIp, values), httpOnly: false }
    default:
      return undefined
  }
}

function operationTest(field: string, context: AuthorizationContext): FieldTest | undefined {
  switch (field) {
    case 'hosts':
      return test(context.authority, (value, pattern) => matchesPattern(pattern, value, true), true)
    case 'methods':
      return test(context.method, (value, pattern) => matchesPattern(pattern, value), true)
    case 'paths':
      return test(context.path, (value, pattern) => matchesPath(pattern, value), true)
    case 'ports':
      return portTest(context)
    default:
      return undefined
  }
}

function portTest({ port }: AuthorizationContext): FieldTest {
  return {
    got: String(port ?? ''),
    httpOnly: false,
    fits: (values) => (port === undefined ? undefined : values.includes(String(port))),
  }
}

/** `{*}` is one part of a path, `{**}` any number. Source: https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation */
function matchesPath(pattern: string, path: string): boolean {
  if (!/\{\*\*?\}/.test(pattern)) return matchesPattern(pattern, path)
  const [wanted, got] = [pattern.split('/'), path.split('/')]
  const open = wanted.indexOf('{**}')
  const fits = (part: string | undefined, value: string | undefined): boolean =>
    part === '{*}' ? value !== undefined && value !== '' : part === value
  if (open < 0) return wanted.length === got.length && wanted.every((part, at) => fits(part, got[at]))
  const tail = wanted.slice(open + 1)
  return (
    got.length >= open + tail.length &&
    wanted.slice(0, open).every((part, at) => fits(part, got[at])) &&
    tail.every((part, at) => fits(part, got[got.length - tail.length + at]))
  )
}

/** A `*` anywhere. */
function matchesWild(pattern: string, value: string): boolean {
  const [start = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === value
  let at = start.length
  if (!value.startsWith(start)) return false
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1
    const found = isLast ? value.length - part.length : value.indexOf(part, at)
    if (found < at || !value.startsWith(part, found)) return false
    at = found + part.length
  }
  return true
}

/** `issuer/subject` of a token that was checked. */
function requestPrincipal(claims: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return claims === undefined || isEmpty(claims) ? undefined : `${text(claims['iss'])}/${text(claims['sub'])}`
}

/** Source: https://istio.io/latest/docs/reference/config/security/conditions/ */
function conditionPart(condition: Fields, path: string, context: AuthorizationContext): Part {
  const key = text(condition['key'])
  const found = conditionTest(key, context) ?? { got: '', fits: () => undefined, httpOnly: false }
  const [values, notValues] = [texts(condition['values']), texts(condition['notValues'])]
  const fits = and([
    values.length === 0 ? true : found.fits(values),
    notValues.length === 0 ? true : not(found.fits(notValues)),
  ])
  return {
    path: `${path}.key`,
    wanted: [`${key}: ${[...values, ...notValues.map((each) => `≠ ${each}`)].join(', ')}`],
    got: found.got,
    fits,
    httpOnly: found.httpOnly,
  }
}

function conditionTest(key: string, context: AuthorizationContext): FieldTest | undefined {
  const [, kind, name = ''] = /^(request\.headers|request\.auth\.claims)((?:\[[^\]]+\])+)$/.exec(key) ?? []
  const parts = [...name.matchAll(/\[([^\]]+)\]/g)].map(([, part = '']) => part)
  const many = (got: readonly string[]): FieldTest => ({
    got: got.join(', '),
    httpOnly: true,
    fits: (values) => got.some((value) => values.some((pattern) => matchesPattern(pattern, value))),
  })
  if (kind === 'request.headers')
    return test(
      context.headers[(parts[0] ?? '').toLowerCase()],
      (value, pattern) => matchesPattern(pattern, value),
      true,
    )
  if (kind === 'request.auth.claims') return many(claimAt(context.claims, parts))
  switch (key) {
    case 'source.principal':
      return sourceTest('principals', context)
    case 'source.namespace':
      return sourceTest('namespaces', context)
    case 'source.serviceAccount':
      return sourceTest('serviceAccounts', context)
    case 'source.ip':
      return sourceTest('ipBlocks', context)
    case 'remote.ip':
      return sourceTest('remoteIpBlocks', context)
    case 'request.auth.principal':
      return sourceTest('requestPrincipals', context)
    case 'request.auth.audiences':
      return many(claimAt(context.claims, ['aud']))
    case 'request.auth.presenter':
      return many(claimAt(context.claims, ['azp']))
    case 'destination.port':
      return portTest(context)
    case 'connection.sni':
      return context.sni === undefined
        ? { got: '', fits: () => undefined, httpOnly: false }
        : test(context.sni, (value, pattern) => matchesPattern(pattern, value))
    default:
      return undefined
  }
}
