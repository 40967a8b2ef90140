import { isRecord, type KindDefinition, type KubeResource } from '@meshdeck/kube'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What leaves the server of an object: all of it, save the values of kinds that are read by their metadata only (Secrets). */
export function published<T extends KubeResource>(kind: KindDefinition, object: T): T {
  if (kind.access !== 'metadata') return object
  const { managedFields: _managedFields, annotations, ...metadata } = object.metadata
  // kubectl apply writes the whole Secret into this annotation.
  const kept =
    annotations === undefined
      ? {}
      : { annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED)) }
  const blanks = Object.fromEntries(
    ['data', 'stringData'].flatMap((field) => {
      const values = object[field]
      return isRecord(values) ? [[field, Object.fromEntries(Object.keys(values).map((key) => [key, '']))]] : []
    }),
  )
  return { ...object, ...blanks, metadata: { ...metadata, ...kept } }
}

/** A row of a list: without the managers' records, which can outweigh the object. */
export function listed<T extends KubeResource>(kind: KindDefinition, object: T): T {
  const safe = published(kind, object)
  if (safe.metadata.managedFields === undefined) return safe
  const { managedFields: _managedFields, ...metadata } = safe.metadata
  return { ...safe, metadata }
}
