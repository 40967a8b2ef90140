import type { Schema } from '../schema/schema.ts'

const TEXTS: Schema = { type: 'object', additionalProperties: { type: 'string' } }

/** How the lists of an object's metadata are merged, for kinds whose own schema does not say it. */
export const OBJECT_META: Schema = {
  type: 'object',
  properties: {
    labels: TEXTS,
    annotations: TEXTS,
    finalizers: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ownerReferences: {
      type: 'array',
      items: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { uid: { type: 'string' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
    },
  },
}
