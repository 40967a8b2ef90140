import type { KubeResource as KubeResourceType } from '@meshdeck/kube'
import { Type } from 'typebox'

/**
 * Schema of a Kubernetes object on our wire. Open at every level by construction: a closed response schema would make
 * Fastify's serialiser drop what it does not list, and the next save would delete those fields in the cluster.
 * The API server validates the rest; we check the frame only.
 */
export const KubeResource = Type.Unsafe<KubeResourceType>(
  Type.Object(
    {
      apiVersion: Type.String({ minLength: 1 }),
      kind: Type.String({ minLength: 1 }),
      metadata: Type.Object({ name: Type.Optional(Type.String()) }, { additionalProperties: true }),
    },
    { additionalProperties: true },
  ),
)
