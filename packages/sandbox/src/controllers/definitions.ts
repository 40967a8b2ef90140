import { timestamp } from '../api/metadata.ts'
import { listAt, recordAt, textAt } from '../json.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'

const CRDS = 'apiextensions.k8s.io/customresourcedefinitions'

/** Tells that a definition is served: `kubectl wait --for=condition=Established`. */
export function startDefinitions(context: ControllerContext): () => void {
  const { api, clock } = context
  const { stop } = reconcileEach(context, 'definition', CRDS, (definition) => {
    if (listAt(definition, 'status', 'conditions').length > 0) return
    const now = timestamp(clock.now())
    const stored = listAt(definition, 'spec', 'versions').find((version) => recordAt(version)['storage'] === true)
    api.updateStatus(CRDS, {
      ...definition,
      status: {
        acceptedNames: recordAt(definition, 'spec')['names'],
        storedVersions: [textAt(stored, 'name') ?? ''],
        conditions: [
          condition('NamesAccepted', 'NoConflicts', 'no conflicts found', now),
          condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', now),
        ],
      },
    })
  })
  return stop
}

function condition(type: string, reason: string, message: string, now: string): Record<string, string> {
  return { type, status: 'True', reason, message, lastTransitionTime: now }
}
