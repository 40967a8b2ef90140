import { kindOf, type KindId } from '@meshdeck/kube'
import {
  createReflector,
  createResourceClient,
  KubeStatusError,
  STORED,
  type ClusterConnection,
  type Reflector,
  type ReflectorEvent,
  type ReflectorState,
} from '@meshdeck/kube-client'
import type { CachedKind, ClusterState } from './fleet.ts'
import type { Change, Notice } from './frame-queue.ts'

/** A list that takes longer than this is not waited for; the caller is told that it is under way. */
const FIRST_LIST_MS = 5_000
/** A watch that breaks and comes back sooner than this is no news. */
const GRACE_MS = 2_000

/** One cluster of the fleet: its connection and its watches. */
export interface FleetMember {
  readonly connection: Promise<ClusterConnection>
  readonly state: ClusterState
  /** Kinds that are watched. */
  readonly kinds: readonly KindId[]
  cached(kind: KindId): Promise<CachedKind>
  /** Starts watching, and waits for nothing. */
  watch(kinds: Iterable<KindId>): void
  figures(): { watches: number; objects: number; reconnects: number }
  close(): Promise<void>
}

export interface FleetMemberOptions {
  cluster: string
  connect: () => Promise<ClusterConnection>
  /** What is known of it already; by default nothing. */
  state?: ClusterState
  /** The kind whose watch tells whether the cluster answers. */
  pulse: KindId
  publish: (notice: Notice) => void
  onEvent?: (kind: KindId, event: ReflectorEvent) => void
  /** The cluster's credential cannot be had, or is refused. */
  onCredentialFault?: () => void
  /** Tells the state of a cluster in a frame; for the Problem in it. */
  describe: (cluster: string, state: ClusterState) => Notice
}

/** Connects at once. The connection is not closed here: it may be shared. */
export function createFleetMember(options: FleetMemberOptions): FleetMember {
  const { cluster, publish } = options
  const reflectors = new Map<KindId, Promise<Reflector>>()
  const running = new Map<KindId, Reflector>()
  let state: ClusterState = options.state ?? { state: 'unknown' }
  let graceTimer: NodeJS.Timeout | undefined
  let closed = false

  const connection = options.connect()
  connection.catch((error: unknown) => {
    become({ state: 'lost', since: new Date().toISOString(), error })
    options.onCredentialFault?.()
  })
  watch([options.pulse])

  function become(next: ClusterState): void {
    if (closed || (next.state === state.state && next.state !== 'lost')) return
    const news = next.state !== state.state && (next.state === 'lost' || state.state === 'lost')
    // Each kind waits for a time of its own, up to half a minute; none need wait for a cluster that answers again.
    if (news && next.state === 'reachable') for (const reflector of running.values()) reflector.retryNow()
    state =
      next.state === 'lost' && state.state === 'lost'
        ? { ...next, ...(state.since ? { since: state.since } : {}) }
        : next
    if (news) publish(options.describe(cluster, state))
  }

  function notePulse({ status, error, since }: ReflectorState): void {
    clearTimeout(graceTimer)
    if (status === 'syncing' && error === undefined) return
    const lost = { state: 'lost', since: since.toISOString(), error } as const
    if (error instanceof KubeStatusError && error.httpStatus === 401) {
      become(lost)
      return options.onCredentialFault?.()
    }
    // Whatever else was answered, an answer is a sign of life.
    if (status !== 'stale' && status !== 'syncing') return become({ state: 'reachable', since: since.toISOString() })
    if (state.state !== 'reachable') return become(lost)
    graceTimer = setTimeout(() => become(lost), GRACE_MS)
    graceTimer.unref()
  }

  function start(kind: KindId): Promise<Reflector> {
    const found = reflectors.get(kind)
    if (found !== undefined) return found
    const starting = connection.then((to) => {
      // `reflector` is set only after the first events may have come; until the first list is read none is news.
      let listed = false
      let told: CachedKind['state'] = 'starting'
      const reflector = createReflector({
        client: createResourceClient(to, STORED),
        kind,
        onEvent: (event) => {
          options.onEvent?.(kind, event)
          if (listed) publish(toChange(cluster, kind, event))
        },
        onState: (next) => {
          if (kind === options.pulse) notePulse(next)
          listed ||= next.status === 'synced'
          const now = cacheState(next)
          // Answers given meanwhile told of a failure, or of old objects; each kind comes back in its own time. That it
          // is lost needs no frame of its own: the cluster's says so.
          if (now !== told && now !== 'lost' && now !== 'starting') publish({ type: 'resync', cluster, kind })
          told = now
        },
      })
      running.set(kind, reflector)
      if (closed) void reflector.stop()
      return reflector
    })
    starting.catch(() => undefined)
    reflectors.set(kind, starting)
    return starting
  }

  function watch(kinds: Iterable<KindId>): void {
    for (const kind of kinds) void start(kind)
  }

  return {
    connection,
    watch,
    get state() {
      return state
    },
    get kinds() {
      return [...reflectors.keys()]
    },
    async cached(kind) {
      let reflector: Reflector
      try {
        reflector = await start(kind)
      } catch (error) {
        return { state: 'lost', objects: [], error }
      }
      await settledInTime(reflector)
      const { error } = reflector.state
      return {
        state: cacheState(reflector.state),
        objects: reflector.list(),
        ...(error === undefined ? {} : { error }),
      }
    },
    figures() {
      const all = [...running.values()]
      return {
        watches: all.length,
        objects: all.reduce((sum, { objects }) => sum + objects.size, 0),
        reconnects: all.reduce((sum, { reconnects }) => sum + reconnects, 0),
      }
    },
    async close() {
      closed = true
      clearTimeout(graceTimer)
      await Promise.all([...running.values()].map((reflector) => reflector.stop()))
    },
  }
}

async function settledInTime(reflector: Reflector): Promise<void> {
  if (reflector.state.status === 'synced') return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, FIRST_LIST_MS)
  await Promise.race([reflector.settled, promise])
  clearTimeout(timer)
}

function cacheState({ status, error }: ReflectorState): CachedKind['state'] {
  switch (status) {
    case 'synced':
      return 'synced'
    case 'absent':
      return 'missing'
    case 'forbidden':
      return 'refused'
    case 'stale':
      return 'lost'
    case 'syncing':
      return error === undefined ? 'starting' : 'lost'
  }
}

function toChange(cluster: string, kind: KindId, { type, object }: ReflectorEvent): Change {
  const { name, namespace } = object.metadata
  return {
    type: 'change',
    cluster,
    kind,
    op: type,
    name,
    ...(namespace !== undefined && kindOf(kind).namespaced ? { namespace } : {}),
  }
}
