import {
  CONSUMER_LABEL,
  CONSUMER_NAME,
  isRecord,
  MESHDECK_NAMESPACE,
  PROFILE_LABEL,
  type Cluster,
} from '@meshdeck/kube'
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

/** Where a Secret has its kubeconfig: ours and the platform's, and those of ClusterProfiles in both spellings in use. */
const KUBECONFIG_KEYS = ['kubeconfig', 'Config', 'config'] as const

/** The Secret with the kubeconfig of a ClusterProfile, if there is one for us: beside it, or beside our own. */
export async function findProfileSecret(
  hub: ResourceClient,
  { namespace, name }: Required<ObjectRef>,
  signal?: AbortSignal,
): Promise<Required<ObjectRef> | undefined> {
  for (const place of new Set([namespace, MESHDECK_NAMESPACE])) {
    const { items } = await hub.listAll('Secret', {
      namespace: place,
      labelSelector: `${PROFILE_LABEL}=${name}`,
      ...(signal === undefined ? {} : { signal }),
    })
    const ours = items.find(({ metadata }) => (metadata.labels?.[CONSUMER_LABEL] ?? CONSUMER_NAME) === CONSUMER_NAME)
    if (ours !== undefined) return { namespace: place, name: ours.metadata.name }
  }
  return undefined
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
    const { secretRef, kubeconfigContext, kpandaCluster, clusterProfile } = cluster.spec.access
    const brought = { source: 'user', allowLoopback } as const
    if (kubeconfigContext !== undefined) {
      const file = options.kubeconfig
      if (!file) throw notHere(name, kubeconfigContext)
      return parseKubeconfig(file.text, { source: 'file', context: kubeconfigContext, directory: file.directory })
    }
    if (secretRef !== undefined) {
      const text = await readKubeconfig(name, { namespace: MESHDECK_NAMESPACE, name: secretRef.name })
      return parseKubeconfig(text, brought)
    }
    if (kpandaCluster !== undefined) return parseKubeconfig(await readPlatform(name, kpandaCluster), brought)
    if (clusterProfile !== undefined) return parseKubeconfig(await readProfile(name, clusterProfile), brought)
    throw new ClusterCredentialError(name, 'access-unsupported', `Cluster ${name} has an empty spec.access`)
  }

  async function readPlatform(cluster: string, name: string): Promise<string> {
    const object = await follower.read(cluster, 'KpandaCluster', { name })
    const ref = isRecord(object?.spec) ? object.spec['secretRef'] : undefined
    if (isRecord(ref) && typeof ref['namespace'] === 'string' && typeof ref['name'] === 'string')
      return readKubeconfig(cluster, { namespace: ref['namespace'], name: ref['name'] })
    const message =
      object === undefined
        ? `The container platform has no cluster ${name} on the hub (clusters.cluster.kpanda.io)`
        : `Cluster ${name} of the container platform names no Secret in its spec.secretRef`
    throw new ClusterCredentialError(cluster, 'source-missing', message)
  }

  async function readProfile(cluster: string, profile: string): Promise<string> {
    const [namespace = '', name = ''] = profile.split('/')
    if ((await follower.read(cluster, 'ClusterProfile', { namespace, name })) === undefined)
      throw new ClusterCredentialError(cluster, 'source-missing', `The hub has no ClusterProfile ${profile}`)
    const secret = await findProfileSecret(options.hub, { namespace, name }, options.signal)
    if (secret !== undefined) return readKubeconfig(cluster, secret)
    const message = `No Secret in ${namespace} or ${MESHDECK_NAMESPACE} has the label ${PROFILE_LABEL}=${name}; plug-ins of a ClusterProfile are not run, so its kubeconfig must lie in one`
    throw new ClusterCredentialError(cluster, 'secret-missing', message)
  }

  async function readKubeconfig(cluster: string, ref: Required<ObjectRef>): Promise<string> {
    const where = `Secret ${ref.namespace}/${ref.name} on the hub`
    const secret = await follower.read(cluster, 'Secret', ref)
    if (secret === undefined)
      throw new ClusterCredentialError(cluster, 'secret-missing', `${where} is gone; bring in its credential again`)
    const { data } = secret
    const text = KUBECONFIG_KEYS.map((key) => (isRecord(data) ? data[key] : undefined)).find(
      (value) => typeof value === 'string' && value !== '',
    )
    if (typeof text === 'string') return Buffer.from(text, 'base64').toString('utf8')
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
