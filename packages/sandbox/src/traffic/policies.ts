import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Rules } from './rules.ts'
import type { RunningWorkload } from './workloads.ts'

/** Whether the policies of a workload let a caller in. Source: https://istio.io/latest/docs/concepts/security/#implicit-enablement */
export function admits(rules: Rules, from: RunningWorkload, to: RunningWorkload, mutual: boolean): boolean {
  const policies = rules
    .policies('security.istio.io/authorizationpolicies', to.namespace)
    .filter((policy) => applies(policy, to))
  const ofAction = (action: string): KubeObject[] =>
    policies.filter((policy) => (textAt(policy, 'spec', 'action') ?? 'ALLOW') === action)
  const matches = (policy: KubeObject): boolean =>
    listAt(policy, 'spec', 'rules').some((rule) => ruleMatches(rule, from, mutual))
  if (ofAction('DENY').some(matches)) return false
  const allow = ofAction('ALLOW')
  return allow.length === 0 || allow.some(matches)
}

/** Whether a workload takes nothing but mTLS. */
export function isStrict(rules: Rules, to: RunningWorkload): boolean {
  const policies = rules
    .policies('security.istio.io/peerauthentications', to.namespace)
    .filter((policy) => applies(policy, to))
  // The narrowest one counts: its workload's, its namespace's, the mesh's.
  const rank = (policy: KubeObject): number =>
    isRecord(recordAt(policy, 'spec')['selector']) ? 2 : policy.metadata.namespace === to.namespace ? 1 : 0
  const narrowest = policies.toSorted((a, b) => rank(b) - rank(a))[0]
  return textAt(narrowest, 'spec', 'mtls', 'mode') === 'STRICT'
}

function applies(policy: KubeObject, to: RunningWorkload): boolean {
  const selector = recordAt(policy, 'spec')['selector']
  return !isRecord(selector) || matchesLabelSelector(selector, to.labels)
}

/** What depends on more than the caller (paths, methods, headers) is unknown here, and does not match. */
function ruleMatches(rule: unknown, from: RunningWorkload, mutual: boolean): boolean {
  if (listAt(rule, 'to').length > 0 || listAt(rule, 'when').length > 0) return false
  const sources = listAt(rule, 'from')
  return sources.length === 0 || sources.some((source) => sourceMatches(recordAt(source, 'source'), from, mutual))
}

function sourceMatches(source: Record<string, unknown>, from: RunningWorkload, mutual: boolean): boolean {
  const principal = `cluster.local/ns/${from.namespace}/sa/${from.serviceAccount}`
  const known = ['principals', 'namespaces', 'notPrincipals', 'notNamespaces']
  if (Object.keys(source).some((field) => !known.includes(field))) return false
  // Only mTLS tells who calls.
  const has = (field: string, value: string): boolean =>
    mutual && listAt(source, field).some((pattern) => fits(String(pattern), value))
  const given = (field: string): boolean => listAt(source, field).length > 0
  return (
    (!given('principals') || has('principals', principal)) &&
    (!given('namespaces') || has('namespaces', from.namespace)) &&
    !has('notPrincipals', principal) &&
    !has('notNamespaces', from.namespace)
  )
}

function fits(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== ''
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1))
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value
}
