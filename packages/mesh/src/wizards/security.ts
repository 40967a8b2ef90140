import type { KubeResource } from '@meshdeck/kube'
import { fields, items, labelsIn, text } from '../analysis/read.ts'
import { readAnswers } from './read-answers.ts'
import { freeName, made, oldest, realChanges, type Answers, type Wizard, type WizardWorld } from './wizard.ts'

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
export const allowOnly: Wizard = (answers, world) => {
  const read = readAnswers(answers)
  const { service } = world
  if (service === undefined) return { problems: [{ field: 'service', code: 'required' }], changes: [] }
  const principals = read.list('principals')
  const namespaces = read.list('namespaces')
  const methods = read.list('methods')
  const paths = read.list('paths')
  if (paths.some((path) => !/^[/*]/.test(path))) read.tell('paths', 'path')
  if (principals.length === 0 && namespaces.length === 0) read.tell('principals', 'required')
  if (read.problems.length > 0) return { problems: read.problems, changes: [] }
  const operation = { ...(methods.length === 0 ? {} : { methods }), ...(paths.length === 0 ? {} : { paths }) }
  const rules = [
    {
      from: [
        ...(principals.length === 0 ? [] : [{ source: { principals } }]),
        ...(namespaces.length === 0 ? [] : [{ source: { namespaces } }]),
      ],
      ...(Object.keys(operation).length === 0 ? {} : { to: [{ operation }] }),
    },
  ]
  // One with the same selector is changed: beside it a second one would only allow more.
  const before = oldest(
    allowing(world).filter(
      (each) => each.metadata.namespace === service.namespace && isSame(selectorOf(each), service.selector),
    ),
  )
  const name = freeName(world, 'AuthorizationPolicy', service.namespace, `allow-${service.name}`)
  const after =
    before === undefined
      ? made('AuthorizationPolicy', service.namespace, name, {
          selector: { matchLabels: service.selector },
          action: 'ALLOW',
          rules,
        })
      : { ...before, spec: { ...fields(before.spec), rules } }
  return { problems: [], changes: realChanges([{ kind: 'AuthorizationPolicy', before, after }]) }
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
      const isOwn = namespace === service.namespace && isSame(selector, service.selector)
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

/** Those who call now and could not any more. */
export function callersCutOff(callers: readonly PresentCaller[], answers: Answers): PresentCaller[] {
  const read = readAnswers(answers)
  const principals = read.list('principals')
  const namespaces = read.list('namespaces')
  return callers.filter(
    ({ namespace, principal }) =>
      principal === undefined || !(principals.includes(principal) || namespaces.includes(namespace)),
  )
}
