import { isRecord, MESHDECK_NAMESPACE, type Cluster } from '@meshdeck/kube'
import { ClusterCredentialError, KubeconfigError } from './errors.ts'
import { parseKubeconfig, type ClusterConnectionSpec } from './kubeconfig.ts'
import type { ObjectRef, ResourceClient } from './resource-client.ts'
import { createSourceFollower } from './source-follower.ts'

export interface ClusterCredentialsOptions {
  /** The hub, as Meshdeck itself. */
  hub: ResourceClient
  /** The kubeconfig that the process was started with: the source of `spec.access.kubeconfigContext`. */
  kubeconfig?: { text: string; directory: string }
  /** Whether joined clusters may lie on loopback. */
  allowLoopback: boolean
  /** Ends questions that the hub does not answer. */
  signal: AbortSignal
  /** Another credential lies where that of this cluster was read from, or none any more. */
  onChange: (cluster: string) => void
}

/** What clusters are reached by, read from where their records say that it lies. */
export interface ClusterCredentials {
  /** Throws `ClusterCredentialError` when it cannot be had, and what the hub throws when it does not answer. */
  read(cluster: Cluster): Promise<ClusterConnectionSpec>
  /** Tells nothing of this cluster any more. */
  forget(cluster: string): void
  close(): Promise<void>
}

/** Reads credentials on the hub, and follows the objects that they were read from. */
export function createClusterCredentials(options: ClusterCredentialsOptions): ClusterCredentials {
  const { allowLoopback } = options
  const follower = createSourceFollower({ hub: options.hub, signal: options.signal, onChange: options.onChange })

  async function read(cluster: Cluster): Promise<ClusterConnectionSpec> {
    const { name } = cluster.metadata
    follower.forget(name)
    try {
      return await resolve(cluster)
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error
      const message = `The credential of cluster ${name} cannot be used: ${error.message}`
      throw new ClusterCredentialError(name, error.code, message, { cause: error })
    }
  }

  async function resolve(cluster: Cluster): Promise<ClusterConnectionSpec> {
    const { name } = cluster.metadata
    const { secretRef, kubeconfigContext } = cluster.spec.access
    if (kubeconfigContext !== undefined) {
      const file = options.kubeconfig
      if (!file) throw notHere(name, kubeconfigContext)
      return parseKubeconfig(file.text, { source: 'file', context: kubeconfigContext, directory: file.directory })
    }
    if (secretRef !== undefined) {
      const text = await readKubeconfig(name, { namespace: MESHDECK_NAMESPACE, name: secretRef.name })
      return parseKubeconfig(text, { source: 'user', allowLoopback })
    }
    const message = `Cluster ${name} has no spec.access.secretRef and no spec.access.kubeconfigContext; other ways of access are not supported yet`
    throw new ClusterCredentialError(name, 'access-unsupported', message)
  }

  async function readKubeconfig(cluster: string, ref: Required<ObjectRef>): Promise<string> {
    const where = `Secret ${ref.namespace}/${ref.name} on the hub`
    const secret = await follower.read(cluster, 'Secret', ref)
    if (secret === undefined)
      throw new ClusterCredentialError(cluster, 'secret-missing', `${where} is gone; bring in its credential again`)
    const data = isRecord(secret['data']) ? secret['data']['kubeconfig'] : undefined
    if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64').toString('utf8')
    const message = `${where} has no key "kubeconfig"; bring in its credential again`
    throw new ClusterCredentialError(cluster, 'secret-empty', message)
  }

  return { read, forget: follower.forget, close: follower.close }
}

const notHere = (cluster: string, context: string): ClusterCredentialError =>
  new ClusterCredentialError(
    cluster,
    'context-missing',
    `Cluster ${cluster} is reached by the context "${context}" of a kubeconfig that this Meshdeck was not started with`,
  )
