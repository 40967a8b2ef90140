import type { KubeResource } from '@meshdeck/kube'
import { hostCovers } from '../analysis/hosts.ts'
import { entries, fields, isEmpty, labelsIn, number, text, texts, type Fields } from '../analysis/read.ts'
import { isVisible } from '../analysis/registry.ts'
import { hostOfRule } from '../analysis/rules/destination-rules.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace, selects, type Party } from './caller.ts'
import { byAge, nameOf, placeOf, type Hop, type Step } from './explanation.ts'
import { specificity } from './mesh-routes.ts'
import type { StepCode } from './step-codes.ts'

/** The rules in force for a host: the first one's policy counts, subsets of all of them. */
export interface RulesInForce {
  rules: readonly KubeResource[]
  steps: readonly Step[]
}

/**
 * Destination rules that a proxy applies to a service: looked for in the proxy's own namespace, then in the service's, then
 * in the root namespace; in each the most specific host wins. A proxy of the root namespace only takes rules from there
 * first that are not exported. Source:
 * https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration
 */
export function rulesInForce(
  world: World,
  hop: Hop,
  party: Party,
  target: { host: string; owner: string },
): RulesInForce {
  const root = world.facts.rootNamespace
  const fit = world
    .all('DestinationRule')
    .filter((object) => hostCovers(hostOfRule(object), target.host))
    .toSorted(byAge)
  const isSelf = (object: KubeResource): boolean => exportsOf(object).join() === '.'
  const visible = (place: string) => (object: KubeResource) =>
    ownNamespace(object) === place && isVisible(exportsOf(object), place, party.namespace)
  const lookups: ((object: KubeResource) => boolean)[] = [
    (object) => ownNamespace(object) === party.namespace && (party.namespace !== root || isSelf(object)),
    visible(target.owner),
    visible(root),
  ]
  const applies = fit.filter((object) => isForWorkload(object, party))
  const found = lookups.map((isMeant) => mostSpecific(applies.filter(isMeant))).find((rules) => rules.length > 0) ?? []
  const say = (object: KubeResource, code: StepCode): Step => ({
    hop,
    outcome: 'skip',
    code,
    values: { name: nameOf(object), host: hostOfRule(object) },
    place: placeOf(world.cluster, 'DestinationRule', object),
  })
  const others = fit
    .filter((object) => !found.includes(object))
    .map((object) => {
      const owner = ownNamespace(object)
      if (!applies.includes(object)) return say(object, 'rule.other-workload')
      if (!isVisible(exportsOf(object), owner, party.namespace)) return say(object, 'rule.not-visible')
      const isLess = found.some((each) => ownNamespace(each) === owner)
      return say(object, isLess ? 'rule.less-specific' : 'rule.other-namespace')
    })
  const [first, ...more] = found
  if (first === undefined)
    return { rules: [], steps: [{ hop, outcome: 'note', code: 'rule.none', values: { host: target.host }, others }] }
  return {
    rules: found,
    steps: [
      { ...say(first, 'rule.in-force'), outcome: 'ok', others },
      ...more.map((object): Step => ({ ...say(object, 'rule.merged'), outcome: 'note' })),
    ],
  }
}

const exportsOf = (object: KubeResource): string[] => texts(fields(object.spec)['exportTo'])

/** Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/ (workloadSelector) */
function isForWorkload(object: KubeResource, party: Party): boolean {
  const labels = labelsIn(fields(fields(object.spec)['workloadSelector'])['matchLabels'])
  return isEmpty(labels) || (ownNamespace(object) === party.namespace && selects(labels, party.labels))
}

/** All rules of the most specific host; one that is for these workloads alone goes before the others. */
function mostSpecific(rules: readonly KubeResource[]): KubeResource[] {
  const best = Math.max(...rules.map((each) => specificity(hostOfRule(each))))
  const same = rules.filter((each) => specificity(hostOfRule(each)) === best)
  const own = same.filter((each) => fields(each.spec)['workloadSelector'] !== undefined)
  return own.length > 0 ? own : same
}

/** A part of a policy with the place that says it. */
export interface PolicyPart {
  value: Fields
  object: KubeResource
  path: string
}
export const POLICY_PARTS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const
export type PolicyPartName = (typeof POLICY_PARTS)[number]
export type Policy = Partial<Record<PolicyPartName, PolicyPart>>

/**
 * What holds for a port and a subset: a subset's part takes the place of the rule's, and settings of a port take the place
 * of all of them, also of parts that they do not name. Source:
 * https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-PortTrafficPolicy
 */
export function policyOf(rules: readonly KubeResource[], subset: string, port: number): Policy {
  const withPolicy = rules.find((each) => fields(each.spec)['trafficPolicy'] !== undefined)
  const whole =
    withPolicy && levelOf(withPolicy, fields(fields(withPolicy.spec)['trafficPolicy']), 'spec.trafficPolicy', port, {})
  const found = findSubset(rules, subset)
  const own = found && fields(found.value['trafficPolicy'])
  if (found === undefined || own === undefined || isEmpty(own)) return whole ?? {}
  return levelOf(found.object, own, `${found.path}.trafficPolicy`, port, whole ?? {})
}

function levelOf(object: KubeResource, policy: Fields, path: string, port: number, base: Policy): Policy {
  const forPort = entries(policy['portLevelSettings']).find(
    ({ value }) => number(fields(value['port'])['number']) === port,
  )
  if (forPort !== undefined) return partsOf(object, forPort.value, `${path}.portLevelSettings[${forPort.at}]`)
  return { ...base, ...partsOf(object, policy, path) }
}

function partsOf(object: KubeResource, policy: Fields, path: string): Policy {
  return Object.fromEntries(
    POLICY_PARTS.flatMap((name) =>
      policy[name] === undefined ? [] : [[name, { value: fields(policy[name]), object, path: `${path}.${name}` }]],
    ),
  )
}

export interface FoundSubset {
  object: KubeResource
  path: string
  value: Fields
  labels: Record<string, string>
}

export function findSubset(rules: readonly KubeResource[], name: string): FoundSubset | undefined {
  if (name === '') return undefined
  return rules
    .flatMap((object) =>
      entries(fields(object.spec)['subsets']).map(({ at, value }) => ({
        object,
        path: `spec.subsets[${at}]`,
        value,
        labels: labelsIn(value['labels']),
      })),
    )
    .find(({ value }) => text(value['name']) === name)
}
