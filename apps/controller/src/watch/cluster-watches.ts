import { MESH_LABEL, type KindId, type KubeResource } from '@meshdeck/kube'
import {
  createReflector,
  createResourceClient,
  STORED,
  type ClusterConnection,
  type Reflector,
  type ReflectorState,
} from '@meshdeck/kube-client'
import { PRUNED_KINDS } from '@meshdeck/mesh'

interface Watched {
  kind: KindId
  labelSelector?: string
}

/** What the status of a Cluster tells of is read from these. */
const INSIDE: readonly Watched[] = [
  { kind: 'Deployment', labelSelector: 'app=istiod' },
  { kind: 'MutatingWebhookConfiguration' },
  { kind: 'IstioRevision' },
]

/** What is made for meshes. Helm's releases are Secrets with the label; what they run has only the charts' own. */
const MADE: readonly Watched[] = [
  ...(['Namespace', ...PRUNED_KINDS] as const).map((kind) => ({ kind, labelSelector: MESH_LABEL })),
  { kind: 'Deployment', labelSelector: 'app.kubernetes.io/part-of=istio' },
  { kind: 'DaemonSet', labelSelector: 'app.kubernetes.io/part-of=istio' },
]

/** Kinds that come and go with an operator or with Istio. */
const OPTIONAL_GROUPS = /\.(?:istio\.io|sailoperator\.io)$/
/** A kind is served some moments after its definition is there. */
const SERVED_AFTER_MS = 5_000
/** Watches that are quiet are renewed after half an hour to an hour; bookmarks tell that they live. */
const WATCH_SECONDS = 1_800
/** Definitions are followed, so a kind that is missing need not be asked for; this is for who may not follow them. */
const SLOW_RETRY_MS = 600_000

export interface ClusterWatchesOptions {
  /** Something of a mesh has changed; without a name, of any mesh in that cluster. */
  onMesh: (cluster: string, mesh: string | undefined) => void
  /** Something that the status of the Cluster tells of may have changed. */
  onInside: (cluster: string) => void
  /** A watch was cut off: the cluster may be lost. */
  onCut: (cluster: string) => void
}

/** Tells what changes in the clusters, so that nobody needs to look again and again. */
export interface ClusterWatches {
  /** Follows a cluster over this connection, instead of over one before. */
  follow(cluster: string, connection: ClusterConnection): void
  /** Follows what is made for meshes there, too, from now on or from when the cluster is followed. */
  followMade(cluster: string): void
  /** A cluster is lost, or has left. */
  leave(cluster: string): Promise<void>
  /** Watches that are open, and how often one was started again after a failure. */
  counts(): { open: number; reconnects: number }
  stop(): Promise<void>
}

interface Followed {
  connection: ClusterConnection
  reflectors: Reflector[]
  followsMade: boolean
  served?: NodeJS.Timeout
}

export function createClusterWatches(options: ClusterWatchesOptions): ClusterWatches {
  const followed = new Map<string, Followed>()
  const made = new Set<string>()
  let reconnects = 0

  function start(cluster: string, entry: Followed, watched: readonly Watched[], onEvent: OnEvent): void {
    const client = createResourceClient(entry.connection, STORED)
    for (const each of watched) {
      let before: ReflectorState['status'] = 'syncing'
      const reflector = createReflector({
        ...each,
        client,
        metadataOnly: true,
        watchSeconds: WATCH_SECONDS,
        slowRetryMs: SLOW_RETRY_MS,
        onEvent: ({ object }) => onEvent(object),
        onState: ({ status }) => {
          tellState(cluster, before, status)
          before = status
        },
      })
      entry.reflectors.push(reflector)
    }
  }

  function tellState(cluster: string, before: ReflectorState['status'], status: ReflectorState['status']): void {
    if (before === status) return
    if (status === 'stale') options.onCut(cluster)
    // A kind, or the right to it, has come or gone.
    else if (isRefused(before) || (before !== 'syncing' && isRefused(status))) {
      options.onInside(cluster)
      options.onMesh(cluster, undefined)
    }
  }

  function startInside(cluster: string, entry: Followed): void {
    start(cluster, entry, INSIDE, () => options.onInside(cluster))
    start(cluster, entry, [{ kind: 'CustomResourceDefinition' }], ({ metadata }) => {
      if (!OPTIONAL_GROUPS.test(metadata.name)) return
      clearTimeout(entry.served)
      entry.served = setTimeout(() => {
        for (const { state, retryNow } of entry.reflectors) if (state.status === 'absent') retryNow()
      }, SERVED_AFTER_MS)
    })
  }

  function startMade(cluster: string, entry: Followed): void {
    entry.followsMade = true
    start(cluster, entry, MADE, ({ metadata }) => options.onMesh(cluster, metadata.labels?.[MESH_LABEL]))
  }

  async function leave(cluster: string): Promise<void> {
    const entry = followed.get(cluster)
    if (entry === undefined) return
    followed.delete(cluster)
    clearTimeout(entry.served)
    for (const reflector of entry.reflectors) reconnects += reflector.reconnects
    await Promise.all(entry.reflectors.map((reflector) => reflector.stop()))
  }

  return {
    follow: (cluster, connection) => {
      if (followed.get(cluster)?.connection === connection) return
      void leave(cluster)
      const entry: Followed = { connection, reflectors: [], followsMade: false }
      followed.set(cluster, entry)
      startInside(cluster, entry)
      if (made.has(cluster)) startMade(cluster, entry)
    },
    followMade: (cluster) => {
      made.add(cluster)
      const entry = followed.get(cluster)
      if (entry !== undefined && !entry.followsMade) startMade(cluster, entry)
    },
    leave,
    counts: () => {
      const all = [...followed.values()].flatMap(({ reflectors }) => reflectors)
      return {
        open: all.filter(({ state }) => state.status === 'synced').length,
        reconnects: all.reduce((sum, reflector) => sum + reflector.reconnects, reconnects),
      }
    },
    stop: async () => {
      await Promise.all([...followed.keys()].map(leave))
    },
  }
}

type OnEvent = (object: KubeResource) => void

const isRefused = (status: ReflectorState['status']): boolean => status === 'absent' || status === 'forbidden'
