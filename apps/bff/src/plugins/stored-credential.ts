import { addressKind, EVERY_RIGHT, type AddressKind, type Right } from '@meshdeck/mesh'
import { createResourceClient, STORED } from '@meshdeck/kube-client'
import fp from 'fastify-plugin'
import { mapBounded } from '../lib/bounded.ts'
import type { Connections } from './kubernetes.ts'

const PARALLEL_REVIEWS = 16

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * What is known of the credential that is stored for a cluster: answers about it, never itself nor a way to use it.
     * Throws what `Connections` throws, and what the cluster answers.
     */
    storedCredential: {
      /** Those of the rights that it lacks. */
      missing(cluster: string, rights: readonly Right[], signal: AbortSignal): Promise<Right[]>
      /** From where the address of the API server can be reached. */
      addressKind(cluster: string): Promise<AddressKind>
    }
  }
}

/** Answers for handlers about the credential that the controller works with. */
export const storedCredential = fp<{ connections: Connections }>(
  async (app, { connections }) => {
    app.decorate('storedCredential', {
      async missing(cluster, rights, signal) {
        const client = createResourceClient(await connections.connection(cluster), STORED)
        const may = async (right: Right) => (await client.selfSubjectAccessReview(right, { signal })).allowed
        if (await may(EVERY_RIGHT)) return []
        const allowed = await mapBounded(rights, PARALLEL_REVIEWS, may)
        return rights.filter((_right, index) => !allowed[index])
      },
      async addressKind(cluster) {
        return addressKind(new URL((await connections.connection(cluster)).server).hostname)
      },
    })
  },
  { name: 'stored-credential' },
)
