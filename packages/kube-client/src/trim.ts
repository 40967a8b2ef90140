import { isRecord, type KindId, type KubeResource } from '@meshdeck/kube'
import { createSharedValues } from './shared-values.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * What the watch cache keeps of an object. `managedFields` and kubectl's copy of the last applied object are often more
 * than half of it, and no list shows them; of pods, the most numerous kind, only what views are built from is kept.
 * A trimmed object must never be written back.
 */
export function trimResource(kind: KindId, object: KubeResource): KubeResource {
  const { managedFields: _managedFields, annotations, labels, ownerReferences, ...metadata } = object.metadata
  const kept = annotations && Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED))
  const trimmed = {
    ...object,
    metadata: {
      ...metadata,
      ...(kept ? { annotations: shared(kept) } : {}),
      ...(labels ? { labels: shared(labels) } : {}),
      ...(ownerReferences ? { ownerReferences: shared(ownerReferences) } : {}),
    },
  }
  const trim = TRIMS[kind]
  return trim ? trim(trimmed) : trimmed
}

/** One for all clusters: their pods come of the same charts and images. */
const shared = createSharedValues()

type Trim = (object: KubeResource) => KubeResource

const TRIMS: Partial<Record<KindId, Trim>> = {
  Pod: (pod) => ({
    ...pod,
    metadata: podMetadata(pod.metadata),
    spec: {
      ...pick(pod.spec, ['nodeName', 'serviceAccountName', 'hostNetwork']),
      containers: pickEach(pod.spec, 'containers', ['name', 'image', 'ports', 'resources']),
      initContainers: pickEach(pod.spec, 'initContainers', ['name', 'image', 'resources', 'restartPolicy']),
    },
    status: {
      ...pick(pod.status, ['phase', 'podIP', 'reason', 'message', 'startTime']),
      conditions: pickEach(pod.status, 'conditions', ['type', 'status', 'reason', 'message']),
      containerStatuses: containerStatuses(pod.status, 'containerStatuses'),
      initContainerStatuses: containerStatuses(pod.status, 'initContainerStatuses'),
    },
  }),
  // Views need no more of a ReplicaSet than whose it is.
  ReplicaSet: ({ apiVersion, kind, metadata }) => ({ apiVersion, kind, metadata }),
  Node: (node) => ({ ...node, spec: {}, status: pick(node.status, ['nodeInfo', 'conditions', 'allocatable']) }),
}

function podMetadata({
  generateName: _name,
  generation: _generation,
  ...metadata
}: KubeResource['metadata'] & Record<string, unknown>): KubeResource['metadata'] {
  return metadata
}

/** Since when a container runs differs from pod to pod, and is shown nowhere; why it does not run is. */
function containerStatuses(status: unknown, key: string): readonly Record<string, unknown>[] {
  const list = isRecord(status) ? status[key] : undefined
  if (!Array.isArray(list)) return []
  return shared(
    list.map((item) => {
      const { state, ...rest } = pick(item, ['name', 'ready', 'restartCount', 'state'])
      if (!isRecord(state)) return rest
      return { ...rest, state: isRecord(state['running']) ? { running: {} } : state }
    }),
  )
}

function pick(value: unknown, keys: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(keys.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]])))
}

function pickEach(value: unknown, key: string, keys: readonly string[]): Record<string, unknown>[] {
  const list = isRecord(value) ? value[key] : undefined
  return Array.isArray(list) ? shared(list.map((item) => pick(item, keys))) : []
}
