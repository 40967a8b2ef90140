import { fields, labelsIn, texts, type Fields } from '../analysis/read.ts'
import { fault, hasDuplicates, when, type ObjectFault } from './fault.ts'
import { isLabel } from './hosts.ts'

/** Namespaces that something is exported to. Source: Istio, `validateExportTo`. */
export function exportFaults(spec: Fields, namespace: string, mayBeNobody = false): ObjectFault[] {
  const values = texts(spec['exportTo'])
  const field = 'spec.exportTo'
  const resolved = values.map((value) => (value === '.' ? namespace : value))
  const nobody = values.includes('~') && (!mayBeNobody || values.length > 1)
  if (nobody) return [fault(field, 'exportNobody')]
  if (values.includes('*') && values.length > 1) return [fault(field, 'exportMixed')]
  return [
    ...when(hasDuplicates(resolved), field, 'exportDuplicate'),
    ...values.flatMap((value, at) =>
      when(!['.', '*', '~'].includes(value) && !isLabel(value), `${field}[${at}]`, 'exportName'),
    ),
  ]
}

/** What selects workloads has no wildcards. Source: the CRDs' own rules, and Istio's `validateWorkloadSelector`. */
export function selectorFaults(selector: unknown, field: string): ObjectFault[] {
  const labels = Object.entries(labelsIn(selector))
  return [
    ...when(
      labels.some(([key]) => key === ''),
      field,
      'labelKeyEmpty',
    ),
    ...when(
      labels.some((pair) => pair.some((text) => text.includes('*'))),
      field,
      'labelWildcard',
    ),
  ]
}

/** Values of labels that Kubernetes would not take. Source: Istio, `labels.Instance.Validate`. */
export function labelFaults(labels: unknown, field: string): ObjectFault[] {
  const values = Object.values(labelsIn(labels))
  return when(
    values.some((value) => !/^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?)?$/.test(value)),
    field,
    'labelValue',
  )
}

/** Kinds that a policy may be attached to, by their group. Source: Istio, `validatePolicyTargetReferences`. */
const TARGETS = [
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
  '/Service',
  'networking.istio.io/ServiceEntry',
]

export function targetFaults(spec: Fields): ObjectFault[] {
  const list = Array.isArray(spec['targetRefs']) ? spec['targetRefs'] : []
  return list.flatMap((value: unknown, at) => {
    const { group, kind } = fields(value)
    const known = TARGETS.includes(`${String(group ?? '')}/${String(kind ?? '')}`)
    return when(!known, `spec.targetRefs[${at}].group`, 'targetGroup')
  })
}
