import { badRequest } from '../api/errors.ts'
import type { ResourceType } from '../api/resource-type.ts'
import { valueAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'

/** Fields that a kind can be selected by, besides its name and namespace. */
const FIELDS: Readonly<Record<ResourceKey, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  services: ['spec.clusterIP', 'spec.type'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
}

/**
 * Reads a field selector.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 *
 * @throws StatusError 400 for a field that the kind cannot be selected by.
 */
export function parseFieldSelector(text: string, type: ResourceType): (object: KubeObject) => boolean {
  const terms = text
    .split(',')
    .filter((term) => term.trim() !== '')
    .map((term) => {
      const match = /^\s*([^=!\s]+)\s*(==|!=|=)\s*(.*?)\s*$/.exec(term)
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
      const [, field = '', operator, value = ''] = match
      const known = FIELDS[resourceKey(type.group, type.plural)] ?? []
      if (field !== 'metadata.name' && field !== 'metadata.namespace' && !known.includes(field)) {
        throw badRequest(`field label not supported: ${field}`)
      }
      return { path: field.split('.'), wanted: operator !== '!=', value }
    })
  return (object) => terms.every(({ path, wanted, value }) => (textOf(valueAt(object, ...path)) === value) === wanted)
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}
