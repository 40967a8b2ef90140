import type { ReferencesAnswer, ReferenceView, ServiceDetail } from '@meshdeck/contract'
import type { ResourceRef } from '@meshdeck/kube'

/** Why a rule is in force on a service. */
export type RuleReason = 'names' | 'workload' | 'namespace' | 'mesh'

/** A rule with all the reasons why it is in force, the narrowest first. */
export interface RuleInForce {
  object: ReferenceView['object']
  reasons: { reason: RuleReason; path: string; workload?: string }[]
}

interface AskedAbout {
  ref: ResourceRef
  reason: RuleReason
  workload?: string
}

/** Of whom it must be asked who refers to them, to know what is in force on a service. */
export function askedAbout({ service, workloads }: ServiceDetail, rootNamespace: string): AskedAbout[] {
  const { namespace, name, clusters } = service
  return [
    ...clusters.map((cluster): AskedAbout => ({ ref: { cluster, kind: 'Service', namespace, name }, reason: 'names' })),
    ...workloads.map(({ cluster, kind, namespace: own, name: workload }): AskedAbout => ({
      ref: { cluster, kind, namespace: own, name: workload },
      reason: 'workload',
      workload,
    })),
    ...clusters.map((cluster): AskedAbout => ({
      ref: { cluster, kind: 'Namespace', name: namespace },
      reason: 'namespace',
    })),
    ...(rootNamespace === '' || rootNamespace === namespace ? [] : clusters).map((cluster): AskedAbout => ({
      ref: { cluster, kind: 'Namespace', name: rootNamespace },
      reason: 'mesh',
    })),
  ]
}

/** The rules in force, each once. Other services of the same pods are no rules. */
export function rulesInForce(asked: readonly AskedAbout[], { items }: Pick<ReferencesAnswer, 'items'>): RuleInForce[] {
  const rules = new Map<string, RuleInForce>()
  for (const [at, { reason, workload }] of asked.entries()) {
    for (const { object, path } of items[at]?.usedBy ?? []) {
      if (object.kind === 'Service') continue
      const key = [object.cluster, object.kind, object.namespace, object.name].join('/')
      const known = rules.get(key) ?? { object, reasons: [] }
      rules.set(key, {
        object,
        reasons: [...known.reasons, { reason, path, ...(workload === undefined ? {} : { workload }) }],
      })
    }
  }
  return [...rules.values()]
}
