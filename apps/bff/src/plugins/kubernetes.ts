import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createResourceClient, type ClusterConnection, type ResourceClient } from '@meshdeck/kube-client'
import { identityFor } from '../lib/identity.ts'

/** Ways to the clusters. Held by plugins only: whoever has a connection can act as its stored credential. */
export interface Connections {
  /** `HUB` or the name of a Cluster. Throws `ProblemError` (`unknown-cluster`) or `ClusterCredentialError`. */
  connection(cluster: string): Promise<ClusterConnection>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Reads and writes in a cluster, as the caller and nobody else. Throws `ProblemError` for a cluster nobody knows. */
    kube(cluster: string): Promise<ResourceClient>
  }
}

/** Gives handlers a cluster under the caller's identity. There is no other way for them to reach one. */
export const kubernetes = fp<{ connections: Connections }>(
  async (app, { connections }) => {
    app.decorateRequest('kube', async function (this: FastifyRequest, cluster: string) {
      const identity = identityFor(this.caller, cluster)
      return createResourceClient(await connections.connection(cluster), identity)
    })
  },
  { name: 'kubernetes', dependencies: ['session'] },
)
