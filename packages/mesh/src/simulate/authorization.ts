import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, text } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import { matchRule, type AuthorizationContext, type RuleMatch } from './authorization-rules.ts'
import { ownNamespace, type Party } from './caller.ts'
import { byAge, nameOf, placeOf, type Hop, type Outcomes, type Step } from './explanation.ts'
import { appliesTo } from './policy-target.ts'
import type { StepCode } from './step-codes.ts'

export interface Authorization {
  steps: readonly Step[]
  /** Absent: it goes on. `depends`: on an external authorizer, or on what cannot be known. */
  refused?: Outcomes
}

type Context = Omit<AuthorizationContext, 'policyNamespace'>

/**
 * CUSTOM, then DENY, then ALLOW: a deny that fits refuses; without any ALLOW policy all else is allowed; with one, only what
 * fits one of its rules. Source: https://istio.io/latest/docs/concepts/security/#implicit-enablement
 */
export function authorize(world: World, hop: Hop, party: Party, context: Context): Authorization {
  const policies = world
    .all('AuthorizationPolicy')
    .filter((object) => appliesTo(world, object, party))
    .toSorted(byAge)
  const actionOf = (object: KubeResource): string => text(fields(object.spec)['action']) || 'ALLOW'
  const of = (action: string): KubeResource[] => policies.filter((object) => actionOf(object) === action)
  const status = context.http ? { status: 403 } : {}
  const steps: Step[] = of('AUDIT').map((object) => policyStep(world, hop, 'note', 'authz.audit', object))
  if (policies.length === steps.length)
    return { steps: [...steps, { hop, outcome: 'ok', code: 'authz.none', values: {} }] }

  const custom = tryPolicies(world, hop, of('CUSTOM'), context)
  if (custom.fitting !== undefined) {
    const { object, path, open } = custom.fitting
    const provider = text(fields(fields(object.spec)['provider'])['name'])
    steps.push({
      ...policyStep(world, hop, 'open', open ? 'authz.open' : 'authz.custom', object, path),
      values: { name: nameOf(object), provider, wanted: custom.fitting.wanted },
    })
  } else steps.push(...custom.others)

  const deny = tryPolicies(world, hop, of('DENY'), context)
  if (deny.fitting !== undefined) {
    const { object, path, open, wanted } = deny.fitting
    const step = policyStep(world, hop, open ? 'open' : 'stop', open ? 'authz.open' : 'authz.denied', object, path)
    const said = { ...step, values: { ...step.values, wanted }, others: deny.others }
    if (!open) return { steps: [...steps, said], refused: { verdict: 'denied', ...status } }
    steps.push(said)
  } else steps.push(...deny.others)

  const isOpen = custom.fitting !== undefined || deny.fitting !== undefined
  const depends = isOpen ? { refused: { verdict: 'depends' as const } } : {}
  const allow = tryPolicies(world, hop, of('ALLOW'), context)
  if (of('ALLOW').length === 0)
    return { steps: [...steps, { hop, outcome: 'ok', code: 'authz.no-allow', values: {} }], ...depends }
  if (allow.fitting === undefined) {
    const [first] = of('ALLOW')
    return {
      steps: [
        ...steps,
        {
          hop,
          outcome: 'stop',
          code: 'authz.not-allowed',
          values: { policies: of('ALLOW').map(nameOf).join(', ') },
          ...(first && { place: placeOf(world.cluster, 'AuthorizationPolicy', first) }),
          others: allow.others,
        },
      ],
      refused: { verdict: 'denied', ...status },
    }
  }
  const { object, path, open, wanted } = allow.fitting
  const step = policyStep(world, hop, open ? 'open' : 'ok', open ? 'authz.open' : 'authz.allowed', object, path)
  return {
    steps: [...steps, { ...step, values: { ...step.values, wanted }, others: allow.others }],
    ...(open ? { refused: { verdict: 'depends' as const } } : depends),
  }
}

function policyStep(
  world: World,
  hop: Hop,
  outcome: Step['outcome'],
  code: StepCode,
  object: KubeResource,
  path = '',
): Step {
  return {
    hop,
    outcome,
    code,
    values: { name: nameOf(object) },
    place: placeOf(world.cluster, 'AuthorizationPolicy', object, path),
  }
}

interface Tried {
  fitting: { object: KubeResource; path: string; open: boolean; wanted: string } | undefined
  others: readonly Step[]
}

/** The first rule that fits, else the first of which it cannot be told; and why the others do not. */
function tryPolicies(world: World, hop: Hop, policies: readonly KubeResource[], context: Context): Tried {
  const others: Step[] = []
  let unsure: Tried['fitting']
  for (const object of policies) {
    const isAllow = (text(fields(object.spec)['action']) || 'ALLOW') === 'ALLOW'
    const rules = entries(fields(object.spec)['rules'])
    if (rules.length === 0) others.push(policyStep(world, hop, 'skip', 'authz.empty', object))
    for (const { at, value } of rules) {
      const path = `spec.rules[${at}]`
      const match = matchRule(value, { ...context, policyNamespace: ownNamespace(object) })
      // On TCP an ALLOW rule that asks for HTTP is left out; of any other only the fields are.
      if (match.httpOnly && isAllow) {
        others.push({ ...policyStep(world, hop, 'skip', 'authz.http-only', object, path) })
        continue
      }
      if (match.fits === true) return { fitting: { object, path, open: false, wanted: '' }, others }
      if (match.fits === undefined)
        unsure ??= { object, path: `${path}.${match.path}`, open: true, wanted: match.wanted }
      else others.push(missStep(world, hop, object, path, match))
    }
  }
  return { fitting: unsure, others }
}

function missStep(world: World, hop: Hop, object: KubeResource, path: string, match: RuleMatch): Step {
  const field = match.path.split('.').at(-1) ?? ''
  return {
    ...policyStep(world, hop, 'skip', 'authz.miss', object, match.path === '' ? path : `${path}.${match.path}`),
    values: { name: nameOf(object), field, wanted: match.wanted, got: match.got },
  }
}
