import { isRecord, type Cluster, type KubeResource } from '@meshdeck/kube'
import { createClusterCredentials } from './cluster-credentials.ts'
import { createConnection, type ClusterConnection } from './connection.ts'
import { STORED, type Identity } from './identity.ts'
import { printKubeconfig, type ClusterConnectionSpec } from './kubeconfig.ts'
import { createReflector, type Reflector } from './reflector.ts'
import { createResourceClient } from './resource-client.ts'

export interface ClusterRegistryOptions {
  hub: ClusterConnection
  /** The kubeconfig that the process was started with: the source of `spec.access.kubeconfigContext`. */
  kubeconfig?: { text: string; directory: string }
  /** Whether joined clusters may lie on loopback; only where the console itself is on loopback. */
  allowLoopback?: boolean
}

/** `record`: the Cluster object; `credential`: what it is reached by, so that connections and watches of old are over. */
export type ClusterChange = 'record' | 'credential'

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
   * A kubeconfig with what a cluster is reached by, for programs beside us that act as `identity` (the stored credential
   * by default); as `connection` otherwise. It holds secrets: never log it.
   */
  kubeconfig(name: string, identity?: Identity): Promise<string | undefined>
  /** Reads the credential again at the next use, as after a 401. */
  forget(name: string): Promise<void>
  /** Tells which cluster came, changed or went, and of what; the answer ends it. */
  onChange(listener: (name: string, what: ClusterChange) => void): () => void
  close(): Promise<void>
}

interface Entry {
  /** What the connection was made from; another one means a new connection. */
  access: string
  spec: Promise<ClusterConnectionSpec>
  connection: Promise<ClusterConnection>
}

/** Starts to follow the hub's clusters. */
export function createClusterRegistry(options: ClusterRegistryOptions): ClusterRegistry {
  const hub = createResourceClient(options.hub, STORED)
  const entries = new Map<string, Entry>()
  const listeners = new Set<(name: string, what: ClusterChange) => void>()
  const closing = new AbortController()
  const tell = (name: string, what: ClusterChange): void => {
    for (const listener of listeners) listener(name, what)
  }
  const credentials = createClusterCredentials({
    hub,
    allowLoopback: options.allowLoopback ?? false,
    signal: closing.signal,
    ...(options.kubeconfig ? { kubeconfig: options.kubeconfig } : {}),
    onChange: (name) => {
      void forget(name)
      tell(name, 'credential')
    },
  })

  const clusters = createReflector({
    client: hub,
    kind: 'Cluster',
    onEvent: ({ type, object }) => {
      const { name } = object.metadata
      if (type === 'deleted') credentials.forget(name)
      if (type === 'deleted' || entries.get(name)?.access !== accessOf(object)) void forget(name)
      tell(name, 'record')
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

  function entryOf(name: string): Entry | undefined {
    const known = entries.get(name)
    const cluster = get(name)
    if (known || !cluster) return cluster && known
    const spec = credentials.read(cluster)
    const connection = spec.then((to) => createConnection(to, { name }))
    const entry: Entry = { access: accessOf(cluster), spec, connection }
    entries.set(name, entry)
    // A credential that could not be read is asked for again the next time.
    connection.catch(() => {
      if (entries.get(name) === entry) entries.delete(name)
    })
    return entry
  }

  return {
    clusters,
    names: () => [...clusters.objects.keys()].toSorted(),
    get,
    forget,
    connection: async (name) => entryOf(name)?.connection,
    kubeconfig: async (name, identity = STORED) => {
      const spec = await entryOf(name)?.spec
      return spec && printKubeconfig(spec, identity)
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      // A hub that accepts and never answers must not hold up the end.
      closing.abort()
      await Promise.all([clusters.stop(), credentials.close()])
      await Promise.all([...entries.keys()].map(forget))
    },
  }
}

const accessOf = (object: KubeResource): string =>
  JSON.stringify(isRecord(object.spec) ? (object.spec['access'] ?? null) : null)

function isCluster(object: KubeResource): object is Cluster {
  return object.kind === 'Cluster' && isRecord(object.spec) && isRecord(object.spec['access'])
}
