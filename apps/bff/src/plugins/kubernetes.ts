import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  createManifestClient,
  createResourceClient,
  type ClusterConnection,
  type Identity,
  type ManifestClient,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { identityFor } from '../lib/identity.ts'
import { ProblemError } from '../lib/problem.ts'

/** Ways to the clusters. Held by plugins only: whoever has a connection can act as its stored credential. */
export interface Connections {
  /** `HUB` or the name of a Cluster. Throws `ProblemError` (`unknown-cluster`) or `ClusterCredentialError`. */
  connection(cluster: string): Promise<ClusterConnection>
}

/** A kubeconfig for programs beside us, which then act as the identity; undefined for a cluster nobody knows. */
export type PrintKubeconfig = (cluster: string, identity: Identity) => Promise<string | undefined>

declare module 'fastify' {
  interface FastifyRequest {
    /** Reads and writes in a cluster, as the caller and nobody else. Throws `ProblemError` for a cluster nobody knows. */
    kube(cluster: string): Promise<ResourceClient>
    /** Looks at objects of any kind, as the caller; throws as `kube`. */
    manifests(cluster: string): Promise<ManifestClient>
    /** For a program that acts as the caller; throws as `kube`. It holds secrets: for a file of 0600 that is gone after. */
    kubeconfig(cluster: string): Promise<string>
  }
}

/** Gives handlers a cluster under the caller's identity. There is no other way for them to reach one. */
export const kubernetes = fp<{ connections: Connections; printKubeconfig: PrintKubeconfig }>(
  async (app, { connections, printKubeconfig }) => {
    app.decorateRequest('kube', async function (this: FastifyRequest, cluster: string) {
      const identity = identityFor(this.caller, cluster)
      return createResourceClient(await connections.connection(cluster), identity)
    })
    app.decorateRequest('manifests', async function (this: FastifyRequest, cluster: string) {
      const identity = identityFor(this.caller, cluster)
      return createManifestClient(await connections.connection(cluster), identity)
    })
    app.decorateRequest('kubeconfig', async function (this: FastifyRequest, cluster: string) {
      const text = await printKubeconfig(cluster, identityFor(this.caller, cluster))
      if (text === undefined)
        throw new ProblemError('unknown-cluster', `There is no cluster ${cluster}`, { params: { cluster } })
      return text
    })
  },
  { name: 'kubernetes', dependencies: ['session'] },
)
