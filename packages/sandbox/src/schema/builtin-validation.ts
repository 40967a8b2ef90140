import { isRecord, listAt, recordAt, sameJson, textAt, valueAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'
import type { Cause } from './invalid-error.ts'
import { invalid, notSupported, required } from './invalid-error.ts'
import { nameProblem } from './names.ts'

type Check = (object: KubeObject, old: KubeObject | undefined) => Cause[]

/** Rules of built-in kinds that people run into. Source: k8s.io/kubernetes/pkg/apis/.../validation. */
const CHECKS: Readonly<Record<ResourceKey, Check>> = {
  pods: (object) => podSpecCauses(recordAt(object, 'spec'), 'spec'),
  services: serviceCauses,
  'apps/deployments': workloadCauses,
  'apps/replicasets': workloadCauses,
  'apps/statefulsets': workloadCauses,
  'apps/daemonsets': workloadCauses,
  'batch/jobs': (object) => podSpecCauses(recordAt(object, 'spec', 'template', 'spec'), 'spec.template.spec'),
  configmaps: (object, old) => [...dataCauses(object, 'data'), ...immutableCauses(object, old)],
  secrets: (object, old) => [
    ...dataCauses(object, 'data'),
    ...immutableCauses(object, old),
    ...(old === undefined || old['type'] === object['type']
      ? []
      : [invalid('type', object['type'], 'field is immutable')]),
  ],
  'rbac.authorization.k8s.io/rolebindings': bindingCauses,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingCauses,
}

export function builtinCauses(resource: ResourceKey, object: KubeObject, old: KubeObject | undefined): Cause[] {
  return CHECKS[resource]?.(object, old) ?? []
}

function workloadCauses(object: KubeObject, old: KubeObject | undefined): Cause[] {
  const causes: Cause[] = []
  const spec = recordAt(object, 'spec')
  const selector = spec['selector']
  const replicas = spec['replicas']
  if (typeof replicas === 'number' && replicas < 0) {
    causes.push(invalid('spec.replicas', replicas, 'must be greater than or equal to 0'))
  }
  if (!isRecord(selector)) causes.push(required('spec.selector'))
  else if (
    Object.keys(recordAt(selector, 'matchLabels')).length === 0 &&
    listAt(selector, 'matchExpressions').length === 0
  ) {
    causes.push(invalid('spec.selector', selector, 'empty selector is invalid for deployment'))
  }
  const labels = textMap(valueAt(spec, 'template', 'metadata', 'labels'))
  if (isRecord(selector) && !matchesLabelSelector(selector, labels)) {
    causes.push(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'))
  }
  causes.push(...podSpecCauses(recordAt(spec, 'template', 'spec'), 'spec.template.spec'))
  if (old !== undefined && !sameJson(recordAt(old, 'spec')['selector'], selector)) {
    causes.push(invalid('spec.selector', selector, 'field is immutable'))
  }
  return causes
}

function podSpecCauses(spec: Record<string, unknown>, path: string): Cause[] {
  const causes: Cause[] = []
  const containers = listAt(spec, 'containers')
  if (containers.length === 0) causes.push(required(`${path}.containers`))
  const names = new Set<string>()
  for (const [index, container] of containers.entries()) {
    const field = `${path}.containers[${index}]`
    const name = textAt(container, 'name') ?? ''
    const problem = name === '' ? undefined : nameProblem(name, 'label')
    if (name === '') causes.push(required(`${field}.name`))
    else if (problem !== undefined) causes.push(invalid(`${field}.name`, name, problem))
    else if (names.has(name)) {
      causes.push({
        field: `${field}.name`,
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${JSON.stringify(name)}`,
      })
    }
    names.add(name)
    if ((textAt(container, 'image') ?? '') === '') causes.push(required(`${field}.image`))
  }
  const policy = spec['restartPolicy']
  if (policy !== undefined && !['Always', 'OnFailure', 'Never'].includes(String(policy))) {
    causes.push(notSupported(`${path}.restartPolicy`, policy, ['Always', 'OnFailure', 'Never']))
  }
  return causes
}

const SERVICE_TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const LAST_PORT = 65_535

function serviceCauses(object: KubeObject, old: KubeObject | undefined): Cause[] {
  const causes: Cause[] = []
  const spec = recordAt(object, 'spec')
  const ports = listAt(spec, 'ports')
  if (!SERVICE_TYPES.includes(String(spec['type']))) causes.push(notSupported('spec.type', spec['type'], SERVICE_TYPES))
  if (ports.length === 0 && spec['clusterIP'] !== 'None' && spec['type'] !== 'ExternalName') {
    causes.push(required('spec.ports'))
  }
  const seen = new Set<string>()
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}]`
    const name = textAt(port, 'name') ?? ''
    if (name === '' && ports.length > 1) causes.push(required(`${field}.name`))
    const number = recordAt(port)['port']
    if (typeof number !== 'number' || number < 1 || number > LAST_PORT) {
      causes.push(invalid(`${field}.port`, number ?? 0, `must be between 1 and ${LAST_PORT}, inclusive`))
    }
    const key = `${String(recordAt(port)['protocol'])} ${String(number)}`
    if (seen.has(key)) {
      const value = JSON.stringify({ port: number, protocol: recordAt(port)['protocol'] })
      causes.push({ field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${value}` })
    }
    seen.add(key)
  }
  const before = textAt(old, 'spec', 'clusterIP')
  const sameType = textAt(old, 'spec', 'type') !== 'ExternalName' && spec['type'] !== 'ExternalName'
  if (before !== undefined && sameType && before !== spec['clusterIP']) {
    causes.push(invalid('spec.clusterIPs[0]', [spec['clusterIP']], 'may not change once set'))
  }
  return causes
}

function dataCauses(object: KubeObject, field: string): Cause[] {
  return Object.keys(recordAt(object, field)).flatMap((key) =>
    /^[-._a-zA-Z0-9]+$/.test(key)
      ? []
      : [
          invalid(
            `${field}[${key}]`,
            key,
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
          ),
        ],
  )
}

function immutableCauses(object: KubeObject, old: KubeObject | undefined): Cause[] {
  if (old?.['immutable'] !== true) return []
  const frozen = ['data', 'binaryData', 'immutable']
  return frozen
    .filter((field) => !sameJson(old[field], object[field]))
    .map((field) => ({
      field,
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
    }))
}

function bindingCauses(object: KubeObject, old: KubeObject | undefined): Cause[] {
  const causes: Cause[] = []
  if ((textAt(object, 'roleRef', 'name') ?? '') === '') causes.push(required('roleRef.name'))
  if (old !== undefined && !sameJson(old['roleRef'], object['roleRef'])) {
    const { apiGroup, kind, name } = recordAt(object, 'roleRef')
    causes.push(invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef'))
  }
  return causes
}

function textMap(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)])) : {}
}
