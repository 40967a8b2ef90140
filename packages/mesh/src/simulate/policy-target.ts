import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, labelsIn, text } from '../analysis/read.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace, selects, type Party } from './caller.ts'

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name'

/**
 * Whether a security policy is for a proxy: by its target, else by its selector; in the root namespace for all namespaces.
 * Sources: https://istio.io/latest/docs/reference/config/type/workload-selector/ and .../#PolicyTargetReference
 */
export function appliesTo(world: World, object: KubeResource, party: Party): boolean {
  const spec = fields(object.spec)
  const owner = ownNamespace(object)
  const isRoot = owner === world.facts.rootNamespace
  const targets = [
    ...entries(spec['targetRefs']).map(({ value }) => value),
    ...(spec['targetRef'] === undefined ? [] : [fields(spec['targetRef'])]),
  ]
  const gateway = party.labels[GATEWAY_NAME]
  if (targets.length > 0) {
    return (
      owner === party.namespace &&
      targets.some(
        (each) => text(each['kind']) === 'Gateway' && gateway !== undefined && text(each['name']) === gateway,
      )
    )
  }
  const selector = labelsIn(fields(spec['selector'])['matchLabels'])
  return (isRoot || owner === party.namespace) && selects(selector, party.labels)
}
