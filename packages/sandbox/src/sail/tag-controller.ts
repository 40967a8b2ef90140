import type { ControllerContext } from '../controllers/controller-context.ts'
import { tagInjector } from '../fleets/istiod-objects.ts'
import { textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { ReconcileError, writeStatus } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { ISTIOS, REVISIONS } from './istio-controller.ts'
import { applyOwned } from './owned-objects.ts'
import { usedRevisions } from './usage.ts'

export const TAGS = 'sailoperator.io/istiorevisiontags'

/** Gives a revision another name for injection, which can be handed to the next one. */
export function reconcileTag(context: ControllerContext, tag: KubeObject): void {
  const { name } = tag.metadata
  let reconciled: Condition = { type: 'Reconciled', status: 'True' }
  let target: KubeObject | undefined
  try {
    target = revisionOf(context, tag)
    const namespace = textAt(target, 'spec', 'namespace') ?? 'istio-system'
    applyOwned(context, tag, [tagInjector(name, target.metadata.name, namespace)])
  } catch (error) {
    if (!(error instanceof ReconcileError)) throw error
    reconciled = { type: 'Reconciled', status: 'False', reason: error.reason, message: error.message }
  }
  const used = usedRevisions(context.api.list('namespaces'), context.api.list('pods')).has(name)
  const inUse: Condition = used
    ? { type: 'InUse', status: 'True', reason: 'ReferencedByWorkloads', message: 'a pod or a namespace asks for it' }
    : {
        type: 'InUse',
        status: 'False',
        reason: 'NotReferencedByAnything',
        message: 'no pod and no namespace asks for it',
      }
  const told =
    target === undefined
      ? {}
      : { istioRevision: target.metadata.name, istiodNamespace: textAt(target, 'spec', 'namespace') ?? '' }
  writeStatus(context, TAGS, name, [reconciled, inUse], told)
}

/** @throws ReconcileError */
function revisionOf({ api }: ControllerContext, tag: KubeObject): KubeObject {
  const { name } = tag.metadata
  if (api.get(REVISIONS, undefined, name) !== undefined) {
    throw new ReconcileError(
      `an IstioRevision has the name ${name} already; name the tag differently`,
      'NameAlreadyExists',
    )
  }
  const kind = textAt(tag, 'spec', 'targetRef', 'kind') ?? ''
  const wanted = textAt(tag, 'spec', 'targetRef', 'name') ?? ''
  const revision =
    kind === 'Istio' ? textAt(api.get(ISTIOS, undefined, wanted), 'status', 'activeRevisionName') : wanted
  const found = revision === undefined ? undefined : api.get(REVISIONS, undefined, revision)
  if (found === undefined)
    throw new ReconcileError(`spec.targetRef: there is no ${kind} ${wanted} with a revision`, 'RefNotFound')
  return found
}
