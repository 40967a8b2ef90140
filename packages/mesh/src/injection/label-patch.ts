import { INJECTION_LABEL, REVISION_LABEL } from '@meshdeck/kube'
import { labelOf, type Labels } from './label-selector.ts'

export type InjectionAction = 'enable' | 'disable' | 'clear'

/** A JSON merge patch of a namespace; null removes a label. */
export interface InjectionLabelPatch {
  metadata: { labels: Record<typeof INJECTION_LABEL | typeof REVISION_LABEL, string | null> }
}

/**
 * The merge patch that sets a namespace's injection policy. It always names both labels, so that no older one stays
 * behind and contradicts. Enabling keeps a revision that the namespace already asks for, unless another one is given;
 * `revision: 'default'` asks for the plain label.
 */
export function injectionLabelPatch(
  action: InjectionAction,
  currentLabels: Labels | undefined,
  revision?: string,
): InjectionLabelPatch {
  if (action === 'clear') return patch(null, null)
  if (action === 'disable') return patch('disabled', null)
  const wanted = revision ?? labelOf(currentLabels, REVISION_LABEL)
  return wanted === undefined || wanted === 'default' ? patch('enabled', null) : patch(null, wanted)
}

function patch(injection: string | null, revision: string | null): InjectionLabelPatch {
  return { metadata: { labels: { [INJECTION_LABEL]: injection, [REVISION_LABEL]: revision } } }
}
