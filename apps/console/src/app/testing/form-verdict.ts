import type { KubeResource } from '@meshdeck/kube'
import { objectFaults } from '@meshdeck/mesh'
import { DESCRIPTIONS } from '../../features/istio-forms/descriptions.ts'
import { FURTHER_FIELDS, ROUTE_FIELDS } from '../../features/virtual-services/route-fields.ts'
import { virtualServiceProblems } from '../../features/virtual-services/virtual-service-problems.ts'
import { toVirtualServiceView } from '../../features/virtual-services/virtual-service-view.ts'
import { valueAt } from '../../resource-kit/form/field-props.ts'
import { formFaults } from '../../resource-kit/form/form-faults.ts'

/** What the console's own form holds against an object: `field code`, none when it takes it. */
export function formVerdict(object: KubeResource): string[] {
  return [...new Set([...fieldVerdict(object), ...objectFaults(object).map(({ field, code }) => `${field} ${code}`)])]
}

function fieldVerdict(object: KubeResource): string[] {
  if (object.kind === 'VirtualService') {
    const view = toVirtualServiceView(object)
    const routes = valueAt(object.spec, ['http'])
    const list: unknown[] = Array.isArray(routes) ? routes : []
    return [
      ...virtualServiceProblems(view)
        .filter(({ severity }) => severity === 'error')
        .map(({ field, code }) => `${field} ${code}`),
      ...[
        ...list.flatMap((route, at) => formFaults(ROUTE_FIELDS, route, `spec.http[${at}]`)),
        ...formFaults(FURTHER_FIELDS, object.spec),
      ].map(({ field, code }) => `${field} ${code}`),
    ]
  }
  const specs = Object.entries(DESCRIPTIONS).find(([kind]) => kind === object.kind)?.[1]
  // What is edited as YAML is held to the rules of the object alone.
  if (specs === undefined) return []
  return formFaults(specs, object.spec).map(({ field, code }) => `${field} ${code}`)
}
