import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, items, labelsIn, text } from '../analysis/read.ts'
import { identityOf, isTrusted, namesOf } from '../istio/trust-domains.ts'
import { matchesPattern } from '../simulate/string-match.ts'
import { aboutService } from './about-service.ts'
import { ambientNotes, isAmbientService, waypointOf } from './ambient.ts'
import { readAnswers } from './read-answers.ts'
import {
  freeName,
  made,
  oldest,
  realChanges,
  type Answers,
  type Wizard,
  type WizardNote,
  type WizardService,
  type WizardWorld,
} from './wizard.ts'

type Selector = Readonly<Record<string, string>>

const selectorOf = ({ spec }: KubeResource): Selector => labelsIn(fields(fields(spec)['selector'])['matchLabels'])
const isSame = (a: Selector, b: Selector): boolean =>
  JSON.stringify(Object.entries(a).toSorted()) === JSON.stringify(Object.entries(b).toSorted())

/** Where mutual TLS becomes a must: the mesh, a namespace, or the workloads of a service. */
export const strictMutualTls: Wizard = (answers, world) => {
  const read = readAnswers(answers)
  const scope = read.required('scope')
  const { service } = world
  if (scope === 'service' && service === undefined) read.tell('service', 'required')
  const namespace =
    scope === 'mesh'
      ? world.rootNamespace
      : scope === 'namespace'
        ? read.label('namespace')
        : (service?.namespace ?? '')
  const selector = scope === 'service' ? (service?.selector ?? {}) : {}
  if (read.problems.length > 0) return { problems: read.problems, changes: [] }
  const before = oldest(
    world
      .all('PeerAuthentication')
      .filter((each) => each.metadata.namespace === namespace && isSame(selectorOf(each), selector)),
  )
  const wanted = scope === 'service' ? (service?.name ?? 'default') : 'default'
  const spec = fields(before?.spec)
  const after =
    before === undefined
      ? made('PeerAuthentication', namespace, freeName(world, 'PeerAuthentication', namespace, wanted), {
          ...(Object.keys(selector).length === 0 ? {} : { selector: { matchLabels: selector } }),
          mtls: { mode: 'STRICT' },
        })
      : { ...before, spec: { ...spec, mtls: { ...fields(spec['mtls']), mode: 'STRICT' } } }
  return { problems: [], changes: realChanges([{ kind: 'PeerAuthentication', before, after }]) }
}

/** Who may call a service; all others may not. */
export const allowOnly: Wizard = aboutService((read, world, service) => {
  const principals = read.list('principals')
  const namespaces = read.list('namespaces')
  const methods = read.list('methods')
  const paths = read.list('paths')
  if (paths.some((path) => !/^[/*]/.test(path))) read.tell('paths', 'path')
  if (principals.length === 0 && namespaces.length === 0) read.tell('principals', 'required')
  const operation = { ...(methods.length === 0 ? {} : { methods }), ...(paths.length === 0 ? {} : { paths }) }
  const isHttp = Object.keys(operation).length > 0
  const rules = [
    {
      from: [
        ...(principals.length === 0 ? [] : [{ source: { principals } }]),
        ...(namespaces.length === 0 ? [] : [{ source: { namespaces } }]),
      ],
      ...(isHttp ? { to: [{ operation }] } : {}),
    },
  ]
  // One for the same workloads is changed: beside it a second one would only allow more.
  const before = oldest(allowing(world).filter((each) => isFor(each, service)))
  const name = freeName(world, 'AuthorizationPolicy', service.namespace, `allow-${service.name}`)
  const after =
    before === undefined
      ? made('AuthorizationPolicy', service.namespace, name, { ...scopeOf(service), action: 'ALLOW', rules })
      : { ...before, spec: { ...fields(before.spec), rules } }
  return {
    changes: [{ kind: 'AuthorizationPolicy', before, after }],
    notes: [
      // ztunnel can tell callers, and nothing of HTTP.
      ...(isHttp || waypointOf(service) !== undefined ? ambientNotes(service) : []),
      ...foreignDomains(principals, world),
    ],
  }
})

/** What a policy is attached to: behind a waypoint the service, since callers are known there alone; else its workloads. */
const scopeOf = (service: WizardService): object =>
  isBehindWaypoint(service)
    ? { targetRefs: [{ group: '', kind: 'Service', name: service.name }] }
    : { selector: { matchLabels: service.selector } }

const isBehindWaypoint = (service: WizardService): boolean =>
  isAmbientService(service) && waypointOf(service) !== undefined

function isFor(policy: KubeResource, service: WizardService): boolean {
  if (policy.metadata.namespace !== service.namespace) return false
  const targets = entries(fields(policy.spec)['targetRefs']).map(({ value }) => value)
  if (isBehindWaypoint(service))
    return targets.length === 1 && targets[0]?.['kind'] === 'Service' && targets[0]['name'] === service.name
  return targets.length === 0 && isSame(selectorOf(policy), service.selector)
}

/** Callers that the mesh does not know by their certificates. */
function foreignDomains(principals: readonly string[], { trustDomains }: WizardWorld): WizardNote[] {
  const foreign = principals.filter((each) => {
    const identity = identityOf(each)
    return identity !== undefined && !isTrusted(identity.domain, trustDomains)
  })
  return foreign.length === 0
    ? []
    : [{ code: 'foreignDomain', values: { principals: foreign.join(', '), domains: trustDomains.join(', ') } }]
}

const allowing = (world: WizardWorld): KubeResource[] =>
  world.all('AuthorizationPolicy').filter(({ spec }) => ['', 'ALLOW'].includes(text(fields(spec)['action'])))

/** Policies beside the wizard's own that let somebody in, as `namespace/name`: what one allows, all allow. */
export function otherAllowing(world: WizardWorld): string[] {
  const { service } = world
  if (service === undefined) return []
  return allowing(world)
    .filter((policy) => {
      const { namespace } = policy.metadata
      const selector = selectorOf(policy)
      const isAbout =
        (namespace === service.namespace || namespace === world.rootNamespace) &&
        Object.entries(selector).every(([key, value]) => service.selector[key] === value)
      const isOwn = isFor(policy, service)
      return isAbout && !isOwn && items(fields(policy.spec)['rules']).length > 0
    })
    .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
}

/** Somebody who calls now. */
export interface PresentCaller {
  namespace: string
  name: string
  /** Absent when it has no identity, as without a sidecar. */
  principal: string | undefined
}

/** Those who call now and could not any more. A caller is known by its name in any of the mesh's trust domains. */
export function callersCutOff(
  callers: readonly PresentCaller[],
  answers: Answers,
  trustDomains: readonly string[],
): PresentCaller[] {
  const read = readAnswers(answers)
  const principals = read.list('principals')
  const namespaces = read.list('namespaces')
  const isNamed = (principal: string): boolean =>
    namesOf(principal, trustDomains).some((name) => principals.some((pattern) => matchesPattern(pattern, name)))
  return callers.filter(
    ({ namespace, principal }) => principal === undefined || !(isNamed(principal) || namespaces.includes(namespace)),
  )
}
