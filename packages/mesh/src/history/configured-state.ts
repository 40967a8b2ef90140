import { isRecord, type KubeResource } from '@meshdeck/kube'

/** Why a change was made, in the words of who made it. The review of the console writes it; others may as well. */
export const REASON_ANNOTATION = 'meshdeck.io/change-reason'

/**
 * Why an object is deleted, set by the console the moment before it deletes: what is gone can tell nobody any more. Empty
 * where no reason was given; then it tells who did it alone.
 */
export const DELETION_ANNOTATION = 'meshdeck.io/deletion-reason'

/** Says nothing of its own: kubectl's copy of the object, and the reasons, which are kept beside the state. */
const SILENT_ANNOTATIONS: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  REASON_ANNOTATION,
  DELETION_ANNOTATION,
]
const REASON_ANNOTATIONS: readonly string[] = [REASON_ANNOTATION, DELETION_ANNOTATION]

/** istiod makes these for machines that come and go; nobody has configured them. */
const MACHINE_ANNOTATIONS: readonly string[] = ['istio.io/autoRegistrationGroup', 'istio.io/workloadController']

/** Whether an object is somebody's configuration, of which a history is worth keeping. */
export function isConfiguration({ metadata }: KubeResource): boolean {
  return !MACHINE_ANNOTATIONS.some((name) => metadata.annotations?.[name] !== undefined)
}

/**
 * What people have written of an object: what it is called, its labels and annotations, and all else that is neither
 * status nor the server's bookkeeping. Two objects with the same state are no change of each other.
 */
export function configuredState({ apiVersion, kind, metadata, status: _status, ...rest }: KubeResource): KubeResource {
  const { name, namespace, labels } = metadata
  const annotations = withoutSilent(metadata.annotations)
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined || isEmpty(labels) ? {} : { labels }),
      ...(isEmpty(annotations) ? {} : { annotations }),
    },
    ...rest,
  }
}

/** The reason that stands in an object. */
export function reasonIn({ metadata }: KubeResource): string | undefined {
  return metadata.annotations?.[REASON_ANNOTATION] || undefined
}

/** The object with the reason of its next change in it; without one it says nothing. */
export function withReason(object: KubeResource, reason: string): KubeResource {
  const text = reason.trim()
  if (text === '') return object
  const annotations = { ...object.metadata.annotations, [REASON_ANNOTATION]: text }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** A merge patch with the reason of its change in it; without one the reason of an older change goes. */
export function patchWithReason<Patch extends object>(
  patch: Patch & { metadata?: object },
  reason: string | undefined,
): Patch & { metadata: object } {
  return { ...patch, metadata: { ...patch.metadata, annotations: { [REASON_ANNOTATION]: reason?.trim() || null } } }
}

/** A merge patch that tells who deletes an object and why, for the moment before it is deleted. */
export function deletionPatch(reason: string | undefined): { metadata: { annotations: Record<string, string> } } {
  return { metadata: { annotations: { [DELETION_ANNOTATION]: reason?.trim() ?? '' } } }
}

/**
 * An object with a recorded state in place of its own, ready to be written: what the server and kubectl keep in it stays.
 * Without `live`: as it is created again.
 */
export function withState(state: KubeResource, live: KubeResource | undefined): KubeResource {
  if (live === undefined) return state
  const kept = Object.entries(live.metadata.annotations ?? {}).filter(
    ([name]) => SILENT_ANNOTATIONS.includes(name) && !REASON_ANNOTATIONS.includes(name),
  )
  const annotations = { ...state.metadata.annotations, ...Object.fromEntries(kept) }
  const { labels: _l, annotations: _a, ...metadata } = live.metadata
  return {
    ...state,
    metadata: { ...metadata, ...state.metadata, ...(isEmpty(annotations) ? {} : { annotations }) },
    ...('status' in live ? { status: live.status } : {}),
  }
}

/** JSON with the keys of every object in order: equal values give equal texts. */
export function orderedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
}

function withoutSilent(annotations: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !SILENT_ANNOTATIONS.includes(name)))
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0
