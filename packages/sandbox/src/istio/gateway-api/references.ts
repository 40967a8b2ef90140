import { listAt, textAt } from '../../json.ts'
import type { ClusterApi } from '../../store/cluster-api.ts'

export const GROUP = 'gateway.networking.k8s.io'
export const GATEWAYS = `${GROUP}/gateways`
export const GRANTS = `${GROUP}/referencegrants`
export type Reader = Pick<ClusterApi, 'get' | 'list'>

interface Reference {
  readonly from: { readonly kind: string; readonly namespace: string }
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string }
}

/** Whether an object may refer to one of another namespace. Source: https://gateway-api.sigs.k8s.io/api-types/referencegrant/ */
export function isGranted(api: Reader, { from, to }: Reference): boolean {
  if (from.namespace === to.namespace) return true
  return api
    .list(GRANTS, to.namespace)
    .some(
      (grant) =>
        listAt(grant, 'spec', 'from').some(
          (each) =>
            textAt(each, 'group') === GROUP &&
            textAt(each, 'kind') === from.kind &&
            textAt(each, 'namespace') === from.namespace,
        ) &&
        listAt(grant, 'spec', 'to').some(
          (each) =>
            (textAt(each, 'group') ?? '') === to.group &&
            textAt(each, 'kind') === to.kind &&
            (textAt(each, 'name') ?? to.name) === to.name,
        ),
    )
}
