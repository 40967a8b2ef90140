import { isRecord, MESHDECK_NAMESPACE, type Cluster, type KubeResource } from '@meshdeck/kube'
import { createConnection, type ClusterConnection } from './connection.ts'
import { ClusterCredentialError, KubeconfigError, KubeStatusError } from './errors.ts'
import { STORED } from './identity.ts'
import { parseKubeconfig, printKubeconfig, type ClusterConnectionSpec } from './kubeconfig.ts'
import { createReflector, type Reflector } from './reflector.ts'
import { createResourceClient } from './resource-client.ts'

export interface ClusterRegistryOptions {
  hub: ClusterConnection
  /** The kubeconfig that the process was started with: the source of `spec.access.kubeconfigContext`. */
  kubeconfig?: { text: string; directory: string }
  /** Whether joined clusters may lie on loopback; only where the console itself is on loopback. */
  allowLoopback?: boolean
}

/** The clusters that the hub knows, and a connection to each, made when it is first asked for. */
export interface ClusterRegistry {
  /** Follows the hub's Cluster objects; its state says whether they are known. */
  readonly clusters: Reflector
  names(): string[]
  get(name: string): Cluster | undefined
  /**
   * The connection to a cluster; `undefined` when the hub does not know it. Throws `ClusterCredentialError` when its
   * credential cannot be had, and what the hub throws when it does not answer.
   */
  connection(name: string): Promise<ClusterConnection | undefined>
  /**
   * A kubeconfig with what a cluster is reached by, for programs beside us; as `connection` otherwise. It holds secrets:
   * never log it.
   */
  kubeconfig(name: string): Promise<string | undefined>
  /** Reads the credential again at the next use: after a 401, or when the Secret was changed. */
  forget(name: string): Promise<void>
  /** Tells which Cluster object came, changed or went; the answer ends it. */
  onChange(listener: (name: string) => void): () => void
  close(): Promise<void>
}

interface Entry {
  /** What the connection was made from; another one means a new connection. */
  access: string
  connection: Promise<ClusterConnection>
}

/** Starts to follow the hub's clusters. */
export function createClusterRegistry(options: ClusterRegistryOptions): ClusterRegistry {
  const hub = createResourceClient(options.hub, STORED)
  const entries = new Map<string, Entry>()
  const listeners = new Set<(name: string) => void>()
  const closing = new AbortController()

  const clusters = createReflector({
    client: hub,
    kind: 'Cluster',
    onEvent: ({ type, object }) => {
      const { name } = object.metadata
      if (type === 'deleted' || entries.get(name)?.access !== accessOf(object)) void forget(name)
      for (const listener of listeners) listener(name)
    },
  })

  const get = (name: string): Cluster | undefined => {
    const object = clusters.objects.get(name)
    return object && isCluster(object) ? object : undefined
  }

  async function forget(name: string): Promise<void> {
    const entry = entries.get(name)
    entries.delete(name)
    const connection = await entry?.connection.catch(() => undefined)
    await connection?.close()
  }

  async function connect(cluster: Cluster): Promise<ClusterConnection> {
    return createConnection(await readSpec(cluster), { name: cluster.metadata.name })
  }

  async function readSpec(cluster: Cluster): Promise<ClusterConnectionSpec> {
    const { name } = cluster.metadata
    const { secretRef, kubeconfigContext } = cluster.spec.access
    try {
      if (kubeconfigContext !== undefined) {
        const file = options.kubeconfig
        if (!file) throw notHere(name, kubeconfigContext)
        return parseKubeconfig(file.text, { source: 'file', context: kubeconfigContext, directory: file.directory })
      }
      if (secretRef !== undefined) {
        const text = await readSecret(name, secretRef.name)
        return parseKubeconfig(text, { source: 'user', allowLoopback: options.allowLoopback ?? false })
      }
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error
      const code = error.code === 'context-missing' ? 'context-missing' : error.code
      throw new ClusterCredentialError(
        name,
        code,
        `The credential of cluster ${name} cannot be used: ${error.message}`,
        {
          cause: error,
        },
      )
    }
    const message = `Cluster ${name} has no spec.access.secretRef and no spec.access.kubeconfigContext; other ways of access are not supported yet`
    throw new ClusterCredentialError(name, 'access-unsupported', message)
  }

  async function readSecret(cluster: string, name: string): Promise<string> {
    const where = `Secret ${MESHDECK_NAMESPACE}/${name} on the hub`
    const { signal } = closing
    const secret = await hub
      .get('Secret', { namespace: MESHDECK_NAMESPACE, name }, { signal })
      .catch((error: unknown) => {
        if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
        throw new ClusterCredentialError(cluster, 'secret-missing', `${where} is gone; join cluster ${cluster} again`)
      })
    const data = isRecord(secret['data']) ? secret['data']['kubeconfig'] : undefined
    if (typeof data !== 'string' || data === '') {
      throw new ClusterCredentialError(
        cluster,
        'secret-empty',
        `${where} has no key "kubeconfig"; join cluster ${cluster} again`,
      )
    }
    return Buffer.from(data, 'base64').toString('utf8')
  }

  return {
    clusters,
    names: () => [...clusters.objects.keys()].toSorted(),
    get,
    forget,
    connection: async (name) => {
      const cluster = get(name)
      if (!cluster) return undefined
      const known = entries.get(name)
      if (known) return known.connection
      const entry: Entry = { access: accessOf(cluster), connection: connect(cluster) }
      entries.set(name, entry)
      // A credential that could not be read is asked for again the next time.
      entry.connection.catch(() => {
        if (entries.get(name) === entry) entries.delete(name)
      })
      return entry.connection
    },
    kubeconfig: async (name) => {
      const cluster = get(name)
      return cluster && printKubeconfig(await readSpec(cluster))
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      // A hub that accepts and never answers must not hold up the end.
      closing.abort()
      await clusters.stop()
      await Promise.all([...entries.keys()].map(forget))
    },
  }
}

const notHere = (cluster: string, context: string): ClusterCredentialError =>
  new ClusterCredentialError(
    cluster,
    'context-missing',
    `Cluster ${cluster} is reached by the context "${context}" of a kubeconfig that this Meshdeck was not started with`,
  )

const accessOf = (object: KubeResource): string =>
  JSON.stringify(isRecord(object.spec) ? (object.spec['access'] ?? null) : null)

function isCluster(object: KubeResource): object is Cluster {
  return object.kind === 'Cluster' && isRecord(object.spec) && isRecord(object.spec['access'])
}
